"""WeChat as our callback sees it: signs, encrypts and posts, computed here and not by the code under test."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.test import Client

from tests.conftest import APPID, TOKEN

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
PREVIOUS_AES_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"


def sign(*parts: str) -> str:
    """This will be the lower-case SHA-1 over the sorted parts."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - WeChat's choice


def encrypt(body: bytes, *, key: str, appid: str) -> str:
    """This will be the base64 of AES-256-CBC over 16 bytes, the length, the body, the appid, padded to 32 bytes."""
    secret = base64.b64decode(key + "=")
    frame = b"0123456789abcdef" + len(body).to_bytes(4, "big") + body + appid.encode()
    pad = 32 - len(frame) % 32
    encryptor = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    return base64.b64encode(encryptor.update(frame + bytes([pad]) * pad) + encryptor.finalize()).decode()


@dataclass(frozen=True)
class Sender:
    """Posts to one account's callback. `but(token="wrong")` is the same sender with one thing wrong."""

    path: str = "/wechat/test/"
    token: str = TOKEN
    timestamp: str = field(default_factory=lambda: str(int(time.time())))
    nonce: str = "1514711492"
    key: str = AES_KEY
    appid: str = APPID
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def but(self, **changes: Any) -> Sender:
        return replace(self, **changes)

    def later(self, seconds: int) -> Sender:
        """This will be the same sender with another clock, of the future or, below zero, of the past."""
        return self.but(timestamp=str(int(time.time()) + seconds))

    def query(self, **changes: str | None) -> dict[str, str]:
        """This will be a signed query; a value of None leaves that parameter out."""
        signed = {
            "signature": sign(self.token, self.timestamp, self.nonce),
            "timestamp": self.timestamp,
            "nonce": self.nonce,
        }
        return {name: value for name, value in (signed | changes).items() if value is not None}

    def get(self, **changes: str | None) -> Any:
        """The check of the URL."""
        return self.client.get(self.path, self.query(echostr="4375120948345356249") | self.query(**changes))

    def post(self, body: bytes, **changes: str | None) -> Any:
        """A push in plaintext mode."""
        return self.client.post(
            self.path, body, content_type="text/xml", query_params=self.query(openid="oU1", **changes)
        )

    def post_encrypted(self, body: bytes, *, plain_fields: str = "", **changes: str | None) -> Any:
        """A push in safe mode; with `plain_fields` in compatible mode."""
        secret = encrypt(body, key=self.key, appid=self.appid)
        signed = {"encrypt_type": "aes", "msg_signature": sign(self.token, self.timestamp, self.nonce, secret)}
        envelope = f"<xml><ToUserName><![CDATA[gh_1]]></ToUserName>{plain_fields}<Encrypt>{secret}</Encrypt></xml>"
        return self.post(envelope.encode(), **signed | changes)
