"""Whether what a follower wrote, scanned or tapped fits the words of a rule. Pure functions.

Regular expressions run on RE2: its time grows with the length of the text and never beyond, whatever the pattern. Text,
pattern and memory are bounded besides, so that one comparison takes milliseconds at worst.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import re2
from django.utils.translation import gettext_lazy as _

from callbacks.models import Match
from wxcore.errors import OperatorError

# Of a written text, in UTF-8; WeChat's own limit of a message.
MAX_BYTES = 2048
# RE2 refuses a pattern that needs more bytes than this when it is compiled.
MAX_MEMORY = 1 << 18
# Characters of a pattern, and instructions that it may become: at 2,048 bytes of text some 20 ms at worst.
MAX_PATTERN = 200
MAX_PROGRAM = 3000


class BadPattern(OperatorError):
    code = "bad_pattern"
    message = _("“%(pattern)s” is no regular expression that we can use: %(reason)s.")
    fix = _("Correct it. Look-around and back references are not available, because they could take for ever.")


# What RE2 says, by how it begins; any other reason is shown as it is.
_REASONS = {
    "missing ]": _("a ] is missing"),
    "missing )": _("a ) is missing"),
    "unexpected )": _("there is a ) too many"),
    "trailing \\": _("it ends with a \\"),
    "invalid escape sequence": _("there is no such sequence with a \\"),
    "invalid character class": _("the characters in [ ] make no sense"),
    "no argument for repetition": _("there is nothing to repeat before *, + or ?"),
    "bad repetition operator": _("two signs of repetition follow each other"),
    "invalid repetition size": _("it repeats too much"),
    "invalid perl operator": _("there is no such group with (?"),
    "pattern too large": _("it is too large"),
}


def _options(memory: int) -> Any:
    options = re2.Options()
    options.max_mem = memory
    options.case_sensitive = False
    options.log_errors = False
    return options


_OPTIONS = _options(MAX_MEMORY)
_OPTIONS_OF_MANY = _options(16 * MAX_MEMORY)


@dataclass(frozen=True, slots=True)
class Matcher:
    """The words of a rule, ready to be compared. Without any it fits nothing, or everything if it `takes_all`."""

    equal: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()
    patterns: tuple[Any, ...] = ()
    exact: frozenset[str] = frozenset()
    takes_all: bool = False

    def fits(self, text: str) -> bool:
        """This will tell whether one of the words fits `text`, of which the first MAX_BYTES count."""
        if self.takes_all or text in self.exact:
            return True
        if not (self.equal or self.parts or self.patterns):
            return False
        given, plain = _prepared(text)
        if plain in self.equal or any(part in plain for part in self.parts):
            return True
        return any(pattern.search(given) is not None for pattern in self.patterns)


@lru_cache(maxsize=8)
def _prepared(text: str) -> tuple[bytes, str]:
    """What counts of a text, once for all the rules that it is held against."""
    given = text.encode("utf-8", "replace")[:MAX_BYTES]
    return given, normal(given.decode("utf-8", "ignore"))


def normal(text: str) -> str:
    """This will be `text` without what people do not mean: letter case, full-width forms, space around and doubled."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def lines(words: str) -> list[str]:
    """This will be the words of a rule, one a line, each once and in their order."""
    return list(dict.fromkeys(line.strip() for line in words.splitlines() if line.strip()))


def of_text(match: str, words: str) -> Matcher:
    """This will compare what somebody writes with `words` in the manner of `match`. Raises BadPattern."""
    if match == Match.REGEX:
        return Matcher(patterns=tuple(_pattern(line) for line in lines(words)))
    plain = tuple(found for found in (normal(line) for line in lines(words)) if found)
    return Matcher(equal=frozenset(plain)) if match == Match.EQUALS else Matcher(parts=plain)


def of_keys(words: str, *, takes_all: bool = False) -> Matcher:
    """This will compare scenes or menu keys, letter by letter. Without words it `takes_all` of them, or none."""
    exact = frozenset(lines(words))
    return Matcher(exact=exact, takes_all=takes_all and not exact)


def union(matchers: Iterable[Matcher]) -> Matcher:
    """This will fit whatever one of `matchers` fits, in a single search for all of their patterns.

    Each search lets another thread run, and on a busy server waits for its turn afterwards.
    """
    together = list(matchers)
    return Matcher(
        equal=frozenset().union(*(matcher.equal for matcher in together)),
        parts=tuple(dict.fromkeys(part for matcher in together for part in matcher.parts)),
        patterns=_one_of(tuple(pattern for matcher in together for pattern in matcher.patterns)),
        exact=frozenset().union(*(matcher.exact for matcher in together)),
        takes_all=any(matcher.takes_all for matcher in together),
    )


def _one_of(patterns: tuple[Any, ...]) -> tuple[Any, ...]:
    """The patterns as one, or as they are where RE2 has no room for that."""
    if len(patterns) < 2:
        return patterns
    try:
        return (re2.compile("|".join(f"(?:{pattern.pattern})" for pattern in patterns), _OPTIONS_OF_MANY),)
    except re2.error:
        return patterns


def anything() -> Matcher:
    """This will fit whatever comes."""
    return Matcher(takes_all=True)


def is_active(time: dt.time, begin: dt.time | None, end: dt.time | None) -> bool:
    """This will tell whether `time` is between `begin` and `end`, which is no longer in it; over midnight if end is
    the earlier. An open end is midnight; without both, or with equal ones, it is always active."""
    if begin == end:
        return True
    begin = begin or dt.time.min
    if end is None or end == dt.time.min:
        return time >= begin
    return begin <= time < end if begin < end else time >= begin or time < end


def _pattern(line: str) -> Any:
    if len(line) > MAX_PATTERN:
        raise _bad(line, _("it has more than %(limit)d characters") % {"limit": MAX_PATTERN})
    try:
        pattern = re2.compile(line, _OPTIONS)
    except re2.error as error:
        raise _bad(line, _reason(error)) from None
    if pattern.programsize > MAX_PROGRAM:
        raise _bad(line, _("it repeats too much"))
    if pattern.search(b"") is not None:
        raise _bad(line, _("it fits every text; use the rule for anything else instead"))
    return pattern


def _reason(error: Exception) -> object:
    told = error.args[0] if error.args else b""
    text = told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)
    return next((ours for begin, ours in _REASONS.items() if text.startswith(begin)), text)


def _bad(line: str, reason: object) -> BadPattern:
    return BadPattern(pattern=line[:40], reason=reason, fields={"words": "bad pattern"})
