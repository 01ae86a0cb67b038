"""Whether a word fits: for people's spelling, within bounded time, whatever the pattern."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callbacks import matching
from callbacks.models import Match

EQUALS, CONTAINS, REGEX = Match.EQUALS, Match.CONTAINS, Match.REGEX


@pytest.mark.parametrize(
    ("match", "words", "text", "fits"),
    [
        (EQUALS, "价格", "价格", True),
        (EQUALS, "价格", " 价格 ", True),
        (EQUALS, "价格", "价格是多少", False),
        (EQUALS, "VIP\n会员", "ｖｉｐ", True),
        (EQUALS, "Open Time", "open   time", True),
        (CONTAINS, "价格\n多少钱", "请问多少钱？", True),
        (CONTAINS, "价格", "地址", False),
        (CONTAINS, "wifi", "你们有 WiFi 吗", True),
        (REGEX, r"^订单\d{4,}$", "订单12345", True),
        (REGEX, r"^订单\d{4,}$", "订单12", False),
        (REGEX, "hello|你好", "HELLO world", True),
        (CONTAINS, "", "什么都行", False),
        (CONTAINS, " \n\n", "什么都行", False),
    ],
)
def test_a_text_fits(match: str, words: str, text: str, fits: bool) -> None:
    assert matching.of_text(match, words).fits(text) is fits


@pytest.mark.parametrize("pattern", ["(", "[z-a]", r"(a)\1", "(?=a)b", "(?<!x)y", "*", "a{1001}", "x" * 201])
def test_a_bad_pattern_is_refused_with_a_reason(pattern: str) -> None:
    with pytest.raises(matching.BadPattern) as refused:
        matching.of_text(REGEX, pattern)

    assert refused.value.fields == {"words": "bad pattern"}
    assert str(refused.value.message)


@pytest.mark.parametrize("pattern", [".*", "a*", "x?", "^", "(a|)"])
def test_a_pattern_that_fits_everything_is_refused(pattern: str) -> None:
    with pytest.raises(matching.BadPattern):
        matching.of_text(REGEX, pattern)


@pytest.mark.parametrize("pattern", [r"(?:(?:x{100}){10}){3}y", r"(\pL|\pN){100}", r"(?:\w{1,30} ?){1,30}z"])
def test_a_pattern_that_would_take_much_memory_is_refused(pattern: str) -> None:
    with pytest.raises(matching.BadPattern):
        matching.of_text(REGEX, pattern)


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)+b", r"(.*)*x", r"^(([a-z])+.)+[A-Z]([a-z])+$"])
def test_patterns_that_explode_elsewhere_do_not_here(pattern: str) -> None:
    """With backtracking, each of them would run for years on this text."""
    matcher = matching.of_text(REGEX, pattern)

    assert matcher.fits("a" * 2047 + "!") in (True, False)


def test_what_lies_behind_the_bound_does_not_count() -> None:
    assert not matching.of_text(CONTAINS, "尾").fits("长" * 1000 + "尾")
    assert matching.of_text(CONTAINS, "尾").fits("长" * 600 + "尾")


def test_scenes_and_keys_are_compared_letter_by_letter() -> None:
    assert matching.of_keys("Spring\nsummer").fits("Spring")
    assert not matching.of_keys("Spring").fits("spring")
    assert matching.of_keys("", takes_all=True).fits("anything")
    assert not matching.of_keys("").fits("anything")
    assert not matching.of_keys("x", takes_all=True).fits("y")


@given(st.text(max_size=80))
@example("\ud800")
@example("İ")
@example("ß")
@example("\u200b")
def test_a_word_equals_itself_and_is_contained_in_longer_texts(word: str) -> None:
    plain = matching.normal(word)
    whole = bool(plain) and len(matching.lines(word)) == 1

    assert matching.of_text(EQUALS, word).fits(word) or not whole or "\ud800" <= min(word) <= "\udfff"
    if whole and word.isalnum():
        assert matching.of_text(CONTAINS, word).fits(f"问 {word} 吗")


@given(st.text(max_size=60), st.text(max_size=3000))
def test_no_pattern_and_no_text_breaks_it(pattern: str, text: str) -> None:
    try:
        matcher = matching.of_text(REGEX, pattern)
    except matching.BadPattern:
        return
    assert matcher.fits(text) in (True, False)


@pytest.mark.parametrize(
    ("begin", "end", "clock", "active"),
    [
        ("09:00", "18:00", "09:00", True),
        ("09:00", "18:00", "17:59", True),
        ("09:00", "18:00", "18:00", False),
        ("22:00", "08:00", "23:30", True),
        ("22:00", "08:00", "07:59", True),
        ("22:00", "08:00", "08:00", False),
        ("22:00", "08:00", "12:00", False),
        ("18:00", "00:00", "23:59", True),
        ("18:00", "00:00", "00:00", False),
        ("00:00", "06:00", "00:00", True),
    ],
)
def test_active_hours_may_lie_over_midnight(begin: str, end: str, clock: str, active: bool) -> None:
    at, first, last = (dt.time.fromisoformat(text) for text in (clock, begin, end))

    assert matching.is_active(at, first, last) is active


@given(st.times(), st.times(), st.times())
def test_two_halves_of_a_day_never_overlap(clock: dt.time, begin: dt.time, end: dt.time) -> None:
    if begin != end:
        assert matching.is_active(clock, begin, end) is not matching.is_active(clock, end, begin)


def test_without_hours_it_is_always_active() -> None:
    assert matching.is_active(dt.time(3), None, None)


WORDS = st.sampled_from(["价格", "a", "b c", "多少钱\n价格", "x+y", "(?i)A", "^b", "(?P<n>a)", "", "Ａ"])
MATCHES = st.tuples(st.sampled_from([EQUALS, CONTAINS, REGEX]), WORDS)


@given(st.lists(MATCHES, max_size=4), st.text("ab cxyA价格", max_size=8))
@example([(REGEX, "(?P<n>a)"), (REGEX, "(?P<n>a)"), (CONTAINS, "b")], "xa")
@example([(REGEX, "a|b"), (REGEX, "c")], "b")
def test_a_union_fits_what_one_of_them_fits(wanted: list[tuple[str, str]], text: str) -> None:
    matchers = [matching.of_text(match, words) for match, words in wanted]

    assert matching.union(matchers).fits(text) is any(matcher.fits(text) for matcher in matchers)


def test_a_union_that_is_too_large_for_one_pattern_still_fits() -> None:
    matchers = [matching.of_text(REGEX, rf"{number}(?:ab?c?){{490}}z") for number in range(100, 300)]

    together = matching.union(matchers)

    assert len(together.patterns) == len(matchers)
    assert together.fits("299" + "a" * 490 + "z")
    assert not together.fits("300" + "a" * 490 + "z")


def test_keys_stay_keys_in_a_union() -> None:
    together = matching.union([matching.of_keys("Spring"), matching.of_keys("summer")])

    assert together.fits("summer")
    assert not together.fits("spring")
    assert matching.union([matching.of_keys("Spring"), matching.of_keys("", takes_all=True)]).fits("anything")
