"""What followers write and send to us, by MsgType.

https://developers.weixin.qq.com/doc/service/guide/product/message/Receiving_standard_messages.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wxcore.wechat.messages.containers import Container
from wxcore.wechat.messages.push import Kind, Push

MAX_LATITUDE = 90.0
MAX_LONGITUDE = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMessage(Push):
    """A text. `menu_choice` is the id of the entry when somebody tapped a menu message (msgmenu), "" otherwise."""

    content: str
    menu_choice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageMessage(Push):
    """A picture. WeChat keeps `media_id` for three days."""

    pic_url: str
    media_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceMessage(Push):
    """A voice. `format` is amr or speex; `recognition` is what it says, "" since WeChat no longer listens."""

    media_id: str
    format: str
    recognition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoMessage(Push):
    """A video, or a short one (`msg_type` shortvideo)."""

    media_id: str
    thumb_media_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationMessage(Push):
    """A place that somebody chose. Degrees; `scale` is the zoom of the map, None when it is unknown."""

    latitude: float
    longitude: float
    scale: int | None
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkMessage(Push):
    """A link that somebody shared."""

    title: str
    description: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileMessage(Push):
    """A file. `size` is in bytes. WeChat does not document it; SDKs have seen it."""

    title: str
    description: str
    file_key: str
    file_md5: str
    size: int | None


def _text(root: Container) -> dict[str, Any]:
    return {"content": root.text("Content"), "menu_choice": root.text("bizmsgmenuid")}


def _image(root: Container) -> dict[str, Any]:
    return {"pic_url": root.text("PicUrl"), "media_id": root.text("MediaId")}


def _voice(root: Container) -> dict[str, Any]:
    return {
        "media_id": root.text("MediaId"),
        "format": root.text("Format"),
        "recognition": root.text("Recognition"),
    }


def _video(root: Container) -> dict[str, Any]:
    return {"media_id": root.text("MediaId"), "thumb_media_id": root.text("ThumbMediaId")}


def place(container: Container) -> dict[str, Any]:
    """This will read Location_X, Location_Y, Scale and Label. Raises Odd without coordinates."""
    return {
        "latitude": container.required_decimal("Location_X", most=MAX_LATITUDE),
        "longitude": container.required_decimal("Location_Y", most=MAX_LONGITUDE),
        "scale": container.number("Scale"),
        "label": container.text("Label"),
    }


def _link(root: Container) -> dict[str, Any]:
    return {"title": root.text("Title"), "description": root.text("Description"), "url": root.text("Url")}


def _file(root: Container) -> dict[str, Any]:
    return {
        "title": root.text("Title"),
        "description": root.text("Description"),
        "file_key": root.text("FileKey"),
        "file_md5": root.text("FileMd5"),
        "size": root.number("FileTotalLen"),
    }


MESSAGES = (
    Kind("text", TextMessage, _text),
    Kind("image", ImageMessage, _image),
    Kind("voice", VoiceMessage, _voice),
    Kind("video", VideoMessage, _video),
    Kind("shortvideo", VideoMessage, _video),
    Kind("location", LocationMessage, place),
    Kind("link", LinkMessage, _link),
    Kind("file", FileMessage, _file),
)
