"""What we would answer to something, and why each rule before that one would not: for the test box."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from callbacks import replying
from callbacks.models import ReplyKind, Trigger
from callbacks.replying import Answer, Deed, Rule
from wxcore.models import OfficialAccount


class Act(TextChoices):
    """What a follower does in the test box."""

    TEXT = "text", _("writes")
    OTHER = "other", _("sends a picture, a voice or the like")
    FOLLOW = "follow", _("follows")
    FOLLOW_BY = "follow_by", _("follows by a QR code")
    SCAN = "scan", _("follows already and scans a QR code")
    MENU = "menu", _("taps a menu button")


# What comes with a text, a scene or a menu key.
WITH_WORD = (Act.TEXT, Act.FOLLOW_BY, Act.SCAN, Act.MENU)


class Verdict(StrEnum):
    ANSWERS = "answers"
    INACTIVE = "inactive"
    BROKEN = "broken"
    ASLEEP = "asleep"
    OTHER_WORD = "other_word"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that could have answered, and what kept it."""

    rule: Rule
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Trial:
    """`answer` is None when nothing answers. `cards_left_out` are article cards that WeChat would not show here."""

    rule: Rule | None
    answer: Answer | None
    steps: tuple[Step, ...]
    cards_left_out: int = 0


def deeds(act: str, word: str) -> tuple[Deed, ...]:
    """This will be an act as rules see it, the more particular first (see `replying.deeds`)."""
    word = word.strip()
    match Act(act):
        case Act.TEXT:
            return Deed(Trigger.KEYWORD, word), Deed(Trigger.DEFAULT)
        case Act.FOLLOW_BY:
            return Deed(Trigger.SCENE, word), Deed(Trigger.SUBSCRIBE)
        case Act.SCAN:
            return (Deed(Trigger.SCENE, word),)
        case Act.MENU:
            return (Deed(Trigger.MENU, word),)
        case Act.FOLLOW:
            return (Deed(Trigger.SUBSCRIBE),)
    return (Deed(Trigger.DEFAULT),)


def run(account: OfficialAccount, act: str, word: str, clock: dt.time, *, now: dt.datetime) -> Trial:
    """This will be the answer at the time of day `clock` in the account's zone, with every rule that was asked."""
    rules = replying.read(account, inactive=True).rules
    found = deeds(act, word)
    chosen = replying.first(tuple(rule for rule in rules if rule.row.is_active), found, clock)
    steps, is_later = [], False
    for deed, rule in replying.in_order(rules, found):
        steps.append(Step(rule, _verdict(rule, deed, clock, chosen, is_later)))
        is_later = is_later or rule is chosen
    if chosen is None:
        return Trial(None, None, tuple(steps))
    is_event = act not in (Act.TEXT, Act.OTHER)
    answer = replying.answer(chosen.row, is_event=is_event, at=now)
    shown = replying.CARDS_ON_EVENT if is_event else replying.CARDS_ON_MESSAGE
    left_out = max(0, len(chosen.row.articles) - shown) if chosen.row.kind == ReplyKind.NEWS else 0
    return Trial(chosen, answer, tuple(steps), left_out)


def _verdict(rule: Rule, deed: Deed, clock: dt.time, chosen: Rule | None, is_later: bool) -> Verdict:
    if rule is chosen:
        return Verdict.ANSWERS
    if is_later:
        return Verdict.LATER
    if not rule.row.is_active:
        return Verdict.INACTIVE
    if rule.broken is not None:
        return Verdict.BROKEN
    return Verdict.OTHER_WORD if rule.is_awake(clock) else Verdict.ASLEEP
