"""Customer-service messages (客服消息): to one follower, for a while after they did something.

WeChat could not recognise a repetition, so none is ever made here: whether a message arrived whose answer was lost,
only a person can know.
https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from wxcore.errors import by_language
from wxcore.wechat.errors import InvalidRequest
from wxcore.wechat.transport import Transport

SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/typing"
MAX_TEXT_BYTES = 2048


class Message(Protocol):
    """What can be sent: a type that knows its own part of the request."""

    def payload(self) -> Mapping[str, Any]:
        """This will be `msgtype` and the branch that belongs to it."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text of at most 2,048 bytes; `<a href="...">` is allowed. Raises InvalidRequest for none, or for more."""

    content: str

    def __post_init__(self) -> None:
        length = len(self.content.encode())
        if not self.content.strip() or length > MAX_TEXT_BYTES:
            raise InvalidRequest(
                SEND,
                by_language(
                    en=f"The text has {length:,} bytes; WeChat takes 1 to {MAX_TEXT_BYTES:,}.",
                    zh=f"文字为 {length:,} 字节，微信限 1 到 {MAX_TEXT_BYTES:,} 字节。",
                ),
                by_language(en="Send it in parts.", zh="请分成多条发送。"),
            )

    def payload(self) -> Mapping[str, Any]:
        return {"msgtype": "text", "text": {"content": self.content}}


@dataclass(frozen=True, slots=True)
class Image:
    """A picture (图片)."""

    media_id: str

    def payload(self) -> Mapping[str, Any]:
        return {"msgtype": "image", "image": {"media_id": self.media_id}}


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice recording (语音)."""

    media_id: str

    def payload(self) -> Mapping[str, Any]:
        return {"msgtype": "voice", "voice": {"media_id": self.media_id}}


@dataclass(frozen=True, slots=True)
class Video:
    """A video (视频). WeChat makes a cover of its own when `thumb_media_id` is empty."""

    media_id: str
    title: str = ""
    description: str = ""
    thumb_media_id: str = ""

    def payload(self) -> Mapping[str, Any]:
        video = {"media_id": self.media_id, "title": self.title, "description": self.description}
        if self.thumb_media_id:
            video["thumb_media_id"] = self.thumb_media_id
        return {"msgtype": "video", "video": video}


@dataclass(frozen=True, slots=True)
class Music:
    """Music from an address (音乐), with a thumbnail as its cover."""

    music_url: str
    hq_music_url: str
    thumb_media_id: str
    title: str = ""
    description: str = ""

    def payload(self) -> Mapping[str, Any]:
        music = {"title": self.title, "description": self.description, "thumb_media_id": self.thumb_media_id}
        return {"msgtype": "music", "music": music | {"musicurl": self.music_url, "hqmusicurl": self.hq_music_url}}


@dataclass(frozen=True, slots=True)
class News:
    """One card that leads to an address (图文，跳转外链); `picture` is an address too. More than one is 45008."""

    title: str
    url: str
    description: str = ""
    picture: str = ""

    def payload(self) -> Mapping[str, Any]:
        article = {"title": self.title, "description": self.description, "url": self.url, "picurl": self.picture}
        return {"msgtype": "news", "news": {"articles": [article]}}


@dataclass(frozen=True, slots=True)
class MiniProgramPage:
    """A page of a mini program that is bound to the account (小程序卡片); the cover is 520 × 416 pixels."""

    title: str
    appid: str
    path: str
    thumb_media_id: str

    def payload(self) -> Mapping[str, Any]:
        page = {"title": self.title, "appid": self.appid, "pagepath": self.path}
        return {"msgtype": "miniprogrampage", "miniprogrampage": page | {"thumb_media_id": self.thumb_media_id}}


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of a menu. Whoever taps it sends `content` as a text, with `id` as its bizmsgmenuid."""

    id: str
    content: str


@dataclass(frozen=True, slots=True)
class Menu:
    """A question with lines to tap (菜单消息)."""

    head: str
    choices: tuple[Choice, ...]
    tail: str = ""

    def payload(self) -> Mapping[str, Any]:
        lines = [{"id": choice.id, "content": choice.content} for choice in self.choices]
        return {"msgtype": "msgmenu", "msgmenu": {"head_content": self.head, "list": lines, "tail_content": self.tail}}


@dataclass(frozen=True, slots=True)
class PublishedArticle:
    """An article that was published (图文，跳转图文页面); `article_id` is that of the publication."""

    article_id: str

    def payload(self) -> Mapping[str, Any]:
        return {"msgtype": "mpnewsarticle", "mpnewsarticle": {"article_id": self.article_id}}


class CustomerService:
    """Messages to single followers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def send(self, openid: str, message: Message, *, kf_account: str = "") -> None:
        """This will send to one follower, shown as from `kf_account` if one is named.

        Raises WindowClosed, WindowUsedUp, MessagesRefused, InvalidMediaId, InvalidOpenid, QuotaUsedUp, TooFast and the
        other errors of the tree. One that says `maybe_carried_out` may have arrived.
        """
        body: dict[str, Any] = {"touser": openid, **message.payload()}
        if kf_account:
            body["customservice"] = {"kf_account": kf_account}
        self._transport.post(SEND, body)

    def typing(self, openid: str, *, is_typing: bool = True) -> None:
        """This will show, or hide, that somebody is writing; only within 30 s of a message. Raises NotTyping."""
        self._transport.post(TYPING, {"touser": openid, "command": "Typing" if is_typing else "CancelTyping"})
