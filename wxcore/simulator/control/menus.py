"""Menus, through the control plane: what a follower sees, and what a person changes in the console."""

from __future__ import annotations

from typing import Any

from wxcore.simulator.control.doors import account_of, door, owner_of
from wxcore.simulator.errors import ControlError
from wxcore.simulator.world import World


@door("GET", "/menu")
def live(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """The menus of an account: the default one, and those for some."""
    account = account_of(world, given)
    with account.lock:
        menu = account.menu
        return {
            "button": menu.default,
            "menuid": menu.default_id,
            "is_open": menu.is_open,
            "from_console": menu.from_console,
            "conditional": [
                {"button": one.buttons, "matchrule": one.matchrule, "menuid": one.menu_id} for one in menu.conditional
            ],
        }


@door("POST", "/menu")
def change(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Somebody makes a menu in WeChat's console, or with `button` null deletes what is there."""
    account = account_of(world, given)
    buttons = given["button"]
    if buttons is not None and not isinstance(buttons, list):
        raise ControlError("button is a list, or null")
    with account.lock:
        if buttons is None:
            account.menu.delete()
        else:
            account.menu.make_in_console(buttons, is_open=bool(given.get("is_open", True)))
    return live(world, given)


@door("GET", "/followers/<openid>/menu")
def seen(world: World, given: dict[str, Any], openid: str) -> dict[str, Any]:
    """The buttons that a follower sees, by their tags; `platform` is "1" iOS, "2" Android, "3" another."""
    account, number = owner_of(world, openid)
    with account.lock:
        buttons, menu_id = account.menu_for(number, str(given.get("platform", "2")))
    return {"openid": openid, "button": buttons, "menuid": menu_id}
