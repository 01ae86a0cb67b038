"""Rules, or single words of them, that can never answer because an earlier rule always answers first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from callbacks import matching
from callbacks.models import Match, ReplyRule, Trigger
from callbacks.replying import Rule

# Words that are held against rules, so that a page with the longest lists still opens at once; what lies beyond is not
# warned of.
MOST_COMPARISONS = 100_000


@dataclass(frozen=True, slots=True)
class Shadow:
    """`words` of a rule are answered by the rule `by`; `is_whole` when that leaves the rule nothing to answer."""

    words: tuple[str, ...]
    by: ReplyRule
    is_whole: bool


def find(rules: tuple[Rule, ...]) -> dict[int, list[Shadow]]:
    """This will be the shadows on each rule, by its primary key. `rules` are an account's in their order; only active
    ones cast and receive a shadow."""
    left = MOST_COMPARISONS
    found: dict[int, list[Shadow]] = {}
    active = [rule for rule in rules if rule.row.is_active and rule.broken is None]
    for place, rule in enumerate(active):
        earlier = [one for one in active[:place] if one.row.trigger == rule.row.trigger and _is_awake_with(one, rule)]
        words = matching.lines(rule.row.words) or [""]
        left -= len(words) * len(earlier)
        if left < 0:
            break
        covered = {word: by for word in words if (by := _first(earlier, rule, word)) is not None}
        if covered:
            found[rule.row.pk] = list(_by_rule(covered, len(covered) == len(words)))
    return found


def _by_rule(covered: dict[str, ReplyRule], is_whole: bool) -> Iterator[Shadow]:
    for by in dict.fromkeys(covered.values()):
        yield Shadow(tuple(word for word, other in covered.items() if other == by and word), by, is_whole)


def _first(earlier: list[Rule], rule: Rule, word: str) -> ReplyRule | None:
    return next((one.row for one in earlier if _covers(one, rule, word)), None)


def _covers(earlier: Rule, rule: Rule, word: str) -> bool:
    """Whether the earlier rule fits whatever fits `word` of the later one. Patterns are compared letter by letter."""
    if earlier.matcher.takes_all:
        return True
    if rule.matcher.takes_all:
        return False
    if rule.row.trigger != Trigger.KEYWORD or rule.row.match == Match.EQUALS:
        return earlier.matcher.fits(word)
    if rule.row.match == Match.CONTAINS:
        plain = matching.normal(word)
        return any(part in plain for part in earlier.matcher.parts)
    return earlier.row.match == Match.REGEX and word in matching.lines(earlier.row.words)


def _is_awake_with(earlier: Rule, rule: Rule) -> bool:
    """Whether the earlier rule is active at every time at which the later one is."""
    begin, end = earlier.row.from_time, earlier.row.until_time
    if begin == end or (begin, end) == (rule.row.from_time, rule.row.until_time):
        return True
    return all(matching.is_active(clock, begin, end) for clock in _clocks(rule.row))


def _clocks(row: ReplyRule) -> Iterator[dt.time]:
    """Every minute at which a rule is active."""
    for minute in range(24 * 60):
        clock = dt.time(*divmod(minute, 60))
        if matching.is_active(clock, row.from_time, row.until_time):
            yield clock
