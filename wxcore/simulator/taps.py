"""What happens when somebody taps a button of the menu, by its type.

https://developers.weixin.qq.com/doc/service/guide/product/custom_menu/event.html
"""

from __future__ import annotations

import hashlib
from typing import Any

from wxcore.simulator import acts, bubbles, samples
from wxcore.simulator.accounts import Account
from wxcore.simulator.errors import ControlError
from wxcore.simulator.menus import ARTICLE, MATERIAL, Button, leaves
from wxcore.simulator.publications import OK as PUBLISHED
from wxcore.simulator.world import World

Given = dict[str, Any]
SCANNED = "https://example.com/item/6901234567892"
SCANS = ("scancode_push", "scancode_waitmsg")
PICTURES = ("pic_sysphoto", "pic_photo_or_album", "pic_weixin")


def tap(world: World, account: Account, openid: str, name: str, given: Given) -> dict[str, Any]:
    """This will tap the button of that name in the menu that the follower sees.

    The answer is {"type", "opens"}: the address that the phone opens, or "". `given` may carry `result` (what the
    camera read) and `count` (of pictures). Raises ControlError when there is no such button.
    """
    with account.lock:
        number = account.followers.numbers([openid])[0]
        buttons, menu_id = account.menu_for(number)
        button = next((leaf for leaf in leaves(buttons) if leaf.get("name") == name), None)
        if button is None:
            raise ControlError("the menu that this follower sees has no such button", 404)
        kind = str(button.get("type"))
        account.note(number, kind="act", act="tap", type=kind, text=name, time=world.clock.now())
        if kind in (*MATERIAL, *ARTICLE):
            account.note(number, kind="menu", time=world.clock.now(), **_material(world, account, button))
            return {"type": kind, "opens": ""}
        if "value" in button:  # made in the console: the phone shows the material, and nobody is told
            account.note(number, kind="menu", time=world.clock.now(), text=str(button["value"]))
            return {"type": kind, "opens": ""}
        pictures = [samples.picture(at) for at in range(int(given.get("count", 1)))] if kind in PICTURES else []
        event, opens = _event(button, menu_id, given, pictures)
        world.push(account, {**world.message(account, openid, "event"), "Event": _named(kind), **event}, number=number)
        for picture in pictures:
            acts.say(world, account, openid, "image", {"content": picture})
        if kind == "location_select":
            acts.say(world, account, openid, "location", {})
    return {"type": kind, "opens": opens}


def _named(kind: str) -> str:
    return {"click": "CLICK", "view": "VIEW", "miniprogram": "view_miniprogram"}.get(kind, kind)


def _event(button: Button, menu_id: str, given: Given, pictures: list[bytes]) -> tuple[dict[str, Any], str]:
    """This will be the fields of the event, and the address that the phone opens."""
    kind = button["type"]
    if kind == "view":
        return {"EventKey": button["url"], "MenuId": int(menu_id or 0)}, button["url"]
    if kind == "miniprogram":
        return {"EventKey": button["pagepath"], "MenuId": int(menu_id or 0)}, f"{button['appid']}/{button['pagepath']}"
    told: dict[str, Any] = {"EventKey": button["key"]}
    if kind in SCANS:
        result = str(given.get("result") or SCANNED)
        opens = result if kind == "scancode_push" else ""
        return told | {"ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": result}}, opens
    if kind in PICTURES:
        sums = [{"PicMd5Sum": hashlib.md5(one, usedforsecurity=False).hexdigest()} for one in pictures]
        return told | {"SendPicsInfo": {"Count": len(sums), "PicList": sums}}, ""
    if kind == "location_select":
        where = {"Location_X": str(acts.PLACE["latitude"]), "Location_Y": str(acts.PLACE["longitude"])}
        place = where | {"Scale": str(acts.SCALE), "Label": acts.PLACE["label"], "Poiname": ""}
        return told | {"SendLocationInfo": place}, ""
    return told, ""


def _material(world: World, account: Account, button: Button) -> bubbles.Bubble:
    if button["type"] in ARTICLE:
        wanted = button.get("article_id")
        for found in world.publications.of(account.appid):
            if found.article_id == wanted and found.status == PUBLISHED:
                shown = [
                    one.shown("", with_content=False, key=found.key(at)) for at, one in enumerate(found.articles, 1)
                ]
                return {"msgtype": "mpnews", "text": wanted, "articles": shown}
        raise ControlError("the article of this button is gone", 409)
    media_id, now = str(button.get("media_id")), world.clock.now()
    item = bubbles.find(account, media_id, now, "image", "voice", "video", "news")
    if item.kind == "news":
        account.show_preview(item.articles)
        shown = [article.shown("", with_content=False) for article in item.articles]
        return {"msgtype": "mpnews", "text": media_id, "articles": shown}
    if item.kind == "video":
        return bubbles.video(account, media_id, now, "", title="", description="")
    return (bubbles.image if item.kind == "image" else bubbles.voice)(account, media_id, now, "")
