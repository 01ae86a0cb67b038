"""Mass messages (群发).

Every send carries a `clientmsgid` of the caller's, and none is ever repeated here: only who keeps the clientmsgid can
repeat a send without sending twice. See `errors.WeChatError.maybe_carried_out`. All on one page:
https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from wxcore.errors import by_language
from wxcore.wechat.answers import optional_integer, require_openids, required_integer
from wxcore.wechat.errors import InvalidRequest
from wxcore.wechat.transport import Transport

SENDALL = "/cgi-bin/message/mass/sendall"
SEND = "/cgi-bin/message/mass/send"
PREVIEW = "/cgi-bin/message/mass/preview"
GET = "/cgi-bin/message/mass/get"
DELETE = "/cgi-bin/message/mass/delete"
SPEED_GET = "/cgi-bin/message/mass/speed/get"
SPEED_SET = "/cgi-bin/message/mass/speed/set"

MIN_OPENIDS, MAX_OPENIDS = 2, 10_000
MAX_CLIENTMSGID_BYTES = 32


@dataclass(frozen=True, slots=True)
class ToAll:
    """Every follower of the account. The only way to say so: nothing that is missing ever means everybody."""


@dataclass(frozen=True, slots=True)
class ToTag:
    """Every follower with this tag. Raises InvalidRequest for anything but a tag's number."""

    tag_id: int

    def __post_init__(self) -> None:
        if type(self.tag_id) is not int or self.tag_id < 0:  # True is an int, and would be tag 1
            raise InvalidRequest(
                SENDALL,
                by_language(en=f"{self.tag_id!r} is not a tag.", zh=f"{self.tag_id!r} 不是标签。"),
                by_language(en="Choose a tag.", zh="请选择一个标签。"),
            )


class Message(Protocol):
    """What can be sent: a type that knows its own part of the request."""

    def payload(self) -> Mapping[str, Any]:
        """This will be `msgtype` and the branch that belongs to it."""


@dataclass(frozen=True, slots=True)
class TextMessage:
    """Text; `<a href="...">` is allowed."""

    content: str

    def payload(self) -> Mapping[str, Any]:
        return {"msgtype": "text", "text": {"content": self.content}}


@dataclass(frozen=True, slots=True)
class ImagesMessage:
    """One or more pictures (图片). `recommend` is the line above them, WeChat's own "分享图片" when it is empty."""

    media_ids: tuple[str, ...]
    recommend: str = ""
    title: str = ""
    need_open_comment: bool = False
    only_fans_can_comment: bool = False

    def payload(self) -> Mapping[str, Any]:
        images: dict[str, Any] = {"media_ids": list(self.media_ids)}
        images |= {key: text for key in ("recommend", "title") if (text := getattr(self, key))}
        images["need_open_comment"] = int(self.need_open_comment)
        images["only_fans_can_comment"] = int(self.only_fans_can_comment)
        return {"msgtype": "image", "images": images}


@dataclass(frozen=True, slots=True)
class ImageMessage:
    """One picture in the older form, which a preview still takes."""

    media_id: str

    def payload(self) -> Mapping[str, Any]:
        return {"msgtype": "image", "image": {"media_id": self.media_id}}


@dataclass(frozen=True, slots=True)
class VoiceMessage:
    """A voice recording (语音)."""

    media_id: str

    def payload(self) -> Mapping[str, Any]:
        return {"msgtype": "voice", "voice": {"media_id": self.media_id}}


@dataclass(frozen=True, slots=True)
class VideoMessage:
    """A video (视频). The `media_id` is what `media.upload_video` returned, not that of the file."""

    media_id: str

    def payload(self) -> Mapping[str, Any]:
        return {"msgtype": "mpvideo", "mpvideo": {"media_id": self.media_id}}


@dataclass(frozen=True, slots=True)
class ArticleMessage:
    """The articles of a draft (图文). With `send_ignore_reprint` they go out as a reprint where that is allowed."""

    media_id: str
    send_ignore_reprint: bool = False

    def payload(self) -> Mapping[str, Any]:
        return {
            "msgtype": "mpnews",
            "mpnews": {"media_id": self.media_id},
            "send_ignore_reprint": int(self.send_ignore_reprint),
        }


@dataclass(frozen=True, slots=True)
class CardMessage:
    """A coupon (卡券), which WeChat refuses today with 45113. `card_ext` is JSON text that only a preview takes."""

    card_id: str
    card_ext: str = ""

    def payload(self) -> Mapping[str, Any]:
        return {"msgtype": "wxcard", "wxcard": {"card_id": self.card_id}}


@dataclass(frozen=True, slots=True)
class RawMessage:
    """The stored payload of another message, sent as it is. Raises InvalidRequest when it is more than a payload."""

    body: Mapping[str, Any]

    def __post_init__(self) -> None:
        if not self.body.get("msgtype") or not _NO_CONTENT.isdisjoint(self.body):  # it would change the audience
            raise InvalidRequest(
                SENDALL,
                by_language(en="The stored message is damaged.", zh="保存的消息内容已损坏。"),
                by_language(en="Compose the message again.", zh="请重新编辑消息。"),
            )

    def payload(self) -> Mapping[str, Any]:
        return self.body


_NO_CONTENT = {"filter", "touser", "towxname", "clientmsgid"}


def preview_payload(message: Message) -> Mapping[str, Any]:
    """This will be `message` as mass/preview takes it.

    Pictures go in the older form, which shows the first only; articles without a word about reprints; a card with its
    extension.
    """
    body = {key: value for key, value in message.payload().items() if key != "send_ignore_reprint"}
    if images := body.pop("images", None):
        body["image"] = {"media_id": images["media_ids"][0]}
    if isinstance(message, CardMessage) and message.card_ext:
        body["wxcard"] = {"card_id": message.card_id, "card_ext": message.card_ext}
    return body


@dataclass(frozen=True, slots=True)
class Submission:
    """WeChat has accepted the job, which says nothing about delivery. `msg_data_id` is for statistics of articles."""

    msg_id: int
    msg_data_id: int | None


class JobStatus(StrEnum):
    """What `get` says of a job. DELETE means recalled."""

    SEND_SUCCESS = "SEND_SUCCESS"
    SENDING = "SENDING"
    SEND_FAIL = "SEND_FAIL"
    DELETE = "DELETE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class Speed:
    """`speed` is the class, 0 (fastest, 800,000 a minute) to 4 (100,000); `real_speed` is in 10,000 a minute."""

    speed: int
    real_speed: int | None


class Broadcasts:
    """Mass messages of the account."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def sendall(self, to: ToAll | ToTag, message: Message, *, clientmsgid: str) -> Submission:
        """This will send to everybody or to one tag.

        Raises InvalidRequest before anything is sent; AlreadySubmitted, StillSubmitting, WaitingForAdmin, QuotaUsedUp,
        UnknownTag and the other errors of the tree afterwards.
        """
        match to:
            case ToAll():
                audience: dict[str, Any] = {"is_to_all": True}
            case ToTag(tag_id):
                audience = {"is_to_all": False, "tag_id": tag_id}
            case _:
                raise InvalidRequest(
                    SENDALL,
                    by_language(en="The mass send has no audience.", zh="群发没有指定对象。"),
                    by_language(en="Choose everybody or a tag.", zh="请选择全部粉丝或一个标签。"),
                )
        return self._submit(SENDALL, {"filter": audience}, message, clientmsgid)

    def send(self, openids: Sequence[str], message: Message, *, clientmsgid: str) -> Submission:
        """This will send to 2 to 10,000 different openids; service accounts only. Raises like `sendall`."""
        given = require_openids(SEND, openids, at_least=MIN_OPENIDS, at_most=MAX_OPENIDS)
        return self._submit(SEND, {"touser": given}, message, clientmsgid)

    def preview(self, message: Message, *, openid: str | None = None, wxname: str | None = None) -> None:
        """This will send to one person only, named by openid or by WeChat ID (100 a day). Raises InvalidRequest."""
        if bool(openid) == bool(wxname):  # with both, WeChat silently takes the WeChat ID
            raise InvalidRequest(
                PREVIEW,
                by_language(en="A preview goes to exactly one person.", zh="预览只能发给一个人。"),
                by_language(en="Give an openid or a WeChat ID.", zh="请填写 openid 或微信号之一。"),
            )
        person = {"touser": openid} if openid else {"towxname": wxname}
        self._transport.post(PREVIEW, {**preview_payload(message), **person})

    def delete(self, msg_id: int, article_idx: int = 0) -> None:
        """This will recall articles or a video for good: the page dies, the card stays in the chats.

        `article_idx` counts from 1; 0 recalls the whole message. Raises ApiError 40059, 40060, 40065.
        """
        self._transport.post(DELETE, {"msg_id": msg_id, "article_idx": article_idx})

    def get(self, msg_id: int) -> JobStatus:
        """This will be the status of a job, without any counts. Raises ApiError 40059 for a job of another account."""
        raw = str(self._transport.post(GET, {"msg_id": str(msg_id)}, replayable=True).get("msg_status", "")).upper()
        return JobStatus(raw) if raw in JobStatus.__members__ else JobStatus.UNKNOWN

    def get_speed(self) -> Speed:
        """This will be how fast mass messages go out."""
        data = self._transport.post(SPEED_GET, replayable=True)
        return Speed(required_integer(data, "speed", call=SPEED_GET), optional_integer(data.get("realspeed")))

    def set_speed(self, speed: int) -> None:
        """This will set the class, 0 to 4. Raises ApiError 45083 outside of it."""
        self._transport.post(SPEED_SET, {"speed": speed}, replayable=True)

    def _submit(self, call: str, audience: Mapping[str, Any], message: Message, clientmsgid: str) -> Submission:
        if not isinstance(clientmsgid, str) or not 1 <= len(clientmsgid.encode()) <= MAX_CLIENTMSGID_BYTES:
            raise InvalidRequest(
                call,
                by_language(
                    en=f"A mass send needs a clientmsgid of 1 to {MAX_CLIENTMSGID_BYTES} bytes.",
                    zh=f"群发必须带有 1 到 {MAX_CLIENTMSGID_BYTES} 字节的 clientmsgid。",
                ),
            )
        data = self._transport.post(call, {**message.payload(), **audience, "clientmsgid": clientmsgid})
        return Submission(required_integer(data, "msg_id", call=call), optional_integer(data.get("msg_data_id")))
