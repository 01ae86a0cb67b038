"""What a mass message may be: the branch of each msgtype, and what WeChat says to a bad one."""

from __future__ import annotations

from typing import Any

from wxcore.simulator.errors import WeChatError
from wxcore.simulator.routes.registry import Call

MAX_TEXT = 600
MAX_IMAGES = 20
FLAG = int

BRANCHES = {
    "text": {"content": str},
    "mpnews": {"media_id": str},
    "voice": {"media_id": str},
    "image": {"media_id": str},
    "images": {
        "media_ids": [str],
        "recommend": str,
        "title": str,
        "need_open_comment": FLAG,
        "only_fans_can_comment": FLAG,
    },
    "mpvideo": {"media_id": str, "title": str, "description": str},
    "video": {"media_id": str, "title": str, "description": str},
    "wxcard": {"card_id": str, "card_ext": str},
    "music": {},
}
MEDIA = ("mpnews", "voice", "mpvideo", "video")
COMMON = {"msgtype": str, "clientmsgid": str, "send_ignore_reprint": FLAG, **BRANCHES}


def read_content(call: Call) -> tuple[str, str]:
    """This will be (msgtype, text or media ids). Raises 40008, 45113, 44004, 45002, 41006, 40007, 45008."""
    kind = call.body.get("msgtype", "")
    if kind == "wxcard":
        raise WeChatError(45113)
    if kind == "text":
        return kind, _text(call.body.get("text", {}))
    if kind == "image":
        media_ids = _images(call.body)
    elif kind in MEDIA:
        media_ids = [call.body.get(kind, {}).get("media_id", "")]
    else:
        raise WeChatError(40008)
    if not media_ids or not all(media_ids):
        raise WeChatError(41006)
    if any(call.owner.media.get(media_id) != kind for media_id in media_ids):
        raise WeChatError(40007)
    return kind, ",".join(media_ids)


def _text(branch: dict[str, Any]) -> str:
    content: str = branch.get("content", "")
    if not content.strip():
        raise WeChatError(44004)
    if len(content) > MAX_TEXT:
        raise WeChatError(45002)
    return content


def _images(body: dict[str, Any]) -> list[str]:
    if "images" not in body:
        return [body.get("image", {}).get("media_id", "")]
    media_ids: list[str] = body["images"].get("media_ids", [])
    if len(media_ids) > MAX_IMAGES:
        raise WeChatError(45008)
    return media_ids
