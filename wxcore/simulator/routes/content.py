"""What a mass message may be: the branch of each msgtype, and what WeChat says to a bad one."""

from __future__ import annotations

from typing import Any

from wxcore.simulator.errors import WeChatError
from wxcore.simulator.media import Item
from wxcore.simulator.messages import Content
from wxcore.simulator.routes.registry import Call

MAX_TEXT = 600
MAX_IMAGES = 20
FLAG = int

BRANCHES = {
    "text": {"content": str},
    "mpnews": {"media_id": str},
    "voice": {"media_id": str},
    "image": {"media_id": str},
    "mpvideo": {"media_id": str, "title": str, "description": str},
    "video": {"media_id": str, "title": str, "description": str},
    "wxcard": {"card_id": str, "card_ext": str},
    "music": {},
}
IMAGES = {
    "media_ids": [str],
    "recommend": str,
    "title": str,
    "need_open_comment": FLAG,
    "only_fans_can_comment": FLAG,
}
PREVIEW = {"msgtype": str, **BRANCHES}
MASS = {**PREVIEW, "images": IMAGES, "clientmsgid": str, "send_ignore_reprint": FLAG}


def read_content(call: Call) -> Content:
    """This will be the message with all that it names.

    Raises 40008, 45113, 44004, 45002, 41006, 40007, 45008, 48021 (an autosaved draft), 88000.
    """
    kind = call.body.get("msgtype", "")
    if kind == "wxcard":
        return _card(call)
    if kind == "text":
        return Content(kind, _text(call.body.get("text", {})))
    if kind == "image":
        return _images(call)
    if kind == "mpnews":
        return _articles(call)
    if kind == "voice":
        return _single(call, kind, _find(call, _media_id(call, kind), "voice"))
    if kind in ("mpvideo", "video"):
        kinds = ("mpvideo",) if kind == "mpvideo" else ("mpvideo", "video")
        return _single(call, kind, _find(call, _media_id(call, kind), *kinds))
    raise WeChatError(40008)


def _card(call: Call) -> Content:
    if not call.owner.options.cards:
        raise WeChatError(45113)
    card_id: str = call.body.get("wxcard", {}).get("card_id", "")
    if not card_id:
        raise WeChatError(44004)
    return Content("wxcard", card_id)


def _text(branch: dict[str, Any]) -> str:
    content: str = branch.get("content", "")
    if not content.strip():
        raise WeChatError(44004)
    if len(content) > MAX_TEXT:
        raise WeChatError(45002)
    return content


def _images(call: Call) -> Content:
    branch: dict[str, Any] = call.body.get("images", {})
    media_ids = branch.get("media_ids", []) if "images" in call.body else [_media_id(call, "image")]
    if len(media_ids) > MAX_IMAGES:
        raise WeChatError(45008)
    if not media_ids or not all(media_ids):
        raise WeChatError(41006)
    if branch.get("need_open_comment") and not call.owner.options.may_comment:
        raise WeChatError(88000)
    items = [_find(call, media_id, "image", "thumb") for media_id in media_ids]
    extra = {"recommend": branch["recommend"]} if branch.get("recommend") else {}
    files = tuple(item.file for item in items if item.file)
    return Content("image", ",".join(media_ids), files=files, title=branch.get("title", ""), extra=extra)


def _articles(call: Call) -> Content:
    media_id = _media_id(call, "mpnews")
    ignore = bool(call.body.get("send_ignore_reprint"))
    draft = call.owner.drafts.find(media_id)
    if draft is None:
        articles = tuple(_find(call, media_id, "news").articles)
        return Content("mpnews", media_id, articles, send_ignore_reprint=ignore)
    if draft.autosaved:
        raise WeChatError(48021)
    return Content("mpnews", media_id, tuple(draft.articles), draft=media_id, send_ignore_reprint=ignore)


def _single(call: Call, kind: str, item: Item) -> Content:
    branch = call.body[kind]
    title, description = branch.get("title") or item.title, branch.get("description") or item.introduction
    files = (item.file,) if item.file else ()
    return Content(kind, item.media_id, files=files, title=title, description=description)


def _media_id(call: Call, kind: str) -> str:
    media_id: str = call.body.get(kind, {}).get("media_id", "")
    if not media_id:
        raise WeChatError(41006)
    return media_id


def _find(call: Call, media_id: str, *kinds: str) -> Item:
    return call.owner.shelf.find(media_id, call.now, *kinds)
