"""The menu (自定义菜单) under the chat: one for everybody, and conditional ones (个性化菜单) for those with a tag.

A button is a mapping in the shape of menu/create: {"type", "name", "key" | "url" | "media_id" | ...}, or {"name",
"sub_button": [...]}. What WeChat answers is brought into that shape, so that what was sent and what is live compare.
https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wxcore.wechat.answers import child, flag, objects, required_text, text
from wxcore.wechat.errors import NoMenu
from wxcore.wechat.transport import Transport

Button = dict[str, Any]
# What a button of ours or of the console may carry; WeChat adds empty fields that mean nothing.
TEXTS = ("type", "name", "key", "url", "appid", "pagepath", "media_id", "article_id", "value")
OLD_NAMES = {"view_limited": "media_id"}


@dataclass(frozen=True, slots=True)
class LiveMenu:
    """What everybody sees, whoever made it. `is_open` is no where the menu is switched off in the console.

    A menu of the console has the types text, img, photo, voice, video and news besides, whose content is `value`.
    """

    is_open: bool
    buttons: list[Button] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ConditionalMenu:
    """A menu for some. `rule` is WeChat's matchrule, values as text: {"tag_id": "100"}."""

    menu_id: str
    buttons: list[Button]
    rule: dict[str, str]

    @property
    def tag_id(self) -> int | None:
        """The tag, where it is the only condition; a very old menu names it as the group that it was."""
        tag_id = self.rule.get("tag_id", self.rule.get("group_id", ""))
        return int(tag_id) if len(self.rule) == 1 and tag_id.isascii() and tag_id.isdigit() else None


@dataclass(frozen=True, slots=True)
class MenuSet:
    """The menus that were made through the API. `conditional` is in WeChat's order."""

    buttons: list[Button]
    conditional: list[ConditionalMenu]


class Menus:
    """The menus of the account."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, buttons: Sequence[Mapping[str, Any]]) -> None:
        """This will be everybody's menu from now on, in place of the one before.

        Raises ApiError 40015 to 40027, 40054, 40055, 45064 for what is wrong with a button, InvalidMediaId.
        """
        self._transport.post("/cgi-bin/menu/create", {"button": list(buttons)}, replayable=True)

    def get(self) -> MenuSet | None:
        """This will be what was made through the API, None when nothing was."""
        call = "/cgi-bin/menu/get"
        try:
            data = self._transport.get(call)
        except NoMenu:
            return None
        conditional = [
            ConditionalMenu(required_text(one, "menuid", call=call), _buttons(one), _rule(one))
            for one in objects(data, "conditionalmenu")
        ]
        return MenuSet(_buttons(child(data, "menu")), conditional)

    def live(self) -> LiveMenu:
        """This will be what everybody sees now, also when it was made in the console.

        https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Querying_Custom_Menus.html
        """
        data = self._transport.get("/cgi-bin/get_current_selfmenu_info")
        return LiveMenu(flag(data, "is_menu_open"), _buttons(child(data, "selfmenu_info")))

    def delete(self) -> None:
        """This will leave no menu at all: the conditional ones go too."""
        self._transport.get("/cgi-bin/menu/delete")

    def add_conditional(self, buttons: Sequence[Mapping[str, Any]], *, tag_id: int) -> str:
        """This will be the id of a new menu for who wears the tag. It hides the older ones of the same tag.

        Raises ApiError 65303 without a default menu, 65316 for more than three domains, and as `create` does.
        https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Personalized_menu_interface.html
        """
        call = "/cgi-bin/menu/addconditional"
        data = self._transport.post(call, {"button": list(buttons), "matchrule": {"tag_id": str(tag_id)}})
        return required_text(data, "menuid", call=call)

    def delete_conditional(self, menu_id: str) -> None:
        """This will delete a menu for some. Raises UnknownMenu."""
        self._transport.post("/cgi-bin/menu/delconditional", {"menuid": menu_id})

    def try_match(self, user_id: str) -> list[Button]:
        """This will be the buttons that somebody sees, by openid or WeChat id. Raises ApiError 65302, 65315."""
        return _buttons(self._transport.post("/cgi-bin/menu/trymatch", {"user_id": user_id}, replayable=True))


def normal(buttons: Sequence[Mapping[str, Any]]) -> list[Button]:
    """This will be buttons in the shape of menu/create, whichever of WeChat's shapes they come in."""
    return [_normal(button) for button in buttons]


def _normal(button: Mapping[str, Any]) -> Button:
    below = button.get("sub_button")
    listed = child(button, "sub_button").get("list") if isinstance(below, dict) else below
    leaves = normal([leaf for leaf in listed if isinstance(leaf, dict)]) if isinstance(listed, list) else []
    if leaves:
        return {"name": text(button, "name"), "sub_button": leaves}
    kept = {name: text(button, name) for name in TEXTS if text(button, name)}
    if "type" in kept:
        kept["type"] = OLD_NAMES.get(kept["type"], kept["type"])
    return kept


def _buttons(data: Mapping[str, Any]) -> list[Button]:
    return normal(objects(data, "button"))


def _rule(data: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in child(data, "matchrule").items() if value not in ("", None)}
