"""The menu (自定义菜单), for everybody and for some (个性化菜单).

https://developers.weixin.qq.com/doc/service/api/custommenu/
"""

from __future__ import annotations

from typing import Any

from wxcore.simulator.errors import WeChatError
from wxcore.simulator.menus import ARTICLE, MATERIAL, PLATFORMS, Button, Conditional, leaves
from wxcore.simulator.routes.registry import OK, Call, integer, route

MENU = "/cgi-bin/menu"
LEAF = dict.fromkeys(("type", "name", "key", "url", "appid", "pagepath", "media_id", "article_id"), str)
TREE = {**LEAF, "sub_button": [{**LEAF, "sub_button": [{**LEAF, "sub_button": list}]}]}
PERSONAL = ("sex", "country", "province", "city", "language", "group_id")  # refused since 2021
RULE = dict.fromkeys(("tag_id", "client_platform_type", *PERSONAL), (str, int))


@route("POST", f"{MENU}/create", {"button": [TREE]}, right="may_have_menu")
def create(call: Call) -> dict[str, Any]:
    """The menu of everybody."""
    call.owner.menu.create(_buttons(call))
    return OK


@route("GET", f"{MENU}/get", right="may_have_menu")
def get(call: Call) -> dict[str, Any]:
    """The menus that were made through the API."""
    menu = call.owner.menu
    if menu.default is None or menu.from_console:
        raise WeChatError(46003)
    found: dict[str, Any] = {"menu": {"button": menu.default, "menuid": int(menu.default_id)}}
    if menu.conditional:
        found["conditionalmenu"] = [_conditional(one) for one in menu.conditional]
    return found


@route("GET", f"{MENU}/delete", right="may_have_menu")
def delete(call: Call) -> dict[str, Any]:
    """No menu any more, for nobody."""
    call.owner.menu.delete()
    return OK


@route("GET", "/cgi-bin/get_current_selfmenu_info", right="may_have_menu")
def get_live(call: Call) -> dict[str, Any]:
    """What everybody sees, whoever made it."""
    menu = call.owner.menu
    if menu.default is None:
        return {"is_menu_open": 0, "selfmenu_info": {"button": []}}
    return {"is_menu_open": int(menu.is_open), "selfmenu_info": {"button": [_listed(one) for one in menu.default]}}


@route("POST", f"{MENU}/addconditional", {"button": [TREE], "matchrule": RULE}, right="may_have_menu")
def add_conditional(call: Call) -> dict[str, Any]:
    """A menu for those whom a rule names."""
    given = call.body.get("matchrule") or {}
    rule = {name: str(value) for name, value in given.items() if value != ""}
    if not rule:
        raise WeChatError(65304)
    if set(rule) & set(PERSONAL):
        raise WeChatError(65320)
    if "tag_id" in rule:
        call.owner.tags.get(integer(rule["tag_id"], 45159))
    if rule.get("client_platform_type", "1") not in PLATFORMS:
        raise WeChatError(40035)
    return {"menuid": call.owner.menu.add(_buttons(call), rule).menu_id}


@route("POST", f"{MENU}/delconditional", {"menuid": (str, int)}, right="may_have_menu")
def delete_conditional(call: Call) -> dict[str, Any]:
    """One of those menus goes."""
    call.owner.menu.remove(str(call.body.get("menuid", "")))
    return OK


@route("POST", f"{MENU}/trymatch", {"user_id": str}, right="may_have_menu")
def try_match(call: Call) -> dict[str, Any]:
    """What a follower sees, by openid or WeChat id."""
    user_id = call.body.get("user_id", "")
    openid = call.owner.options.wechat_names.get(user_id, user_id)
    number = call.owner.followers.find([openid])[0]
    if number is None:
        raise WeChatError(65302)
    if number not in call.owner.followers.following:
        raise WeChatError(65315)
    return {"button": call.owner.menu_for(number)[0]}


def _buttons(call: Call) -> list[Button]:
    """This will be the body's buttons. Raises 40007 and 53600 for a material and an article that are not there."""
    buttons: list[Button] = call.body.get("button") or []
    for leaf in leaves(buttons):
        if leaf.get("type") in MATERIAL:
            call.owner.shelf.find(leaf.get("media_id", ""), call.now, permanent=True)
        if leaf.get("type") in ARTICLE:
            published = call.world.publications.readable(call.owner.appid)
            if leaf.get("article_id") not in [one.article_id for one in published]:
                raise WeChatError(53600)
    return buttons


def _conditional(menu: Conditional) -> dict[str, Any]:
    return {"button": menu.buttons, "matchrule": menu.matchrule, "menuid": int(menu.menu_id)}


def _listed(button: Button) -> Button:
    """This will be a button as get_current_selfmenu_info writes it: what is below it in a `list`, or not at all."""
    own = {name: value for name, value in button.items() if name != "sub_button"}
    below = [_listed(leaf) for leaf in button.get("sub_button") or []]
    return own | ({"sub_button": {"list": below}} if below else {})
