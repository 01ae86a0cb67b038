"""What a callback may answer: `success`, nothing, or a passive reply (被动回复), encrypted where that is the rule.

https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from wxcore.simulator import bubbles
from wxcore.simulator.bubbles import Bubble
from wxcore.simulator.errors import WeChatError
from wxcore.wechat import crypto

if TYPE_CHECKING:
    from wxcore.simulator.accounts import Account

Tree = dict[str, Any]
TYPES = ("text", "image", "voice", "video", "music", "news", "transfer_customer_service")
NEWS_AFTER_MESSAGE, NEWS_AFTER_EVENT = 1, 8
# Events whose sender is not waiting: WeChat shows nobody a reply to them.
UNANSWERED = ("masssendjobfinish", "templatesendjobfinish", "publishjobfinish", "unsubscribe", "view")


class ReplyError(ValueError):
    """The answer is none that WeChat understands; the text says why."""


def read_reply(body: bytes, pushed: Tree, account: Account, *, now: float, origin: str) -> Bubble | None:
    """This will be what the follower sees of the answer to a push, None when it only acknowledges. Raises ReplyError.

    The caller holds the account's lock.
    """
    text = _decode(body)
    if text in ("", "success"):
        return None
    reply = _parse(text, account)
    if account.options.mode == "safe" or "Encrypt" in reply:
        reply = _open(reply, account)
    kind = _text(reply, "MsgType")
    if kind not in TYPES:
        raise ReplyError("neither success, empty, nor a reply")
    if (_text(reply, "ToUserName"), _text(reply, "FromUserName")) != (pushed["FromUserName"], pushed["ToUserName"]):
        raise ReplyError("the reply's ToUserName and FromUserName are not the push's, swapped")
    if not _text(reply, "CreateTime").isdecimal():
        raise ReplyError("the reply's CreateTime is no number")
    if str(pushed.get("Event", "")).lower() in UNANSWERED:
        raise ReplyError(f"nobody sees a reply to {pushed['Event']}")
    try:
        return _shown(kind, reply, pushed, account, now, origin)
    except WeChatError as error:
        raise ReplyError(f"the {kind} reply: {error.message}") from None


def _shown(kind: str, reply: Tree, pushed: Tree, account: Account, now: float, origin: str) -> Bubble:
    if kind == "text":
        return bubbles.text(_text(reply, "Content"))
    if kind == "transfer_customer_service":
        agent = _text(_part(reply, "TransInfo"), "KfAccount")
        return {"msgtype": kind, "text": "", "transfer": agent}
    if kind == "news":
        return bubbles.news(_cards(reply), most=NEWS_AFTER_EVENT if "Event" in pushed else NEWS_AFTER_MESSAGE)
    part = _part(reply, kind.capitalize())
    title, description = _text(part, "Title"), _text(part, "Description")
    if kind == "music":
        urls = {"url": _text(part, "MusicUrl"), "hq_url": _text(part, "HQMusicUrl")}
        thumb = _text(part, "ThumbMediaId")
        return bubbles.music(account, now, origin, thumb=thumb, title=title, description=description, **urls)
    media_id = _text(part, "MediaId")
    if kind == "video":
        return bubbles.video(account, media_id, now, origin, title=title, description=description)
    return (bubbles.image if kind == "image" else bubbles.voice)(account, media_id, now, origin)


def _cards(reply: Tree) -> list[Bubble]:
    articles = reply.get("Articles", [])
    items = articles.get("item", []) if isinstance(articles, dict) else articles
    listed = [item for item in (items if isinstance(items, list) else [items]) if isinstance(item, dict)]
    if _text(reply, "ArticleCount") != str(len(listed)):
        raise ReplyError("the reply's ArticleCount is not the number of its articles")
    names = {"title": "Title", "description": "Description", "url": "Url", "picture": "PicUrl"}
    return [{key: _text(item, name) for key, name in names.items()} for item in listed]


def _open(reply: Tree, account: Account) -> Tree:
    if account.options.mode == "plaintext":
        raise ReplyError("the reply is encrypted, and the mode is plaintext")
    if "Encrypt" not in reply:
        raise ReplyError("the mode is safe, and the reply is not encrypted")
    secret, signature = _text(reply, "Encrypt"), _text(reply, "MsgSignature")
    parts = account.options.token, _text(reply, "TimeStamp"), _text(reply, "Nonce"), secret
    if not crypto.signature_matches(signature, *parts):
        raise ReplyError("the reply's MsgSignature does not match")
    try:
        key = crypto.decode_aes_key(account.options.encoding_aes_key)
        return _parse(_decode(crypto.decrypt(secret, key=key, appid=account.appid)), account)
    except crypto.DecryptError as error:
        raise ReplyError(f"the reply does not decrypt: {error}") from None


def _decode(body: bytes) -> str:
    try:
        return body.decode().strip()
    except UnicodeDecodeError:
        raise ReplyError("the answer is not UTF-8") from None


def _parse(text: str, account: Account) -> Tree:
    form = account.options.format
    try:
        parsed = json.loads(text) if form == "json" else _tree(fromstring(text, forbid_dtd=True))
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        raise ReplyError(f"neither success, empty, nor {form.upper()}") from None
    if not isinstance(parsed, dict):
        raise ReplyError("neither success, empty, nor a reply")
    return parsed


def _tree(element: Element) -> Any:
    """This will be an element as JSON would have it: text, or its children by name, those of one name as a list."""
    if not len(element):
        return element.text or ""
    found: Tree = {}
    for child in element:
        value = _tree(child)
        if child.tag in found:
            earlier = found[child.tag]
            found[child.tag] = [*(earlier if isinstance(earlier, list) else [earlier]), value]
        else:
            found[child.tag] = value
    return found


def _part(reply: Tree, name: str) -> Tree:
    part = reply.get(name)
    return part if isinstance(part, dict) else {}


def _text(reply: Tree, name: str) -> str:
    value = reply.get(name, "")
    return str(value) if isinstance(value, str | int) else ""
