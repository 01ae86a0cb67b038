"""CSS that may stand in an article: inline declarations, and the style blocks that are inlined into them.

What is kept is written in one form of ours, without comments, escapes and whatever two readers could understand
differently. WeChat drops `position`, and with it what only positions use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from campaigns.bodies.addresses import picture_address

_EXACT = {
    "align-content", "align-items", "align-self", "box-shadow", "box-sizing", "caption-side", "clear", "color",
    "direction",
    "display", "empty-cells", "filter", "float", "gap", "height", "hyphens", "isolation", "letter-spacing",
    "line-height",
    "max-height", "max-width", "min-height", "min-width", "mix-blend-mode", "object-fit", "object-position", "opacity",
    "order", "orphans", "overflow", "overflow-wrap", "overflow-x", "overflow-y", "perspective", "quotes", "row-gap",
    "tab-size", "table-layout", "transform", "transform-origin", "transform-style", "vertical-align", "white-space",
    "widows", "width", "word-break", "word-spacing", "word-wrap", "writing-mode", "zoom",
    "-webkit-box-reflect", "-webkit-line-clamp", "-webkit-box-orient", "-webkit-overflow-scrolling",
}  # fmt: skip
_FAMILIES = (
    "background", "border", "column", "flex", "font", "grid", "justify-", "list-style", "margin", "outline", "padding",
    "text-", "-webkit-text-", "-webkit-transform", "-webkit-box-flex", "-webkit-box-align", "-webkit-box-pack",
)  # fmt: skip
_DECLARATIONS = 200  # of one tag; nobody writes as many
_WITH_PICTURE = {"background", "background-image"}

_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^\s"'()]*))\s*\)""", re.IGNORECASE)
_PARENTHESES = r"""\((?:[^()"']|"[^"]*"|'[^']*'|\((?:[^()"']|"[^"]*"|'[^']*'|\([^()"']*\))*+\))*+\)"""
_DECLARATION = re.compile(rf"""\s*(-?[a-zA-Z][a-zA-Z-]*)\s*:((?:[^;"'()]|"[^"]*"|'[^']*'|{_PARENTHESES})*+)(?:;|\Z)""")
_PLAIN = re.compile(r"""[\w\s#%.,()'"!+*/-]*""")
_FORBIDDEN = re.compile(r"expression|/\*|\*/|-moz-binding", re.IGNORECASE)
_FUNCTION = re.compile(r"([\w-]+)\(")
_FUNCTIONS = {
    "blur", "brightness", "calc", "circle", "clamp", "contrast", "cubic-bezier", "drop-shadow", "ellipse",
    "fit-content",
    "grayscale", "hsl", "hsla", "hue-rotate", "invert", "linear-gradient", "matrix", "matrix3d", "max", "min", "minmax",
    "opacity", "perspective", "polygon", "radial-gradient", "repeat", "repeating-linear-gradient",
    "repeating-radial-gradient", "rgb", "rgba", "rotate", "rotate3d", "rotatex", "rotatey", "rotatez", "saturate",
    "scale",
    "scale3d", "scalex", "scaley", "scalez", "sepia", "skew", "skewx", "skewy", "translate", "translate3d",
    "translatex",
    "translatey", "translatez", "-webkit-linear-gradient", "-webkit-gradient", "from", "to", "color-stop", "inset",
}  # fmt: skip

_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)
_BRACE = re.compile(r"[{};]")
_SELECTOR = re.compile(r"[\w\s.#,*>+~-]{1,200}")

Picture = Callable[[str], str | None]


def inline(style: str, picture: Picture) -> str:
    """This will be the declarations that an article may have, each picture's address as `picture` answers it.

    A declaration goes when its property or value is none of ours, or when `picture` answers None.
    """
    if "url(" not in style and "URL(" not in style:
        return _inline_plain(style)
    return _inline(style, picture)


def rules(css: str) -> str:
    """This will be the rules of a style block that can be inlined: no at-rules, no pseudo classes."""
    kept = []
    for selector, declarations in _blocks(_COMMENT.sub("", css)):
        # Each combinator multiplies what a selector costs.
        if _SELECTOR.fullmatch(selector) and max(map(_steps, selector.split(","))) <= 4:
            declarations = _inline(declarations, lambda url: url)
            kept += [f"{selector}{{{declarations}}}"] if declarations else []
    return "\n".join(kept)


def pictures(style: str) -> list[str]:
    """This will be the addresses of the pictures in declarations that `inline` kept."""
    return [_address(found) for found in _URL.finditer(style)]


@lru_cache(maxsize=2048)
def _inline_plain(style: str) -> str:
    return _inline(style, lambda url: None)


def _inline(style: str, picture: Picture) -> str:
    kept, position = [], 0
    for _ in range(_DECLARATIONS):
        found = _DECLARATION.match(style, position)
        if found:
            name, value = found[1].lower(), " ".join(found[2].split())
            if (name in _EXACT or name.startswith(_FAMILIES)) and (value := _value(name, value, picture)):
                kept.append(f"{name}:{value}")
        # What cannot be read is skipped up to the next semicolon, as browsers do.
        position = found.end() if found else style.find(";", position) + 1
        if position in (0, len(style)):
            break
    return ";".join(kept)


def _value(name: str, value: str, picture: Picture) -> str:
    """This will be the value as we write it, or "" if it may not stand."""
    addresses = _URL.findall(value)
    plain = _URL.sub(" ", value)
    if not _PLAIN.fullmatch(plain) or _FORBIDDEN.search(plain) or plain.count('"') % 2 or plain.count("'") % 2:
        return ""
    if any(function.lower() not in _FUNCTIONS for function in _FUNCTION.findall(plain)):
        return ""
    if not addresses:
        # In an attribute a double quote takes six characters.
        return value if "'" in value else value.replace('"', "'")
    if name not in _WITH_PICTURE:
        return ""
    found = [picture_address("".join(parts)) for parts in addresses]
    answers = [picture(address) if address else None for address in found]
    if not all(answers):
        return ""
    written = iter(answers)
    return _URL.sub(lambda _: f"url({_quoted(next(written) or '')})", value)


def _quoted(address: str) -> str:
    """Without quotes, because an attribute would need six characters for each."""
    return re.sub(r"[\s\"'()\\;<>]", lambda found: f"%{ord(found[0]):02X}", address)


def _address(found: re.Match[str]) -> str:
    return found[1] or found[2] or found[3] or ""


def _steps(selector: str) -> int:
    return len(re.split(r"[\s>+~]+", selector.strip()))


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """This will yield each selector with what stands in its braces; blocks of at-rules are skipped whole."""
    position = 0
    while found := _BRACE.search(css, position):
        prelude = css[position : found.start()].strip()
        position = found.end()
        if found[0] != "{":
            continue
        position = _end_of_block(css, found.end())
        if not prelude.startswith("@"):
            yield prelude, css[found.end() : position].rstrip("}")


def _end_of_block(css: str, position: int) -> int:
    depth = 1
    for found in _BRACE.finditer(css, position):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    return len(css)
