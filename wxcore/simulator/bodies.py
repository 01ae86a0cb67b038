"""What WeChat keeps of an article's HTML: no scripts, no event handlers, no pictures from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser

SWALLOWED = frozenset({"script", "style", "noscript", "object", "applet", "template", "title"})
DROPPED = frozenset({"html", "head", "body", "meta", "link", "base", "form", "input", "button", "textarea", "select",
                     "option", "embed", "frame", "frameset"})  # fmt: skip
VIDEOS = ("https://v.qq.com/", "http://v.qq.com/", "https://mp.weixin.qq.com/", "http://mp.weixin.qq.com/")
SCHEME = re.compile(r"[\x00-\x20]*(javascript|vbscript|data)[\x00-\x20]*:", re.IGNORECASE)
LINKS = ("href", "src", "action", "formaction", "xlink:href", "background")


def keep(html: str, is_ours: Callable[[str], bool]) -> str:
    """This will be the body as WeChat stores it; what it does not touch stays as it was, byte for byte.

    `is_ours` says whether a picture's address is one of WeChat's own.
    """
    keeper = _Keeper(is_ours)
    keeper.feed(html)
    keeper.close()
    return "".join(keeper.kept)


class _Keeper(HTMLParser):
    def __init__(self, is_ours: Callable[[str], bool]) -> None:
        super().__init__(convert_charrefs=False)
        self.kept: list[str] = []
        self._is_ours = is_ours
        self._swallowing = ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._swallowing:
            self._depth += tag == self._swallowing
        elif tag in SWALLOWED or (tag == "iframe" and not _is_video(dict(attrs))):
            self._swallowing, self._depth = tag, 1
        elif not self._drops(tag, dict(attrs)):
            self.kept.append(self._rewritten(tag, attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        drops = tag in SWALLOWED or tag == "iframe" or self._drops(tag, dict(attrs))
        if not self._swallowing and not drops:
            self.kept.append(self._rewritten(tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        if self._swallowing:
            self._depth -= tag == self._swallowing
            if self._depth == 0:
                self._swallowing = ""
        elif tag not in SWALLOWED and tag not in DROPPED:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._keep(data)

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")

    def _keep(self, text: str) -> None:
        if not self._swallowing:
            self.kept.append(text)

    def _drops(self, tag: str, attributes: dict[str, str | None]) -> bool:
        if tag == "img":
            return not self._is_ours(attributes.get("src") or attributes.get("data-src") or "")
        return tag in DROPPED

    def _rewritten(self, tag: str, attrs: list[tuple[str, str | None]]) -> str:
        safe = [(name, value) for name, value in attrs if not _is_dangerous(name, value)]
        if len(safe) == len(attrs):
            return self.get_starttag_text() or ""
        parts = [name if value is None else f'{name}="{escape(value)}"' for name, value in safe]
        return f"<{' '.join([tag, *parts])}>"


def _is_video(attributes: dict[str, str | None]) -> bool:
    return (attributes.get("src") or attributes.get("data-src") or "").startswith(VIDEOS)


def _is_dangerous(name: str, value: str | None) -> bool:
    return name.startswith("on") or name == "srcdoc" or (name in LINKS and bool(SCHEME.match(value or "")))
