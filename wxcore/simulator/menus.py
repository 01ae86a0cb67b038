"""The menus of one account: the buttons under the chat, for everybody and for those whom a rule names.

A button is a dict in the shape of menu/create: {"type", "name", "key" | "url" | "media_id" | ...}, or
{"name", "sub_button": [leaves]}. A menu that somebody made in the console has the types text, img, photo, voice, video
and news besides, with a `value` each; who taps those gets the material and the account is told nothing.

https://developers.weixin.qq.com/doc/service/api/custommenu/
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from wxcore.simulator.errors import WeChatError

Button = dict[str, Any]
KEYED = (
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
)
MATERIAL = ("media_id", "view_limited")
ARTICLE = ("article_id", "article_view_limited")
TYPES = (*KEYED, "view", "miniprogram", *MATERIAL, *ARTICLE)
TOP, SUB = 3, 5
KEY_BYTES, URL_BYTES = 128, 1024
DOMAINS = 3
PLATFORMS = ("1", "2", "3")


@dataclass(frozen=True)
class Place:
    """Where a button stands, by WeChat's return codes: those of a top button, or those of a sub button."""

    name_bytes: int
    type: int
    name: int
    key: int
    url: int
    domain: int


TOP_PLACE = Place(16, type=40017, name=40018, key=40019, url=40020, domain=40055)
SUB_PLACE = Place(60, type=40024, name=40025, key=40026, url=40027, domain=40054)


@dataclass
class Conditional:
    """A menu for those whom `matchrule` names: {"tag_id", "client_platform_type"}, texts both."""

    menu_id: str
    buttons: list[Button]
    matchrule: dict[str, str]

    def fits(self, tags: list[int], platform: str) -> bool:
        """Whether it is the menu of somebody with these tags, on iOS "1", Android "2" or something else "3"."""
        tag, client = self.matchrule.get("tag_id"), self.matchrule.get("client_platform_type")
        return (tag is None or int(tag) in tags) and (client is None or client == platform)


@dataclass
class Menus:
    """What is live. `default` is None when there is no menu; `from_console` says that a person made it in the console.

    Whoever reads or changes it holds the account's lock.
    """

    default: list[Button] | None = None
    default_id: str = ""
    is_open: bool = True
    from_console: bool = False
    conditional: list[Conditional] = field(default_factory=list)

    def create(self, buttons: list[Button]) -> None:
        """This will be everybody's menu from now on. Raises WeChatError as `check` does."""
        check(buttons)
        self.default, self.default_id = _kept(buttons), _new_id()
        self.from_console, self.is_open = False, True

    def make_in_console(self, buttons: list[Button], *, is_open: bool = True) -> None:
        """This will be everybody's menu, made by a person, who may use types that the API does not have."""
        self.default, self.default_id = buttons, _new_id()
        self.from_console, self.is_open = True, is_open

    def delete(self) -> None:
        """This will leave no menu at all, also no conditional one."""
        self.default, self.default_id, self.conditional = None, "", []
        self.from_console = False

    def add(self, buttons: list[Button], matchrule: dict[str, str]) -> Conditional:
        """This will add a menu for some. Raises 65303 without a default menu, 65307, 65316, and as `check` does."""
        if self.default is None:
            raise WeChatError(65303)
        if not buttons:
            raise WeChatError(65307)
        check(buttons)
        domains = {_domain(leaf["url"]) for leaf in self._conditional_leaves(buttons) if leaf["type"] == "view"}
        if len(domains) > DOMAINS:
            raise WeChatError(65316)
        self.conditional.append(Conditional(_new_id(), _kept(buttons), matchrule))
        return self.conditional[-1]

    def remove(self, menu_id: str) -> None:
        """This will delete a menu for some. Raises 65301."""
        for one in self.conditional:
            if one.menu_id == menu_id:
                self.conditional.remove(one)
                return
        raise WeChatError(65301)

    def of(self, tags: list[int], platform: str = "2") -> tuple[list[Button], str]:
        """This will be the buttons that somebody with these tags sees, and the menu's id; the latest rule wins.

        [] and "" when they see none.
        """
        if self.default is None or not self.is_open:
            return [], ""
        for one in reversed(self.conditional):
            if one.fits(tags, platform):
                return one.buttons, one.menu_id
        return self.default, self.default_id

    def uses(self, media_id: str) -> bool:
        """Whether a button of any menu carries this material."""
        trees = [self.default or [], *(one.buttons for one in self.conditional)]
        return any(leaf.get("media_id") == media_id for tree in trees for leaf in leaves(tree))

    def _conditional_leaves(self, buttons: list[Button]) -> Iterator[Button]:
        for tree in (buttons, *(one.buttons for one in self.conditional)):
            yield from leaves(tree)


def leaves(buttons: list[Button]) -> Iterator[Button]:
    """This will be every button of a menu that does something."""
    for button in buttons:
        yield from button.get("sub_button") or [button]


def check(buttons: list[Button]) -> None:
    """Raises the return code of what is wrong with a menu: 40016 to 40027, 40054, 40055."""
    if not 1 <= len(buttons) <= TOP:
        raise WeChatError(40016)
    for button in buttons:
        inner = button.get("sub_button") or []
        if not inner:
            _check_leaf(button, TOP_PLACE)
            continue
        _check_name(button, TOP_PLACE)
        if len(inner) > SUB:
            raise WeChatError(40023)
        for leaf in inner:
            if leaf.get("sub_button"):
                raise WeChatError(40022)
            _check_leaf(leaf, SUB_PLACE)


def _check_leaf(button: Button, place: Place) -> None:
    _check_name(button, place)
    kind = button.get("type")
    if kind not in TYPES:
        raise WeChatError(place.type)
    if kind in KEYED and not 1 <= len(button.get("key", "").encode()) <= KEY_BYTES:
        raise WeChatError(place.key)
    if kind in ("view", "miniprogram"):
        _check_url(button.get("url", ""), place)
    if kind == "miniprogram" and not (button.get("appid") and button.get("pagepath")):
        raise WeChatError(place.type)


def _check_name(button: Button, place: Place) -> None:
    if not 1 <= len(button.get("name", "").encode()) <= place.name_bytes:
        raise WeChatError(place.name)


def _check_url(url: str, place: Place) -> None:
    if not 1 <= len(url.encode()) <= URL_BYTES:
        raise WeChatError(place.url)
    if not url.startswith(("http://", "https://")) or not _domain(url):
        raise WeChatError(place.domain)


def _domain(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _kept(buttons: list[Button]) -> list[Button]:
    """This will be the buttons as WeChat shows them afterwards: each leaf with an empty list below it."""
    return [
        button | {"sub_button": [leaf | {"sub_button": []} for leaf in button.get("sub_button") or []]}
        for button in buttons
    ]


def _new_id() -> str:
    return str(secrets.randbelow(900_000_000) + 100_000_000)
