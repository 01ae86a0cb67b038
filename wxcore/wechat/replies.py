"""Passive replies (被动回复): what we answer to a push within its request. Pure functions.

https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias, get_args

import orjson

from wxcore.wechat import crypto
from wxcore.wechat.messages import Push

Value: TypeAlias = "str | int | Mapping[str, Value] | Sequence[Value]"

# Nothing to say. Never encrypted.
SUCCESS = b"success"

# What no XML may hold, not even as CDATA.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class TextReply:
    """A text of at most 2,048 bytes; line breaks are \\n."""

    msg_type: ClassVar[str] = "text"
    content: str

    def fields(self) -> dict[str, Value]:
        return {"Content": self.content}


@dataclass(frozen=True, slots=True)
class ImageReply:
    msg_type: ClassVar[str] = "image"
    media_id: str

    def fields(self) -> dict[str, Value]:
        return {"Image": {"MediaId": self.media_id}}


@dataclass(frozen=True, slots=True)
class VoiceReply:
    msg_type: ClassVar[str] = "voice"
    media_id: str

    def fields(self) -> dict[str, Value]:
        return {"Voice": {"MediaId": self.media_id}}


@dataclass(frozen=True, slots=True)
class VideoReply:
    msg_type: ClassVar[str] = "video"
    media_id: str
    title: str = ""
    description: str = ""

    def fields(self) -> dict[str, Value]:
        return {"Video": {"MediaId": self.media_id, "Title": self.title, "Description": self.description}}


@dataclass(frozen=True, slots=True)
class MusicReply:
    """Music by its address, and by one of better quality for Wi-Fi. WeChat shows nothing without a cover."""

    msg_type: ClassVar[str] = "music"
    title: str
    description: str
    music_url: str
    hq_music_url: str
    thumb_media_id: str

    def fields(self) -> dict[str, Value]:
        music: dict[str, Value] = {
            "Title": self.title,
            "Description": self.description,
            "MusicUrl": self.music_url,
            "HQMusicUrl": self.hq_music_url,
            "ThumbMediaId": self.thumb_media_id,
        }
        return {"Music": music}


@dataclass(frozen=True, slots=True)
class Article:
    """One article card."""

    title: str
    description: str
    pic_url: str
    url: str


@dataclass(frozen=True, slots=True)
class NewsReply:
    """Article cards: one after a message, up to eight after an event. WeChat shows none of more."""

    msg_type: ClassVar[str] = "news"
    articles: tuple[Article, ...]

    def fields(self) -> dict[str, Value]:
        cards = [
            {"Title": each.title, "Description": each.description, "PicUrl": each.pic_url, "Url": each.url}
            for each in self.articles
        ]
        return {"ArticleCount": len(cards), "Articles": cards}


@dataclass(frozen=True, slots=True)
class TransferReply:
    """Hands the follower to WeChat's customer service, to `kf_account` when it is given."""

    msg_type: ClassVar[str] = "transfer_customer_service"
    kf_account: str = ""

    def fields(self) -> dict[str, Value]:
        return {"TransInfo": {"KfAccount": self.kf_account}} if self.kf_account else {}


Reply = TextReply | ImageReply | VoiceReply | VideoReply | MusicReply | NewsReply | TransferReply

_BY_TYPE: dict[str, type[Reply]] = {each.msg_type: each for each in get_args(Reply)}


def restore(msg_type: str, fields: Mapping[str, Any]) -> Reply:
    """This will be the reply whose fields `dataclasses.asdict` has written; what it does not know is left alone."""
    kind = _BY_TYPE[msg_type]
    known = {name: fields[name] for name in kind.__dataclass_fields__ if name in fields}
    if kind is NewsReply:
        known["articles"] = tuple(Article(**each) for each in known["articles"])
    return kind(**known)


def render(reply: Reply, push: Push, *, now: int) -> bytes:
    """This will be the answer to a push in its own format, XML or JSON; `now` in epoch seconds.

    Sender and receiver change places.
    """
    content: dict[str, Value] = {
        "ToUserName": push.from_user,
        "FromUserName": push.to_user,
        "CreateTime": now,
        "MsgType": reply.msg_type,
        **reply.fields(),
    }
    return _as_json(content) if push.is_json else _as_xml(content)


def seal(body: bytes, *, key: bytes, token: str, appid: str, timestamp: str, nonce: str, is_json: bool) -> bytes:
    """This will be the encrypted and signed envelope of a rendered reply. Timestamp and nonce may be the request's."""
    ciphertext = crypto.encrypt(body, key=key, appid=appid)
    content: dict[str, Value] = {
        "Encrypt": ciphertext,
        "MsgSignature": crypto.signature(token, timestamp, nonce, ciphertext),
        "TimeStamp": int(timestamp),
        "Nonce": nonce,
    }
    return _as_json(content) if is_json else _as_xml(content)


def _as_json(content: Mapping[str, Value]) -> bytes:
    return orjson.dumps(_clean(content))


def _clean(value: Value) -> Value:
    """Lone surrogates, which no UTF-8 can write, are taken out, and with them what XML would lose as well."""
    if isinstance(value, str):
        return _FORBIDDEN.sub("", value)
    if isinstance(value, Mapping):
        return {name: _clean(each) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [_clean(each) for each in value]
    return value


def _as_xml(content: Mapping[str, Value]) -> bytes:
    return f"<xml>{_elements(content)}</xml>".encode()


def _elements(content: Mapping[str, Value]) -> str:
    return "".join(f"<{name}>{_xml(value)}</{name}>" for name, value in content.items())


def _xml(value: Value) -> str:
    if isinstance(value, str):
        # "]]>" would end the CDATA: it is divided between two.
        return f"<![CDATA[{_FORBIDDEN.sub('', value).replace(']]>', ']]]]><![CDATA[>')}]]>"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return _elements(value)
    return "".join(f"<item>{_xml(each)}</item>" for each in value)
