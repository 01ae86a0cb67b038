"""Reply rules in words, and their answers as a phone shows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from callbacks import matching
from callbacks.models import Match, ReplyKind, ReplyRule, Trigger
from callbacks.rulewarnings import SHOWN_WORDS
from callbacks.trials import Step, Verdict
from campaigns import phone

TRIGGERS = {
    Trigger.SUBSCRIBE: gettext_lazy("Follows"),
    Trigger.SCENE: gettext_lazy("Scans"),
    Trigger.MENU: gettext_lazy("Taps"),
    Trigger.DEFAULT: gettext_lazy("Writes anything else"),
}
MATCHES = {
    Match.EQUALS: gettext_lazy("Writes exactly"),
    Match.CONTAINS: gettext_lazy("Writes something with"),
    Match.REGEX: gettext_lazy("Writes something like"),
}
VERDICTS = {
    Verdict.ANSWERS: gettext_lazy("answers"),
    Verdict.INACTIVE: gettext_lazy("is not active"),
    Verdict.BROKEN: gettext_lazy("is broken: its regular expression cannot be read"),
    Verdict.ASLEEP: gettext_lazy("is outside of its hours"),
    Verdict.OTHER_WORD: gettext_lazy("does not fit"),
    Verdict.LATER: gettext_lazy("is not asked: an earlier rule answers"),
}


def occasion(rule: ReplyRule) -> str:
    """This will be what somebody does to get the answer, without the words."""
    return str(MATCHES[Match(rule.match)] if rule.trigger == Trigger.KEYWORD else TRIGGERS[Trigger(rule.trigger)])


def words(rule: ReplyRule) -> tuple[list[str], int]:
    """This will be the first words of the rule, and how many there are besides."""
    found = matching.lines(rule.words)
    return found[:SHOWN_WORDS], max(0, len(found) - SHOWN_WORDS)


def hours(rule: ReplyRule) -> str:
    """This will be its active hours, "" when it is always active."""
    if rule.from_time is None or rule.until_time is None:
        return ""
    return f"{rule.from_time:%H:%M}–{rule.until_time:%H:%M}"


def excerpt(rule: ReplyRule) -> str:
    """This will be the answer, short enough for a column."""
    match ReplyKind(rule.kind):
        case ReplyKind.TEXT:
            return rule.text
        case ReplyKind.NEWS:
            return " · ".join(card.get("title", "") for card in rule.articles)
        case ReplyKind.TRANSFER:
            return rule.kf_account
    name = rule.asset.name if rule.asset else ""
    return rule.title or name


def step(asked: Step) -> dict[str, Any]:
    """This will be a line of the test box."""
    rule = asked.rule.row
    shown, more = words(rule)
    return {
        "rule": rule,
        "occasion": occasion(rule),
        "words": shown,
        "more": more,
        "hours": hours(rule),
        "answers": asked.verdict == Verdict.ANSWERS,
        "verdict": VERDICTS[asked.verdict],
    }


def bubble(rule: ReplyRule, cards: int | None = None) -> dict[str, Any]:
    """This will be what `callbacks/reply.html` shows of an answer, with at most so many cards."""
    shown: dict[str, Any] = {"kind": rule.kind, "title": rule.title, "description": rule.description}
    match rule.kind:
        case ReplyKind.TEXT:
            shown["bubble"] = phone.bubble(rule.text)
        case ReplyKind.NEWS:
            # Pictures stand elsewhere: the reader's browser asks no foreign server for them.
            found = rule.articles if cards is None else rule.articles[:cards]
            shown["msgtype"] = "mpnews"
            shown["articles"] = [phone.Card(card["title"], card["description"], "") for card in found]
        case ReplyKind.TRANSFER:
            shown["kf_account"] = rule.kf_account
        case _:
            shown["media"] = rule.asset
            shown["seconds"] = round(rule.asset.seconds or 0) if rule.asset else 0
    return shown
