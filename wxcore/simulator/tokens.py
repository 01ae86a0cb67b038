"""Access tokens: two families that do not know each other, and an overlap of five minutes.

https://developers.weixin.qq.com/doc/service/api/base/api_getaccesstoken.html
https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field

from wxcore.simulator.errors import WeChatError

LIFETIME = 7200
OVERLAP = 300
FORCE_INTERVAL = 30
LOOKS_REAL = re.compile(r"\d+_[A-Za-z0-9_-]{16,}")


@dataclass
class Token:
    """One issued token; `superseded_at` is when a newer one finally ends it."""

    value: str
    expires_at: float
    issued_at: float
    superseded_at: float | None = None


@dataclass
class Family:
    """The tokens of one endpoint: the current one, and all that were ever issued."""

    length: int
    current: Token | None = None
    issued: dict[str, Token] = field(default_factory=dict)

    def issue(self, now: float, *, overlap: float = OVERLAP) -> Token:
        """This will make a new token; the one before it still works for `overlap` seconds."""
        if self.current:
            self.current.superseded_at = now + overlap
        body = secrets.token_urlsafe(self.length)[: max(32, self.length) - 3]
        self.current = Token(f"92_{body}", expires_at=now + LIFETIME, issued_at=now)
        self._forget(now)
        self.issued[self.current.value] = self.current
        return self.current

    def stable(self, now: float, *, force: bool) -> Token:
        """This will be the current token, renewed by itself in its last five minutes, or at once when forced.

        A forced one ends its predecessor immediately, except that within 30 seconds it is the same token again.
        """
        current = self.current
        if current is None or current.expires_at <= now:
            return self.issue(now)
        if force:
            return current if now - current.issued_at < FORCE_INTERVAL else self.issue(now, overlap=0)
        return self.issue(now) if current.expires_at - now <= OVERLAP else current

    def _forget(self, now: float) -> None:
        # Long-dead tokens answer like unknown ones, so that a client that loops on fresh tokens costs no memory.
        if len(self.issued) > 2000:
            self.issued = {v: t for v, t in self.issued.items() if t.expires_at > now - LIFETIME}


def check(value: str, families: list[Family], now: float) -> bool:
    """This will be whether `value` opens the account with these families; raises 40001 or 42001 when it once did."""
    for family in families:
        token = family.issued.get(value)
        if token is None:
            continue
        if token.superseded_at is not None and token.superseded_at <= now:
            raise WeChatError(40001)
        if token.expires_at <= now:
            raise WeChatError(42001)
        return True
    return False


def unknown(value: str) -> WeChatError:
    """This will be the refusal of a token that nobody issued: 40001 when it looks like one, else 40014."""
    return WeChatError(40001 if LOOKS_REAL.fullmatch(value) else 40014)
