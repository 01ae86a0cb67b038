"""What is stored when an article is saved or pasted, and what can be made of it in the same pass."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import css_inline
import nh3

from campaigns.bodies import markup, styles
from campaigns.bodies.addresses import picture_address, video_address, web_address
from campaigns.bodies.errors import BodyTooLarge
from campaigns.bodies.markup import Attributes, Open, Style, Token

_EVERYWHERE = {"style", "class", "dir", "title"}
_ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "data-miniprogram-appid", "data-miniprogram-path", "data-miniprogram-type", "data-linktype"},
    "img": {"src", "alt", "width", "height", "data-ratio", "data-w", "data-type"},
    "iframe": {
        "src", "data-src", "width", "height", "frameborder", "allowfullscreen", "scrolling", "data-vidtype",
        "data-mpvid",
        "data-cover", "data-ratio", "data-w", "vid",
    },
    "mp-miniprogram": {
        "data-miniprogram-appid", "data-miniprogram-path", "data-miniprogram-title", "data-miniprogram-imageurl",
        "data-progarm-imageurl", "data-miniprogram-nickname", "data-miniprogram-avatar", "data-miniprogram-type",
    },
    "mpvoice": {"name", "voice_encode_fileid", "frameborder", "src", "play_length", "isaac2", "low_size", "high_size"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan", "width", "height", "align", "valign"},
    "th": {"colspan", "rowspan", "width", "height", "align", "valign"},
    "col": {"span", "width"},
    "colgroup": {"span", "width"},
    "table": {"width", "border", "cellpadding", "cellspacing", "align"},
    "p": {"align"},
}  # fmt: skip
# Classes that WeChat's own style sheet knows; all others only take up characters.
_CLASSES = ("code-snippet", "list-paddingleft", "rich_pages", "wxw-img", "video_iframe", "res_iframe", "js_uneditable")

# The last word: what is not allowed here is not stored, whatever the code before it believes.
_CLEANER = nh3.Cleaner(
    tags=set(markup.TAGS),
    clean_content_tags={"script", "style"},
    attributes={"*": _EVERYWHERE, **_ATTRIBUTES},
    url_schemes={"http", "https", "data"},
    link_rel=None,
)
_INLINER = css_inline.CSSInliner(load_remote_stylesheets=False)
_INLINED_CHARS = 30_000_000

Address = Callable[[str], str | None]


def _as_it_is(url: str) -> str | None:
    return url


@dataclass(frozen=True, slots=True)
class Rules:
    """What becomes of the addresses of pictures and links: another address, or None to take them away."""

    picture: Address = _as_it_is
    link: Address = _as_it_is

    def apply(self, name: str, given: Attributes) -> Attributes | None:
        """This will be a tag's attributes as an article may have them; None takes the tag away."""
        allowed = _ATTRIBUTES.get(name, set()) | _EVERYWHERE
        kept = {key: value for key, value in given.items() if key in allowed}
        if "style" in kept:
            _set(kept, "style", styles.inline(kept["style"], self.picture))
        if "class" in kept:
            _set(kept, "class", " ".join(word for word in kept["class"].split() if word.startswith(_CLASSES)))
        if name == "img":
            return self._img(kept, given)
        if name == "iframe":
            return _iframe(kept)
        if name == "a" and "href" in kept:
            found = web_address(kept["href"])
            _set(kept, "href", (found and self.link(found)) or "")
        elif name == "mpvoice" and "src" in kept:
            _set(kept, "src", web_address(kept["src"]) or "")
        return kept

    def _img(self, kept: Attributes, given: Attributes) -> Attributes | None:
        # A page of WeChat's loads a picture when it is scrolled to; until then `src` holds a placeholder.
        found = picture_address(given.get("data-src", "")) or picture_address(given.get("src", ""))
        address = self.picture(found) if found else None
        return kept | {"src": address} if address else None


def clean(html: str, rules: Rules | None = None) -> str:
    """This will be the HTML as an article may have it: styles inlined, safe, without what only takes up characters.

    Raises BodyTooLarge, BodyTooDeep. It takes a second at the worst, and cleaning what is clean changes nothing.
    """
    stream = list(markup.tokens(html))
    css = styles.rules("\n".join(token.css for token in stream if isinstance(token, Style)))
    if css:
        stream = list(markup.tokens(_inlined(stream, css)))
    return _CLEANER.clean(markup.write(markup.changed(stream, (rules or Rules()).apply)))


def _inlined(stream: Iterable[Token], css: str) -> str:
    tags = sum(isinstance(token, Open) for token in stream)
    if tags * len(css) > _INLINED_CHARS:
        raise BodyTooLarge(length=len(css), limit=_INLINED_CHARS // tags, fields={"body": "too large"})
    return _INLINER.inline_fragment(markup.write(stream), css)


def _iframe(kept: Attributes) -> Attributes | None:
    players = {name: video_address(kept[name]) or "" for name in ("src", "data-src") if name in kept}
    return kept | players if players and all(players.values()) else None


def _set(attributes: Attributes, name: str, value: str) -> None:
    if value:
        attributes[name] = value
    else:
        attributes.pop(name, None)
