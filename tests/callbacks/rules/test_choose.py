"""Which rule answers a push, with what, and at what cost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from callbacks import replying, rules
from callbacks.models import ReplyRule
from campaigns.models import MediaAsset, RemoteMedia, Target
from tests.callbacks.rules.conftest import Make, push, text
from wxcore.models import OfficialAccount
from wxcore.wechat import replies

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 1, 4, tzinfo=dt.UTC)  # in Shanghai
CARD = {"title": "一", "description": "述", "picture": "https://mmbiz.qpic.cn/1", "url": "https://example.com/1"}


def chosen(account: OfficialAccount, pushed: Any, at: dt.datetime = NOON) -> int | None:
    answer = replying.choose(account.pk, pushed, at)
    return None if answer is None else answer.rule_id


def test_the_first_keyword_in_order_answers(account: OfficialAccount, make_rule: Make) -> None:
    later, first = make_rule(words="价格", text="二"), make_rule(words="价格表", text="一")
    rules.move(ReplyRule.objects.all(), [first.pk, later.pk])
    replying.forget_rules()

    assert chosen(account, text("要价格表")) == first.pk
    assert chosen(account, text("问价格")) == later.pk
    assert chosen(account, text("地址")) is None


def test_a_keyword_goes_before_anything_else_whatever_the_order(account: OfficialAccount, make_rule: Make) -> None:
    other, keyword = make_rule(trigger="default"), make_rule(words="价格")

    assert chosen(account, text("价格")) == keyword.pk
    assert chosen(account, text("地址")) == other.pk
    assert chosen(account, push(MsgType="image", PicUrl="u", MediaId="m")) == other.pk


def test_a_new_follower_is_answered_by_their_scene_first(account: OfficialAccount, make_rule: Make) -> None:
    follow = make_rule(trigger="subscribe")
    spring = make_rule(trigger="scene", words="spring")

    assert chosen(account, push(Event="subscribe", EventKey="qrscene_spring")) == spring.pk
    assert chosen(account, push(Event="subscribe", EventKey="qrscene_autumn")) == follow.pk
    assert chosen(account, push(Event="subscribe")) == follow.pk
    assert chosen(account, push(Event="SCAN", EventKey="spring")) == spring.pk
    assert chosen(account, push(Event="SCAN", EventKey="autumn")) is None


def test_a_menu_key_answers_a_tap_and_a_scan_that_waits(account: OfficialAccount, make_rule: Make) -> None:
    rule = make_rule(trigger="menu", words="HOURS")

    assert chosen(account, push(Event="CLICK", EventKey="HOURS")) == rule.pk
    assert chosen(account, push(Event="CLICK", EventKey="hours")) is None
    scan = {"EventKey": "HOURS", "ScanCodeInfo": ""}
    assert chosen(account, push(Event="scancode_waitmsg", **scan)) == rule.pk
    assert chosen(account, push(Event="scancode_push", **scan)) is None


@pytest.mark.parametrize("event", ["unsubscribe", "VIEW", "LOCATION", "MASSSENDJOBFINISH"])
def test_other_events_are_answered_by_nothing(account: OfficialAccount, make_rule: Make, event: str) -> None:
    make_rule(trigger="default")
    make_rule(trigger="subscribe")
    fields = {"MsgID": "1", "Status": "send success"} if event == "MASSSENDJOBFINISH" else {"MsgID": ""}

    assert chosen(account, push(Event=event, EventKey="x", **fields)) is None


def test_hours_count_on_the_clock_of_the_account(account: OfficialAccount, make_rule: Make) -> None:
    night = make_rule(trigger="default", from_time=dt.time(22), until_time=dt.time(8))

    assert chosen(account, text("在吗")) is None
    assert chosen(account, text("在吗"), NOON + dt.timedelta(hours=11)) == night.pk


def test_inactive_rules_and_those_of_others_are_silent(
    account: OfficialAccount, other_account: OfficialAccount, make_rule: Make
) -> None:
    make_rule(is_active=False)
    make_rule(account=other_account)

    assert chosen(account, text("价格")) is None


def test_a_text_is_answered_as_it_was_written(account: OfficialAccount, make_rule: Make) -> None:
    rule = make_rule(text='你好 👋\n<a href="https://example.com">看</a>')
    answer = replying.choose(account.pk, text("价格"), NOON)

    assert answer is not None
    assert answer.reply == replies.TextReply(content=rule.text)
    assert answer.as_json() == {"rule": rule.pk, "kind": "text", "content": rule.text}


def test_cards_are_cut_to_what_is_shown(account: OfficialAccount, make_rule: Make) -> None:
    articles = [CARD, CARD | {"title": "二"}]
    make_rule(kind="news", articles=articles)
    make_rule(kind="news", trigger="menu", words="N", articles=articles)
    to_text = replying.choose(account.pk, text("价格"), NOON)
    to_tap = replying.choose(account.pk, push(Event="CLICK", EventKey="N"), NOON)

    assert to_text is not None
    assert to_tap is not None
    assert [card.title for card in to_text.reply.articles] == ["一"]
    assert [card.title for card in to_tap.reply.articles] == ["一", "二"]
    assert to_tap.as_json()["articles"][0]["pic_url"] == CARD["picture"]


def test_a_conversation_is_handed_over(account: OfficialAccount, make_rule: Make) -> None:
    make_rule(kind="transfer_customer_service", kf_account="kf1@shop")
    answer = replying.choose(account.pk, text("价格"), NOON)

    assert answer is not None
    assert answer.reply == replies.TransferReply(kf_account="kf1@shop")


@pytest.mark.parametrize(
    ("target", "hours", "answered"),
    [(Target.PERMANENT, None, True), (Target.TEMPORARY, 48, True), (Target.TEMPORARY, 1, False), (None, None, False)],
)
def test_a_file_is_answered_at_once_if_wechat_has_it_for_hours(
    account: OfficialAccount, make_rule: Make, picture: MediaAsset, target: str, hours: int, answered: bool
) -> None:
    rule = make_rule(kind="image", asset=picture)
    if target:
        until = NOON + dt.timedelta(hours=hours) if hours else None
        RemoteMedia.objects.create(asset=picture, target=target, media_id="MEDIA", expires_at=until)
    replying.forget_rules()
    answer = replying.choose(account.pk, text("价格"), NOON)

    assert answer is not None
    assert answer.reply == (replies.ImageReply(media_id="MEDIA") if answered else None)
    if not answered:
        later = {"kind": "image", "content": {}, "asset": picture.pk}
        assert answer.as_json() == {"rule": rule.pk, "kind": "image", "later": later}


def test_music_needs_its_cover_as_a_thumbnail(account: OfficialAccount, make_rule: Make, picture: MediaAsset) -> None:
    make_rule(kind="music", title="歌", music_url="https://example.com/a.mp3", asset=picture)
    RemoteMedia.objects.create(asset=picture, target=Target.PERMANENT, media_id="WHOLE")
    answer = replying.choose(account.pk, text("价格"), NOON)
    assert answer is not None
    assert answer.reply is None
    assert answer.later is not None
    assert answer.later["content"]["hqmusicurl"] == "https://example.com/a.mp3"

    RemoteMedia.objects.create(asset=picture, target=Target.TEMPORARY, variant="thumb", media_id="SMALL")
    replying.forget_rules()
    answer = replying.choose(account.pk, text("价格"), NOON)
    assert answer is not None
    assert answer.reply.thumb_media_id == "SMALL"


def test_a_pattern_that_no_longer_compiles_silences_only_its_rule(account: OfficialAccount, make_rule: Make) -> None:
    broken, good = make_rule(match="regex", words="价+"), make_rule()
    ReplyRule.objects.filter(pk=broken.pk).update(words="(")

    assert chosen(account, text("价格")) == good.pk


def test_rules_are_read_once_in_one_statement(
    account: OfficialAccount, make_rule: Make, django_assert_num_queries: Any
) -> None:
    for number in range(5):
        make_rule(words=f"词{number}")
    with django_assert_num_queries(1):
        replying.choose(account.pk, text("词1"), NOON)
    with django_assert_num_queries(0):
        assert chosen(account, text("词4")) is not None
        assert chosen(account, text("没有")) is None


def test_accounts_without_rules_are_remembered_too(account: OfficialAccount, django_assert_num_queries: Any) -> None:
    assert chosen(account, text("价格")) is None
    with django_assert_num_queries(0):
        assert chosen(account, text("价格")) is None


def test_what_nothing_can_answer_asks_nothing(account: OfficialAccount, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert chosen(account, push(Event="VIEW", EventKey="https://example.com")) is None


def test_a_change_counts_at_once_here(
    account: OfficialAccount, make_rule: Make, django_capture_on_commit_callbacks: Any
) -> None:
    rule = make_rule()
    assert chosen(account, text("价格")) == rule.pk
    with django_capture_on_commit_callbacks(execute=True):
        rules.switch(ReplyRule.objects.all(), on=False)

    assert chosen(account, text("价格")) is None
