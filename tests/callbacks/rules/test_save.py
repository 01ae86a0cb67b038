"""Saving, copying and ordering rules: what is refused, and what order comes of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import ProtectedError

from callbacks import rulechecks, rules
from callbacks.models import ReplyRule
from campaigns import mediause
from campaigns.models import MediaAsset
from tests.callbacks.rules.conftest import Make
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db
CARD = {"title": "一", "description": "", "picture": "", "url": "https://example.com/1"}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"words": ""}, "words"),
        ({"words": " \n"}, "words"),
        ({"trigger": "menu", "words": ""}, "words"),
        ({"words": "\n".join(f"词{n}" for n in range(51))}, "words"),
        ({"words": "长" * 101}, "words"),
        ({"trigger": "menu", "words": "键" * 43}, "words"),
        ({"trigger": "scene", "words": "s" * 65}, "words"),
        ({"match": "regex", "words": "("}, "words"),
        ({"from_time": dt.time(9)}, "until_time"),
        ({"until_time": dt.time(9)}, "from_time"),
        ({"from_time": dt.time(9), "until_time": dt.time(9)}, "until_time"),
        ({"text": " "}, "text"),
        ({"text": "字" * 683}, "text"),
        ({"kind": "image"}, "asset"),
        ({"kind": "music", "title": "歌"}, "music_url"),
        ({"kind": "music", "title": "歌", "music_url": "javascript:alert(1)"}, "music_url"),
        ({"kind": "news"}, "articles"),
        ({"kind": "news", "articles": [CARD] * 9}, "articles"),
        ({"kind": "news", "articles": [{"title": "一"}]}, "articles"),
        ({"kind": "news", "articles": [CARD | {"url": "ftp://x"}]}, "articles"),
        ({"kind": "news", "articles": [CARD | {"picture": "图"}]}, "articles"),
        ({"kind": "news", "articles": "x"}, "articles"),
        ({"kind": "news", "articles": [None]}, "articles"),
    ],
)
def test_what_could_never_answer_is_refused_with_its_field(make_rule: Make, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(OperatorError) as refused:
        make_rule(**fields)

    assert field in refused.value.fields
    assert refused.value.fix
    assert not ReplyRule.objects.exists()


def test_a_file_of_another_account_or_kind_is_refused(
    make_rule: Make, picture: MediaAsset, other_account: OfficialAccount
) -> None:
    for fields in ({"kind": "voice", "asset": picture}, {"kind": "image", "asset": picture, "account": other_account}):
        with pytest.raises(OperatorError):
            make_rule(**fields)


def test_what_belongs_to_another_kind_does_not_stay(make_rule: Make, picture: MediaAsset) -> None:
    rule = make_rule(kind="image", asset=picture)
    rule.kind, rule.text = "text", "文字"
    rules.save(rule)

    rule.refresh_from_db()
    assert rule.asset is None


def test_texts_and_words_are_brought_into_order(make_rule: Make) -> None:
    rule = make_rule(words=" 价格 \r\n\r\n价格\n地址", text="一\r\n二", name="")

    assert (rule.words, rule.text, rule.name) == ("价格\n地址", "一\n二", "价格")


def test_cards_keep_no_more_than_can_be_stored(make_rule: Make) -> None:
    rule = make_rule(kind="news", articles=[CARD | {"title": "一\0\ud800", "secret": "x"}])

    rule.refresh_from_db()
    assert rule.articles == [CARD]


def test_a_new_rule_comes_last_and_moves_within_its_account(
    account: OfficialAccount, other_account: OfficialAccount, make_rule: Make
) -> None:
    first, second, third = (make_rule(name=name) for name in "一二三")
    theirs = make_rule(account=other_account)
    assert [rule.position for rule in (first, second, third)] == [1, 2, 3]

    rules.move(ReplyRule.objects.all(), [third.pk, theirs.pk, first.pk])
    assert [rule.name for rule in ReplyRule.objects.filter(account=account)] == ["三", "二", "一"]

    rules.move(ReplyRule.objects.filter(account=other_account), [first.pk, third.pk])
    assert [rule.name for rule in ReplyRule.objects.filter(account=account)] == ["三", "二", "一"]


def test_a_copy_is_last_and_silent(make_rule: Make) -> None:
    rule = make_rule()
    copy = rules.duplicate(rule, by=None)

    assert (copy.is_active, copy.position, copy.words) == (False, 2, rule.words)
    assert copy.pk != rule.pk


def test_there_is_an_end_to_rules(make_rule: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    make_rule()
    monkeypatch.setattr(rules, "MOST_RULES", 1)

    with pytest.raises(rules.TooManyRules):
        make_rule()


def test_a_rule_stays_with_its_account(make_rule: Make, other_account: OfficialAccount) -> None:
    rule = make_rule()
    rule.account = other_account

    with pytest.raises(rules.RuleMoves):
        rules.save(rule)


def test_a_file_that_a_rule_answers_with_is_held(make_rule: Make, picture: MediaAsset) -> None:
    rule = make_rule(kind="image", asset=picture, name="海报")

    [use] = mediause.usage(picture)
    assert (use.name, use.holds, use.url) == ("海报", True, rule.get_absolute_url())
    assert mediause.counts([picture])[picture.pk] == 1
    with pytest.raises(mediause.FileInUse):
        mediause.delete(picture, at_wechat=False)
    with pytest.raises(ProtectedError):
        picture.delete()


@pytest.mark.parametrize("address", ["https://[", "http://", "example.com", "https://a b", "//x", ""])
def test_what_is_no_address(address: str) -> None:
    assert not rulechecks.is_address(address)
