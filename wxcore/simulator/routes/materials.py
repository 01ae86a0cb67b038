"""The library of permanent material (永久素材).

https://developers.weixin.qq.com/doc/service/api/material/permanent/
"""

from __future__ import annotations

import json
from typing import Any

from wxcore.simulator.errors import WeChatError
from wxcore.simulator.http import Reply
from wxcore.simulator.media import Item
from wxcore.simulator.routes.media import download, store
from wxcore.simulator.routes.registry import OK, Call, paged, route

MATERIAL = "/cgi-bin/material"
LISTED = {"image": ("image", "thumb"), "voice": ("voice",), "video": ("video",), "news": ("news",)}
ID = {"media_id": str}


@route("POST", f"{MATERIAL}/add_material", form=("description",))
def add(call: Call) -> dict[str, Any]:
    """A file for the library; a video has a title and an introduction."""
    video = call.request.query.get("type") == "video"
    if not video and call.form.fields:
        raise WeChatError(47001, "data format error, unknown form field description")
    item = store(call, permanent=True, **(_description(call.form.fields.get("description")) if video else {}))
    address = {"url": _url(call, item)} if item.kind in ("image", "thumb") else {}
    return {"media_id": item.media_id} | address


@route("POST", f"{MATERIAL}/get_material", ID)
def get(call: Call) -> dict[str, Any] | Reply:
    """The file, of a video its address, of news the articles."""
    item = _find(call)
    if item.kind == "news":
        return {"news_item": [article.shown(call.origin) for article in item.articles]}
    if item.kind == "video":
        return {"title": item.title, "description": item.introduction, "down_url": _url(call, item)}
    return download(item)


@route("POST", f"{MATERIAL}/del_material", ID)
def delete(call: Call) -> dict[str, Any]:
    """The library no longer has it; the address of a picture goes on to work."""
    item = _find(call)
    if call.owner.menu.uses(item.media_id):
        raise WeChatError(48005)
    call.owner.shelf.forget(item.media_id)
    return OK


@route("GET", f"{MATERIAL}/get_materialcount")
def count(call: Call) -> dict[str, Any]:
    """How many there are of each."""
    shelf = call.owner.shelf
    return {f"{kind}_count": len(shelf.library(*kinds)) + shelf.besides.get(kind, 0) for kind, kinds in LISTED.items()}


@route("POST", f"{MATERIAL}/batchget_material", {"type": str, "offset": int, "count": int})
def batch_get(call: Call) -> dict[str, Any]:
    """A page of the library, newest first."""
    kinds = LISTED.get(call.body.get("type", ""))
    if kinds is None:
        raise WeChatError(40004)
    return paged(call, call.owner.shelf.library(*kinds), lambda item: _line(call, item))


@route("POST", f"{MATERIAL}/add_news", {"articles": object})
def add_news(call: Call) -> dict[str, Any]:
    """Retired in favour of the draft box."""
    raise WeChatError(45103)


@route("POST", f"{MATERIAL}/update_news", {"media_id": object, "index": object, "articles": object})
def update_news(call: Call) -> dict[str, Any]:
    """Retired in favour of the draft box."""
    raise WeChatError(45103)


def _find(call: Call) -> Item:
    if not call.body.get("media_id"):
        raise WeChatError(41006)
    return call.owner.shelf.find(call.body["media_id"], call.now, permanent=True)


def _line(call: Call, item: Item) -> dict[str, Any]:
    line: dict[str, Any] = {"media_id": item.media_id, "update_time": int(item.created)}
    if item.kind == "news":
        return line | {"content": {"news_item": [article.shown(call.origin) for article in item.articles]}}
    address = _url(call, item) if item.kind in ("image", "thumb") else ""
    return line | {"name": item.title or item.name, "url": address}


def _url(call: Call, item: Item) -> str:
    return f"{call.origin}{item.file.path}" if item.file else ""


def _description(raw: str | None) -> dict[str, str]:
    try:
        told = json.loads(raw or "")
    except ValueError:
        raise WeChatError(47001, "data format error, description is not JSON") from None
    if not isinstance(told, dict) or set(told) - {"title", "introduction"}:
        raise WeChatError(47001, "data format error, description has title and introduction")
    if not all(isinstance(value, str) for value in told.values()) or not told.get("title"):
        raise WeChatError(47001, "data format error, description needs a title")
    return told
