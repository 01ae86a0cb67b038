"""What a person writes to a follower: checked, and in the shape in which a Message keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from campaigns.models import MediaAsset, MediaKind
from wxcore.errors import OperatorError
from wxcore.wechat.customer_service import MAX_TEXT_BYTES

TITLE = 64
DESCRIPTION = 200
MAX_URL_BYTES = 1024
MEDIA = (MediaKind.IMAGE, MediaKind.VOICE, MediaKind.VIDEO)
KINDS = ("text", *MEDIA, "news", "miniprogrampage")


class EmptyMessage(OperatorError):
    code = "empty_message"
    message = _("The message is empty.")
    fix = _("Write something, or choose a file.")


class TextTooLong(OperatorError):
    code = "text_too_long"
    message = _("The text has %(length)d bytes; WeChat takes %(most)d. A Chinese character has three.")
    fix = _("Send it in several messages.")


class WrongFile(OperatorError):
    code = "wrong_file"
    message = _("This message needs a file of another kind.")
    fix = _("Choose a file of the kind that you are sending.")


class Incomplete(OperatorError):
    code = "incomplete"
    message = _("Something is missing: %(names)s.")
    fix = _("Fill it in, and send again.")


class WrongAddress(OperatorError):
    code = "wrong_address"
    message = _("The address is none that a follower could open.")
    fix = _("It begins with https:// or http:// and has at most %(most)d bytes.")


class UnknownKind(OperatorError):
    code = "unknown_kind"
    message = _("Messages of this kind cannot be sent to a follower.")
    fix = _("Send a text, a picture, a voice, a video, an article card or a page of a mini program.")


@dataclass(frozen=True, slots=True)
class Composed:
    """The columns of a Message."""

    kind: str
    text: str = ""
    content: dict[str, Any] = field(default_factory=dict)
    asset: MediaAsset | None = None


def compose(kind: str, given: dict[str, str], asset: MediaAsset | None) -> Composed:
    """This will be the message of this msgtype, from the inputs `text`, `title`, `description`, `url`, `appid`, `path`.

    Raises EmptyMessage, TextTooLong, WrongFile, Incomplete, WrongAddress, UnknownKind.
    """
    inputs = {name: str(value or "").replace("\0", "").strip() for name, value in given.items()}
    if kind == "text":
        return _text(inputs.get("text", "").replace("\r\n", "\n"))
    if kind in MEDIA:
        return _media(kind, inputs, asset)
    if kind == "news":
        return _news(inputs, asset)
    if kind == "miniprogrampage":
        return _page(inputs, asset)
    raise UnknownKind


def _text(text: str) -> Composed:
    length = len(text.encode())
    if not text:
        raise EmptyMessage(fields={"text": "empty"})
    if length > MAX_TEXT_BYTES:
        raise TextTooLong(length=length, most=MAX_TEXT_BYTES, fields={"text": "too long"})
    return Composed("text", text)


def _media(kind: str, inputs: dict[str, str], asset: MediaAsset | None) -> Composed:
    if asset is None:
        raise EmptyMessage(fields={"asset": "missing"})
    if asset.kind != kind:
        raise WrongFile(fields={"asset": "kind"})
    if kind != MediaKind.VIDEO:
        return Composed(kind, asset=asset)
    title, description = inputs.get("title", "")[:TITLE], inputs.get("description", "")[:DESCRIPTION]
    return Composed(kind, title, {"title": title, "description": description}, asset)


def _news(inputs: dict[str, str], asset: MediaAsset | None) -> Composed:
    _require(inputs, {"title": _("title"), "url": _("address")})
    if not _can_be_opened(inputs["url"]):
        raise WrongAddress(most=MAX_URL_BYTES, fields={"url": "wrong"})
    _require_picture(asset)
    title, description = inputs["title"][:TITLE], inputs.get("description", "")[:DESCRIPTION]
    card = {"title": title, "description": description, "url": inputs["url"]}
    return Composed("news", title, {"articles": [card]}, asset)


def _page(inputs: dict[str, str], asset: MediaAsset | None) -> Composed:
    _require(inputs, {"title": _("title"), "appid": "AppID", "path": _("page")})
    if asset is None:
        raise Incomplete(names=_("cover"), fields={"asset": "missing"})
    _require_picture(asset)
    title = inputs["title"][:TITLE]
    content = {"title": title, "appid": inputs["appid"][:64], "pagepath": inputs["path"][:MAX_URL_BYTES]}
    return Composed("miniprogrampage", title, content, asset)


def _require(inputs: dict[str, str], names: dict[str, str]) -> None:
    missing = {name: label for name, label in names.items() if not inputs.get(name)}
    if missing:
        raise Incomplete(names=", ".join(map(str, missing.values())), fields=dict.fromkeys(missing, "missing"))


def _require_picture(asset: MediaAsset | None) -> None:
    if asset is not None and asset.kind not in (MediaKind.IMAGE, MediaKind.THUMB):
        raise WrongFile(fields={"asset": "kind"})


def _can_be_opened(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and bool(parts.netloc)
    return is_web and url.isprintable() and " " not in url and len(url.encode()) <= MAX_URL_BYTES
