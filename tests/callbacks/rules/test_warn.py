"""Rules that an earlier one silences, and what the test box says of each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from callbacks import replying, shadows, trials
from callbacks.trials import Act, Verdict
from tests.callbacks.rules.conftest import Make
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db
CARD = {"title": "一", "description": "", "picture": "", "url": "https://example.com/1"}


@pytest.mark.parametrize(
    ("first", "second", "words", "is_whole"),
    [
        ({"words": "价格"}, {"words": "价格表"}, ("价格表",), True),
        ({"words": "价格表"}, {"words": "价格"}, None, False),
        ({"words": "价格"}, {"words": "价格表\n地址"}, ("价格表",), False),
        ({"words": "价格"}, {"words": "价格", "match": "equals"}, ("价格",), True),
        ({"words": "价格", "match": "equals"}, {"words": "价格"}, None, False),
        ({"words": "价.", "match": "regex"}, {"words": "价格", "match": "equals"}, ("价格",), True),
        ({"words": "价.", "match": "regex"}, {"words": "价.", "match": "regex"}, ("价.",), True),
        ({"trigger": "default"}, {"trigger": "default"}, (), True),
        ({"trigger": "subscribe"}, {"trigger": "default"}, None, False),
        ({"trigger": "scene", "words": ""}, {"trigger": "scene", "words": "spring"}, ("spring",), True),
        ({"trigger": "scene", "words": "spring"}, {"trigger": "scene", "words": ""}, None, False),
        ({"is_active": False}, {}, None, False),
    ],
)
def test_a_later_rule_is_silenced(
    account: OfficialAccount, make_rule: Make, first: dict, second: dict, words: Any, is_whole: bool
) -> None:
    earlier, later = make_rule(**first), make_rule(**second)

    found = shadows.find(replying.read(account, inactive=True).rules)
    assert earlier.pk not in found
    if words is None:
        assert found == {}
    else:
        assert found[later.pk] == [shadows.Shadow(words, earlier, is_whole)]


@pytest.mark.parametrize(("begin", "end", "is_shadowed"), [(20, 8, True), (23, 6, True), (23, 9, False)])
def test_hours_that_another_rule_covers(
    account: OfficialAccount, make_rule: Make, begin: int, end: int, is_shadowed: bool
) -> None:
    make_rule(trigger="default", from_time=dt.time(20), until_time=dt.time(8))
    make_rule(trigger="default", from_time=dt.time(begin), until_time=dt.time(end))

    assert bool(shadows.find(replying.read(account).rules)) is is_shadowed


def tried(account: OfficialAccount, act: str, word: str = "", hour: int = 12) -> trials.Trial:
    return trials.run(account, act, word, dt.time(hour), now=timezone.now())


def test_the_box_says_what_keeps_each_rule(account: OfficialAccount, make_rule: Make) -> None:
    off = make_rule(is_active=False)
    night = make_rule(from_time=dt.time(22), until_time=dt.time(6))
    other = make_rule(words="地址")
    answers = make_rule(words="价格")
    late = make_rule(trigger="default")

    trial = tried(account, Act.TEXT, "价格")
    assert trial.rule is not None
    assert trial.rule.row == answers
    assert [(step.rule.row, step.verdict) for step in trial.steps] == [
        (off, Verdict.INACTIVE),
        (night, Verdict.ASLEEP),
        (other, Verdict.OTHER_WORD),
        (answers, Verdict.ANSWERS),
        (late, Verdict.LATER),
    ]
    assert tried(account, Act.TEXT, "价格", hour=23).rule.row == night
    assert tried(account, Act.OTHER).rule.row == late


def test_a_code_greets_as_it_does_in_life(account: OfficialAccount, make_rule: Make) -> None:
    follow, spring = make_rule(trigger="subscribe"), make_rule(trigger="scene", words="spring")

    assert tried(account, Act.FOLLOW_BY, "spring").rule.row == spring
    assert tried(account, Act.FOLLOW_BY, "autumn").rule.row == follow
    assert tried(account, Act.FOLLOW).rule.row == follow
    assert tried(account, Act.SCAN, "autumn").rule is None


def test_cards_that_would_not_be_shown_are_counted(account: OfficialAccount, make_rule: Make) -> None:
    make_rule(kind="news", articles=[CARD, CARD, CARD])
    make_rule(kind="news", trigger="menu", words="K", articles=[CARD, CARD, CARD])

    assert tried(account, Act.TEXT, "价格").cards_left_out == 2
    assert tried(account, Act.MENU, "K").cards_left_out == 0
