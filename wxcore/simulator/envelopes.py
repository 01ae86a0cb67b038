"""How a push is written, signed and encrypted: XML or JSON, in one of three modes (消息加解密).

https://developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from wxcore.wechat import crypto

if TYPE_CHECKING:
    from wxcore.simulator.accounts import Account

TYPES = {"xml": "text/xml", "json": "application/json"}


@dataclass(frozen=True)
class Envelope:
    """A request that is made once and repeated byte by byte."""

    url: str
    body: str
    content_type: str


class Repeated(list[Any]):
    """Values whose element is repeated, where a plain list becomes one element with items."""


def written(message: dict[str, Any], form: str) -> str:
    """This will be a message as XML or as JSON with raw characters, by the account's `format`."""
    if form == "json":
        return json.dumps(message, ensure_ascii=False)
    return _element("xml", message)


def seal(message: dict[str, Any], account: Account, *, openid: str, plan: str = "") -> Envelope:
    """This will be the request that pushes `message`, in the account's format and mode.

    The query's timestamp is real time, whatever the simulated clock says: a receiver compares it with its own.
    A `plan` of `bad_signature` signs with another token, `wrong_appid` encrypts for another account.
    """
    options = account.options
    token = "wrong" + options.token if plan == "bad_signature" else options.token
    timestamp, nonce = str(int(time.time())), str(random_number(4))
    signature = crypto.signature(token, timestamp, nonce)
    query = {"signature": signature, "timestamp": timestamp, "nonce": nonce, "openid": openid}
    shown = message
    if options.mode != "plaintext":
        appid = "wx0000000000000000" if plan == "wrong_appid" else account.appid
        key = crypto.decode_aes_key(options.encoding_aes_key)
        secret = crypto.encrypt(written(message, options.format).encode(), key=key, appid=appid)
        query |= {"encrypt_type": "aes", "msg_signature": crypto.signature(token, timestamp, nonce, secret)}
        plain = message if options.mode == "compatible" else {"ToUserName": options.original_id}
        shown = {**plain, "Encrypt": secret}
    return Envelope(with_query(options.callback_url, query), written(shown, options.format), TYPES[options.format])


def with_query(url: str, query: dict[str, str]) -> str:
    """This will be the URL with more of a query."""
    return url + ("&" if "?" in url else "?") + urlencode(query)


def random_number(size: int) -> int:
    """This will be a random number of `size` bytes."""
    return int.from_bytes(os.urandom(size), "big")


def _element(name: str, value: Any) -> str:
    """This will be one XML element: text as CDATA, numbers plain, dicts nested, a list as items."""
    if isinstance(value, Repeated):
        return "".join(_element(name, part) for part in value)
    if isinstance(value, dict):
        inner = "".join(_element(key, part) for key, part in value.items())
    elif isinstance(value, list):
        inner = "".join(_element("item", part) for part in value)
    elif isinstance(value, str):
        inner = f"<![CDATA[{value.replace(']]>', ']]]]><![CDATA[>')}]]>"
    else:
        inner = str(value)
    return f"<{name}>{inner}</{name}>"
