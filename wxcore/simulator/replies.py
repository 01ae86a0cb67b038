"""What a callback may answer: `success`, nothing, or a passive reply (被动回复), encrypted where that is the rule.

https://developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from wxcore.wechat import crypto

if TYPE_CHECKING:
    from wxcore.simulator.accounts import Account

TYPES = ("text", "image", "voice", "video", "music", "news", "transfer_customer_service")


class ReplyError(ValueError):
    """The answer is none that WeChat understands; the text says why."""


def read_reply(body: str, account: Account, *, openid: str) -> str | None:
    """This will be what the follower sees of an answer, None when it only acknowledges. Raises ReplyError."""
    if body.strip() in ("", "success"):
        return None
    reply = _parse(body)
    if account.options.mode == "safe" or reply.find("Encrypt") is not None:
        reply = _open(reply, account)
    kind = _text(reply, "MsgType")
    if kind not in TYPES:
        raise ReplyError("neither success, empty, nor a reply")
    if _text(reply, "ToUserName") != openid or _text(reply, "FromUserName") != account.options.original_id:
        raise ReplyError("the reply's ToUserName and FromUserName are not the push's, swapped")
    return _text(reply, "Content") if kind == "text" else f"[{kind}]"


def _open(reply: Element, account: Account) -> Element:
    secret, signature = _text(reply, "Encrypt"), _text(reply, "MsgSignature")
    parts = account.options.token, _text(reply, "TimeStamp"), _text(reply, "Nonce"), secret
    if not crypto.signature_matches(signature, *parts):
        raise ReplyError("the reply is not encrypted and signed")
    try:
        key = crypto.decode_aes_key(account.options.encoding_aes_key)
        return _parse(crypto.decrypt(secret, key=key, appid=account.appid).decode())
    except (crypto.DecryptError, ValueError) as error:
        raise ReplyError(f"the reply does not decrypt: {error}") from None


def _parse(body: str) -> Element:
    try:
        return fromstring(body.strip(), forbid_dtd=True)
    except (ParseError, DefusedXmlException):
        raise ReplyError("neither success, empty, nor XML") from None


def _text(reply: Element, name: str) -> str:
    return reply.findtext(name) or ""
