"""Temporary media, pictures of article bodies, and the older uploads for mass messages.

https://developers.weixin.qq.com/doc/service/api/base/media/
"""

from __future__ import annotations

from typing import Any

from wxcore.simulator.errors import WeChatError
from wxcore.simulator.formats import Facts, tell
from wxcore.simulator.http import Reply
from wxcore.simulator.media import KINDS, Item
from wxcore.simulator.multipart import Form
from wxcore.simulator.routes.articles import NEWS, read_news
from wxcore.simulator.routes.registry import Call, route

KB, MB = 1024, 1024 * 1024
TOO_BIG = {"image": 40009, "voice": 40010, "video": 40011, "thumb": 40012}
MAX_SECONDS = 60
MAX_ARTICLE_PICTURE = 1 * MB

# kind: (bytes, formats), of temporary and of permanent media
LIMITS = {
    "current": {
        False: {
            "image": (10 * MB, ("png", "jpg", "gif")),
            "voice": (2 * MB, ("amr", "mp3")),
            "video": (10 * MB, ("mp4",)),
            "thumb": (64 * KB, ("jpg",)),
        },
        True: {
            "image": (10 * MB, ("bmp", "png", "jpg", "gif")),
            "voice": (2 * MB, ("mp3", "wma", "wav", "amr")),
            "video": (10 * MB, ("mp4",)),
            "thumb": (64 * KB, ("jpg",)),
        },
    },
    "old": {
        False: {
            "image": (128 * KB, ("jpg",)),
            "voice": (256 * KB, ("amr", "mp3")),
            "video": (1 * MB, ("mp4",)),
            "thumb": (64 * KB, ("jpg",)),
        },
        True: {
            "image": (128 * KB, ("jpg",)),
            "voice": (5 * MB, ("mp3", "wma", "wav", "amr")),
            "video": (1 * MB, ("mp4",)),
            "thumb": (64 * KB, ("jpg",)),
        },
    },
}


@route("POST", "/cgi-bin/media/upload", form=())
def upload(call: Call) -> dict[str, Any]:
    """A temporary medium, for three days."""
    item = store(call, permanent=False)
    name = "thumb_media_id" if item.kind == "thumb" else "media_id"
    return {"type": item.kind, name: item.media_id, "created_at": int(item.created)}


@route("GET", "/cgi-bin/media/get")
def get(call: Call) -> dict[str, Any] | Reply:
    """The file of a temporary medium; of a video only its address."""
    item = call.owner.shelf.find(call.request.query.get("media_id", ""), call.now, *KINDS, permanent=False)
    assert item.file is not None  # noqa: S101 - what was uploaded has a file
    if item.kind == "video":
        return {"video_url": f"{call.origin}{item.file.path}"}
    return download(item)


@route("POST", "/cgi-bin/media/uploadimg", form=())
def upload_image(call: Call) -> dict[str, Any]:
    """A picture for the body of an article: an address, and no media_id."""
    facts = tell(call.form.content)
    if facts is None or facts.extension not in ("jpg", "png"):
        raise WeChatError(40005)
    if len(call.form.content) >= MAX_ARTICLE_PICTURE:
        raise WeChatError(40009)
    return {"url": call.origin + call.world.files.add(call.form.content, facts, temporary=False).path}


@route("POST", "/cgi-bin/media/uploadnews", {"articles": [NEWS]})
def upload_news(call: Call) -> dict[str, Any]:
    """Articles for a mass message, the older way."""
    if not call.owner.options.uploadnews:
        raise WeChatError(45103)
    articles = read_news(call, call.body.get("articles") or [])
    item = Item(call.owner.new_media_id(permanent=False), "news", call.now, permanent=False, articles=articles)
    call.owner.shelf.add(item)
    return {"type": "news", "media_id": item.media_id, "created_at": int(item.created)}


@route("POST", "/cgi-bin/media/uploadvideo", {"media_id": str, "title": str, "description": str})
def upload_video(call: Call) -> dict[str, Any]:
    """The id that a video message needs, made from an uploaded video."""
    if not call.body.get("media_id"):
        raise WeChatError(41006)
    video = call.owner.shelf.find(call.body["media_id"], call.now, "video")
    item = Item(
        call.owner.new_media_id(permanent=False),
        "mpvideo",
        call.now,
        permanent=False,
        file=video.file,
        title=call.body.get("title", ""),
        introduction=call.body.get("description", ""),
    )
    call.owner.shelf.add(item)
    return {"type": "video", "media_id": item.media_id, "created_at": int(item.created)}


def store(call: Call, *, permanent: bool, title: str = "", introduction: str = "") -> Item:
    """This will keep the uploaded file. Raises the refusals of `check`, 45034 for a full library."""
    kind, form = call.request.query.get("type", ""), call.form
    facts = check(form, kind, permanent=permanent, limits=call.owner.options.media_limits)
    media_id = call.owner.new_media_id(permanent=permanent)
    item = Item(media_id, kind, call.now, permanent, form.filename, None, title, introduction)
    call.owner.shelf.add(item)
    item.file = call.world.files.add(form.content, facts, temporary=not permanent)
    return item


def check(form: Form, kind: str, *, permanent: bool, limits: str) -> Facts:
    """This will be what the file is. Raises 40004, 40005, 40009 to 40012 (size), 45007 (longer than a minute)."""
    if kind not in KINDS:
        raise WeChatError(40004)
    most, formats = LIMITS[limits][permanent][kind]
    if len(form.content) > most:
        raise WeChatError(TOO_BIG[kind])
    facts = tell(form.content)
    if facts is None or facts.extension not in formats:
        raise WeChatError(40005)
    if facts.kind == "voice" and facts.seconds > MAX_SECONDS:
        raise WeChatError(45007)
    return facts


def download(item: Item) -> Reply:
    """This will be the file of an item as an attachment with its name."""
    assert item.file is not None  # noqa: S101 - who asks has made sure
    name = item.name or f"{item.media_id}.{item.file.facts.extension}"
    disposition = f'attachment; filename="{name}"'
    return Reply(item.file.content, 200, item.file.facts.mime, headers={"Content-disposition": disposition})
