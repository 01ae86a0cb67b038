"""What people do on their phones. Each act changes the world, and pushes what WeChat pushes.

Every function takes the account's lock, and raises WeChatError 40003 for a stranger or who has left.

https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from wxcore.simulator import samples
from wxcore.simulator.accounts import Account
from wxcore.simulator.bubbles import Bubble
from wxcore.simulator.codes import Code
from wxcore.simulator.errors import ControlError
from wxcore.simulator.files import File
from wxcore.simulator.formats import tell
from wxcore.simulator.media import Item
from wxcore.simulator.messages import shown_file
from wxcore.simulator.world import World

Given = dict[str, Any]
PLACE: Given = {"latitude": 31.2304, "longitude": 121.4737, "label": "上海市黄浦区人民大道200号"}
LINK: Given = {"title": "春茶上市", "description": "今年的第一批", "url": "https://example.com/tea"}
DOCUMENT: Given = {"title": "报价单.pdf", "description": "", "size": 20480}
SCALE, PRECISION = 16, 40.0
MADE: dict[str, Callable[[int], bytes]] = {
    "image": samples.picture,
    "voice": samples.voice,
    "video": samples.video,
    "shortvideo": samples.video,
    "thumb": samples.picture,
}


def follow(world: World, account: Account, openid: str | None, code: Code | None = None) -> str:
    """This will let somebody follow, by a QR code if they scanned one, and be their openid."""
    with account.lock:
        number = account.followers.number(openid) if openid else None
        scene = code.scene if code else None
        openid = account.followers.follow(number, world.clock.now(), scene=scene)
        by_code = {"EventKey": f"qrscene_{code.scene}", "Ticket": code.ticket} if code else {"EventKey": ""}
        _push_event(world, account, openid, "subscribe", **by_code)
    return openid


def unfollow(world: World, account: Account, openid: str) -> None:
    """This will let somebody go, with their tags and windows."""
    with account.lock:
        number = account.followers.number(openid)
        account.followers.unfollow(number, world.clock.now())
        account.tags.clear(number)
        account.contacts.forget(number)
        _push_event(world, account, openid, "unsubscribe", EventKey="")


def scan(world: World, account: Account, openid: str | None, code: Code) -> str:
    """This will be the scan of a code: SCAN of who follows, else they follow by it. The openid."""
    if not code.alive(world.clock.now()):
        raise ControlError("this code has expired", 409)
    with account.lock:
        number = account.followers.number(openid) if openid else None
        if openid is None or number is None or number not in account.followers.following:
            return follow(world, account, openid, code)
        account.note(number, kind="act", act="scan", text=str(code.scene), time=world.clock.now())
        _push_event(world, account, openid, "SCAN", EventKey=str(code.scene), Ticket=code.ticket)
    return openid


def report_location(world: World, account: Account, openid: str, given: Given) -> None:
    """This will report where somebody is, as the phone does when they open the chat and have agreed to it."""
    place = PLACE | given
    with account.lock:
        number = account.followers.numbers([openid])[0]
        account.note(number, kind="act", act="located", text=_coordinates(place), time=world.clock.now())
        where = {"Latitude": place["latitude"], "Longitude": place["longitude"]}
        _push_event(world, account, openid, "LOCATION", **where, Precision=float(place.get("precision", PRECISION)))


def enter(world: World, account: Account, openid: str, given: Given) -> None:
    """This will open the customer-service chat of a mini program."""
    with account.lock:
        account.followers.number(openid)
        _push_event(world, account, openid, "user_enter_tempsession", SessionFrom=given.get("session_from", "wxapp"))


def say(world: World, account: Account, openid: str, kind: str, given: Given) -> int:
    """This will send the account a message of a kind, and be its MsgId. What `given` leaves out is made up.

    `content` of a picture, a voice or a video are its bytes. Raises ControlError for an unknown kind or a broken file.
    """
    if kind not in SPEAKERS:
        raise ControlError(f"type is one of {', '.join(SPEAKERS)}")
    with account.lock:
        number = account.followers.numbers([openid])[0]
        bubble, fields = SPEAKERS[kind](world, account, given)
        msg_id = world.new_message_id()
        account.note(number, kind="typed", time=world.clock.now(), **bubble)
        world.push(account, {**world.message(account, openid, kind), **fields, "MsgId": msg_id}, number=number)
    return msg_id


def _push_event(world: World, account: Account, openid: str, event: str, **fields: Any) -> None:
    number = account.followers.number(openid)
    world.push(account, {**world.message(account, openid, "event"), "Event": event, **fields}, number=number)


def _text(world: World, account: Account, given: Given) -> tuple[Bubble, Given]:
    content = str(given["content"])
    choice = {"bizmsgmenuid": str(given["menu_choice"])} if given.get("menu_choice") else {}
    return {"text": content}, {"Content": content, **choice}


def _image(world: World, account: Account, given: Given) -> tuple[Bubble, Given]:
    item, file = keep(world, account, "image", given)
    shown = {"msgtype": "image", "text": item.media_id, "images": [shown_file(file, world.origin)]}
    return shown, {"PicUrl": f"{world.origin}{file.path}", "MediaId": item.media_id}


def _voice(world: World, account: Account, given: Given) -> tuple[Bubble, Given]:
    item, file = keep(world, account, "voice", given)
    shown = {"msgtype": "voice", "text": item.media_id, "voice": shown_file(file, world.origin)}
    heard = {"Recognition": str(given["recognition"])} if given.get("recognition") else {}
    return shown, {"MediaId": item.media_id, "Format": file.facts.extension, **heard}


def _video(world: World, account: Account, given: Given) -> tuple[Bubble, Given]:
    item, file = keep(world, account, "video", given)
    thumb, _ = keep(world, account, "thumb", {})
    words = {"title": "", "description": ""}
    shown = {"msgtype": "video", "text": item.media_id, "video": shown_file(file, world.origin) | words}
    return shown, {"MediaId": item.media_id, "ThumbMediaId": thumb.media_id}


def _location(world: World, account: Account, given: Given) -> tuple[Bubble, Given]:
    place = PLACE | given
    where = {"Location_X": place["latitude"], "Location_Y": place["longitude"]}
    shown = {"msgtype": "location", "text": place["label"], "location": {**place, "coordinates": _coordinates(place)}}
    return shown, {**where, "Scale": int(place.get("scale", SCALE)), "Label": place["label"]}


def _link(world: World, account: Account, given: Given) -> tuple[Bubble, Given]:
    link = {name: str((LINK | given)[name]) for name in LINK}
    shown = {"msgtype": "link", "text": link["title"], "links": [link | {"picture": ""}]}
    return shown, {"Title": link["title"], "Description": link["description"], "Url": link["url"]}


def _file(world: World, account: Account, given: Given) -> tuple[Bubble, Given]:
    told = DOCUMENT | given
    name = str(told["title"])
    key = hashlib.sha256(name.encode()).hexdigest()
    fields = {"Title": name, "Description": str(told["description"]), "FileKey": key[:32], "FileMd5": key[32:]}
    return {"msgtype": "file", "text": name, "file": name}, {**fields, "FileTotalLen": int(told["size"])}


SPEAKERS: dict[str, Callable[[World, Account, Given], tuple[Bubble, Given]]] = {
    "text": _text,
    "image": _image,
    "voice": _voice,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": _link,
    "file": _file,
}


def keep(world: World, account: Account, kind: str, given: Given) -> tuple[Item, File]:
    """This will be a temporary medium that a follower sent: the bytes `content`, or a sample. Raises ControlError."""
    content = given.get("content") or MADE[kind](account.shelf.count)
    facts = tell(content)
    if facts is None:
        raise ControlError("this is no picture, voice or video")
    file = world.files.add(content, facts, temporary=True)
    item = Item(account.new_media_id(permanent=False), kind, world.clock.now(), permanent=False, file=file)
    return account.shelf.add(item), file


def _coordinates(place: Given) -> str:
    return f"{float(place['latitude']):.4f}, {float(place['longitude']):.4f}"
