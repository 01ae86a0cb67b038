"""A body as plain text, and what is different between two of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from html import unescape
from itertools import zip_longest
from typing import NamedTuple

from django.utils.translation import gettext as _

from campaigns import limits
from campaigns.bodies.markup import BLOCKS, Close, Open, Text, tokens

_SPACE = re.compile(r"[ \t\n\f\r]+")
_SPACES = re.compile(r"\s+")
_MARKS = {
    "li": "• ",
    "blockquote": "> ",
    "td": "| ",
    "th": "| ",
    **{f"h{level}": f"{'#' * level} " for level in range(1, 7)},
}
_EMBEDDED = {"img", "iframe", "mpvoice", "mp-miniprogram"}
_LINES = 1000  # of a body; comparing takes up to the square of it


class Difference(NamedTuple):
    """A block of text on both sides, "" where there is none. `op`: equal, replace, delete (only ours), insert."""

    op: str
    ours: str
    theirs: str


def text(html: str) -> str:
    """This will be the text alone, a line for each block."""
    return "\n".join(_lines(html, marked=False))


def default_digest(html: str) -> str:
    """This will be what WeChat makes of an article without a digest: the beginning of its text."""
    return _SPACES.sub(" ", text(html))[: limits.DEFAULT_DIGEST]


def is_empty(html: str) -> bool:
    """This will tell whether there is nothing to read, see or hear."""
    return not any(
        token.name in _EMBEDDED if isinstance(token, Open) else isinstance(token, Text) and _readable(token.html)
        for token in tokens(html)
    )


def differences(ours: str, theirs: str) -> list[Difference]:
    """This will be both bodies side by side as plain text, block by block, with marks for headings, lists, pictures."""
    left, right = _folded(ours), _folded(theirs)
    rows: list[Difference] = []
    for op, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for mine, other in zip_longest(left[a:b], right[c:d]):
            rows.append(Difference(_op(op, mine, other), mine or "", other or ""))
    return rows


def _op(op: str, ours: str | None, theirs: str | None) -> str:
    return "insert" if ours is None else "delete" if theirs is None else op


def _folded(html: str) -> list[str]:
    lines = list(_lines(html, marked=True))
    return lines if len(lines) <= _LINES else [*lines[: _LINES - 1], "\n".join(lines[_LINES - 1 :])]


def _lines(html: str, *, marked: bool) -> Iterator[str]:
    marks, words = "", []  # what stands before the first words of a block; what was read of it
    for token in tokens(html):
        if isinstance(token, Text):
            words.append(_SPACE.sub(" ", token.html))
        elif isinstance(token, Open | Close) and (token.name in BLOCKS or token.name == "br"):
            if line := _line(words):
                yield marks + line
            opens = marked and isinstance(token, Open)
            marks = ("" if line else marks) + _MARKS.get(token.name, "") if opens else ""
            words = []
        elif marked and isinstance(token, Open) and token.name in _EMBEDDED:
            words.append(f"[{_shown(token)}]")
    if line := _line(words):
        yield marks + line


def _line(words: list[str]) -> str:
    return unescape("".join(words)).replace("\xa0", " ").strip()


def _readable(html: str) -> bool:
    return bool(unescape(html).strip("\u200b\u200c\u200d\ufeff \t\n\r\f\xa0\u3000"))


def _shown(token: Open) -> str:
    words = {"img": _("picture"), "iframe": _("video"), "mpvoice": _("voice"), "mp-miniprogram": _("mini program")}
    alt = token.attributes.get("alt", "")
    return f"{words[token.name]}: {alt}" if alt else words[token.name]
