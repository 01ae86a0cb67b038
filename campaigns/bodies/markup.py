"""Any HTML as a balanced stream of the tags that an article may have.

nh3 and css-inline parse HTML as browsers do, which has two hazards: formatting that is left open is repeated in every
later paragraph, so that one megabyte can become gigabytes, and css-inline crashes the process on very deep nesting.
What they are given is therefore written by us: every tag closed, in order, at most DEPTH deep, every `<` of a text
escaped. The tokens follow https://html.spec.whatwg.org/multipage/parsing.html#tokenization.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape, unescape
from typing import NamedTuple

from campaigns.bodies.errors import BodyTooDeep, BodyTooLarge, TooManyTags

DEPTH = 256
PARTS = 30_000  # tags that are opened
MARKUP_CHARS = 300_000  # without the data of embedded pictures
TOTAL_CHARS = 16_000_000

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_TABLE_PARTS = {"caption", "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"}
_CELLS = {"td", "th", "caption"}
_ROWS = {"table", "colgroup", "tbody", "tfoot", "thead", "tr"}
BLOCKS = (
    _HEADINGS
    | _TABLE_PARTS
    | {
        "blockquote",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "ul",
    }
)
VOID = {"br", "col", "hr", "img", "wbr"}
_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "em", "i", "iframe", "img", "ins", "kbd", "mark",
    "mp-miniprogram", "mpvoice", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strong", "sub", "sup", "u",
    "var", "wbr",
}  # fmt: skip
TAGS = frozenset(BLOCKS | _INLINE)

_RENAMED = {"font": "span", "strike": "s"} | dict.fromkeys(
    ("address", "article", "aside", "center", "footer", "header", "main", "nav"), "section"
)
# Read as text up to their end tag, whatever stands inside.
_RAW = {"iframe", "noembed", "noframes", "plaintext", "script", "style", "textarea", "title", "xmp"}
_DROPPED = {
    "applet", "audio", "canvas", "datalist", "embed", "map", "math", "noscript", "object", "select", "svg",
    "template", "video", "xml",
}  # fmt: skip

# What an opening tag ends without saying so: (what is closed, what is not looked behind).
_SCOPE = _CELLS | {"table"}
_ENDS: dict[str, tuple[set[str], set[str]]] = {
    **dict.fromkeys(_HEADINGS, (_HEADINGS, BLOCKS - _HEADINGS)),
    "a": ({"a"}, _SCOPE),
    "li": ({"li"}, _SCOPE | {"ol", "ul"}),
    "dd": ({"dd", "dt"}, _SCOPE | {"dl"}),
    "dt": ({"dd", "dt"}, _SCOPE | {"dl"}),
    "td": ({"td", "th", "caption", "colgroup"}, {"table", "tr"}),
    "th": ({"td", "th", "caption", "colgroup"}, {"table", "tr"}),
    "tr": ({"tr", "caption", "colgroup"}, {"table"}),
    "col": ({"tbody", "thead", "tfoot", "caption", "tr"}, {"table", "colgroup"}),
    **dict.fromkeys(
        ("tbody", "thead", "tfoot", "caption", "colgroup"),
        ({"tbody", "thead", "tfoot", "caption", "colgroup", "tr"}, {"table"}),
    ),
}

_ATTRIBUTES = re.compile(r"""([^\s/>][^\s/>=]*+)(?:\s*+=\s*+("[^"]*+"?|'[^']*+'?|[^\s>]*+))?+""", re.ASCII)
# Every repetition is possessive: a tag is read once, however it is broken.
_TOKEN = re.compile(
    r"""<!--(?:-?>|.*?(?:--!?>|\Z))
    |<(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)
      (?P<rest>(?:[\s/]++
        |[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>"'][^\s>]*+|(?=>)|\Z))?+
      )*+)(?:>|\Z)
    |<[!?/][^>]*+(?:>|\Z)""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[a-zA-Z][a-zA-Z0-9]{1,31};)")
_DATA = re.compile(r"data:[\w/+.;=-]*,[\w+/=%-]*", re.ASCII)
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Attributes = dict[str, str]


class Open(NamedTuple):
    name: str
    attributes: Attributes


class Close(NamedTuple):
    name: str


class Text(NamedTuple):
    """`html` has no `<`; its character references are as they were written."""

    html: str


class Style(NamedTuple):
    """The content of a style block."""

    css: str


Token = Open | Close | Text | Style


def check_size(html: str) -> None:
    """This will raise BodyTooLarge for more markup than an article can need. Embedded pictures count apart."""
    if len(html) > MARKUP_CHARS:
        length = len(html) if len(html) > TOTAL_CHARS else len(_DATA.sub("", html))
        if length > MARKUP_CHARS:
            raise BodyTooLarge(length=length, limit=MARKUP_CHARS, fields={"body": "too large"})


def tokens(html: str) -> Iterator[Token]:
    """This will yield the tags of TAGS, opened and closed in order, with the texts and styles between them.

    Raises BodyTooLarge, BodyTooDeep.
    """
    check_size(html)
    tree = _Tree()
    for token in _scan(_NO_TEXT.sub("", html)):
        if isinstance(token, Open):
            yield from tree.open(token)
        elif isinstance(token, Close):
            yield from tree.close(token.name)
        else:
            if isinstance(token, Text) and not token.html.isspace():
                yield from tree.cell()
            yield token
    yield from tree.finish()


def write(stream: Iterable[Token]) -> str:
    """This will be the HTML of a stream that `tokens` made."""
    parts: list[str] = []
    after_pre = False
    for token in stream:
        if isinstance(token, Text):
            # A browser drops a line break right after <pre>: each reading would take one more.
            parts.append(token.html.lstrip("\n") if after_pre else token.html)
            after_pre = after_pre and not parts[-1]
        elif isinstance(token, Open):
            parts.append(f"<{token.name}{_written(token.attributes)}>")
            after_pre = token.name == "pre"
        elif isinstance(token, Close):
            parts.append(f"</{token.name}>")
            after_pre = False
    return "".join(parts)


def _written(attributes: Attributes) -> str:
    return "".join([f' {name}="{escape(value)}"' for name, value in attributes.items()]) if attributes else ""


def rewrite(html: str, change: Callable[[str, Attributes], Attributes | None]) -> str:
    """This will be the HTML with `change(name, attributes)` as each tag's attributes; None takes the tag away.

    What a tag that was taken away contains stays.
    """
    return write(changed(tokens(html), change))


def changed(stream: Iterable[Token], change: Callable[[str, Attributes], Attributes | None]) -> Iterator[Token]:
    """This will yield the stream with other attributes, see `rewrite`."""
    kept: list[bool] = []
    for token in stream:
        if isinstance(token, Open):
            attributes = change(token.name, token.attributes)
            if token.name not in VOID:
                kept.append(attributes is not None)
            if attributes is not None:
                yield Open(token.name, attributes)
        elif not isinstance(token, Close) or kept.pop():
            yield token


def _scan(html: str) -> Iterator[Token]:
    """This will yield the tokens as they stand in the HTML, balanced or not."""
    html = html.replace("\r\n", "\n").replace("\r", "\n")
    position = 0
    while found := _TOKEN.search(html, position):
        if found.start() > position:
            yield Text(_safe(html[position : found.start()]))
        position = found.end()
        written = (found["name"] or "").lower()
        name = _RENAMED.get(written, written)
        if not name:
            continue
        if found["end"]:
            yield Close(name)
            continue
        if written in _RAW or written in _DROPPED:
            content, position = _content(html, written, found)
            if written == "style":
                yield Style(content)
        if name in TAGS:
            yield Open(name, _attributes(found["rest"], written))
            if written in _RAW:
                yield Close(name)
    if position < len(html):
        yield Text(_safe(html[position:]))


def _content(html: str, name: str, found: re.Match[str]) -> tuple[str, int]:
    """This will be what stands inside an element that is not an article's, and where its end tag ends."""
    if name == "embed" or (name in _DROPPED and found["rest"].endswith("/")):
        return "", found.end()
    depth, position = 1, found.end()
    for tag in re.compile(rf"<(/?){name}(?=[\s/>])[^>]*(?:>|\Z)", re.IGNORECASE).finditer(html, position):
        if tag[1]:
            depth -= 1
        elif name in _DROPPED and not tag[0].endswith("/>"):
            depth += 1
        if not depth:
            return html[position : tag.start()], tag.end()
    return html[position:], len(html)


def _safe(text: str) -> str:
    return text.replace("<", "&lt;")


def _attributes(rest: str, written: str) -> Attributes:
    attributes: Attributes = {}
    for name, quoted in _ATTRIBUTES.findall(rest):
        value = quoted.strip(quoted[0]) if quoted[:1] in ('"', "'") else quoted
        # Not html.unescape: in an address, `&copy=1` is no character reference.
        attributes.setdefault(name.lower(), _REFERENCE.sub(lambda m: unescape(m[0]), value) if "&" in value else value)
    if written == "center":
        attributes["style"] = f"text-align:center;{attributes.get('style', '')}"
    elif written == "font" and "color" in attributes:
        attributes["style"] = f"color:{attributes['color']};{attributes.get('style', '')}"
    return attributes


class _Tree:
    """The tags that are open."""

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.parts = 0

    def open(self, token: Open) -> Iterator[Token]:
        name = token.name
        if name in _TABLE_PARTS and "table" not in self.stack:
            return
        if name in BLOCKS and name not in _TABLE_PARTS:
            yield from self._end({"p"}, _SCOPE)
        if name in _ENDS:
            yield from self._end(*_ENDS[name])
        if name not in _TABLE_PARTS:
            yield from self.cell()
        elif name in ("td", "th"):
            yield from self._row()
        self.parts += 1
        if self.parts > PARTS:
            raise TooManyTags(limit=PARTS, fields={"body": "too large"})
        yield token
        if name not in VOID:
            if len(self.stack) >= DEPTH:
                raise BodyTooDeep(limit=DEPTH, fields={"body": "too deep"})
            self.stack.append(name)

    def cell(self) -> Iterator[Token]:
        """This will open a cell where only cells may stand: a browser would move what comes to before the table."""
        if self.stack and self.stack[-1] in _ROWS:
            yield from self._row()
            self.stack.append("td")
            yield Open("td", {})

    def _row(self) -> Iterator[Token]:
        if self.stack[-1] == "colgroup":
            yield Close(self.stack.pop())
        if self.stack[-1] != "tr":
            self.stack.append("tr")
            yield Open("tr", {})

    def close(self, name: str) -> Iterator[Token]:
        if name not in self.stack:
            return iter(())
        behind = {"table"} if name in _TABLE_PARTS else set() if name == "table" else _CELLS
        return self._end({name}, behind)

    def finish(self) -> Iterator[Token]:
        while self.stack:
            yield Close(self.stack.pop())

    def _end(self, names: set[str], behind: set[str]) -> Iterator[Token]:
        """This will close the innermost of these with all that is open inside, but nothing behind a barrier."""
        for place in range(len(self.stack) - 1, -1, -1):
            if self.stack[place] in names:
                while len(self.stack) > place:
                    yield Close(self.stack.pop())
                return
            if self.stack[place] in behind:
                return
