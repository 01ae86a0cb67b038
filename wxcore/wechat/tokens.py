"""The access token: kept in a shared store, refreshed by exactly one thread of one process at a time.

https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/getStableAccessToken.html
"""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from wxcore.errors import OperatorError, Retry, by_language

EARLY_SECONDS = 300.0  # WeChat lets the old and the new token overlap for five minutes around a renewal
EARLY_SHARE = 0.2  # ... and a token that we met late in its life is replaced in the last fifth of what it had left
POLL_SECONDS = 0.2
# A look into the store costs as much as a small call, and the old token lives on for minutes when another process
# renews it.
REMEMBER_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class StoredToken:
    """An access token (up to 512 characters, sometimes more) and the epoch second at which it dies."""

    value: str = field(repr=False)
    expires_at: float


class TokenStore(Protocol):
    """Where the token of one account lives, seen by every thread and process that uses this account.

    `tests/wechat/token_store_contract.py` holds an implementation to these sentences.
    """

    def load(self) -> StoredToken | None:
        """This will be the token saved last, also when it has expired; None when there never was one."""

    def claim(self, *, holder: str, lease_seconds: float) -> bool:
        """This will take the right to refresh, atomically across processes, unless a lease still runs."""

    def save(self, token: StoredToken, *, holder: str) -> None:
        """This will store the token and end the lease; nothing happens when the lease has gone to another holder."""

    def release(self, *, holder: str) -> None:
        """This will end the lease and leave the token; nothing happens when the lease has gone to another holder."""

    def fail(self, error: OperatorError, *, holder: str) -> None:
        """This will do what `release` does, and may keep why there is no token until one is saved."""


class MemoryTokenStore:
    """A store for one process: scripts and tests."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._token: StoredToken | None = None
        self._holder = ""
        self._lease_ends = 0.0

    def load(self) -> StoredToken | None:
        return self._token

    def claim(self, *, holder: str, lease_seconds: float) -> bool:
        with self._lock:
            now = self._clock()
            if self._holder and self._lease_ends > now:
                return False
            self._holder, self._lease_ends = holder, now + lease_seconds
            return True

    def save(self, token: StoredToken, *, holder: str) -> None:
        with self._lock:
            if self._holder == holder:
                self._token = token
                self._holder = ""

    def release(self, *, holder: str) -> None:
        with self._lock:
            if self._holder == holder:
                self._holder = ""

    def fail(self, error: OperatorError, *, holder: str) -> None:
        self.release(holder=holder)


class TokenUnavailable(OperatorError):
    """Another process holds the right to refresh the token and has not brought one in time. Nothing was sent."""

    code = "wechat_token_unavailable"
    retry = Retry.BACKOFF
    message = by_language(
        en="No access token: another process is fetching one and has not finished.",
        zh="暂无 access_token：另一个进程正在获取，尚未完成。",
    )
    fix = by_language(
        en="Try again in a minute. If it lasts, look at the log of the other process.",
        zh="请一分钟后重试；若持续出现，请查看其他进程的日志。",
    )


class AccessTokens:
    """Hands out the access token of one account. Safe to use from many threads.

    `fetch` asks WeChat for a token; `lease_seconds` must be longer than it can take. `clock` gives epoch seconds.
    """

    def __init__(
        self,
        store: TokenStore,
        fetch: Callable[[], StoredToken],
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        *,
        lease_seconds: float = 60.0,
    ) -> None:
        self._store = store
        self._fetch = fetch
        self._clock = clock
        self._sleep = sleep
        self._lease_seconds = lease_seconds
        self._met: tuple[StoredToken | None, float] = (None, 0.0)
        self._remembered: tuple[StoredToken | None, float] = (None, 0.0)

    def get(self, *, rejected: str | None = None) -> str:
        """This will be a token that is good to use now.

        `rejected` is one that WeChat has just refused: it is replaced, unless somebody else has done it already.
        Raises TokenUnavailable, and whatever `fetch` raises.
        """
        stored = self._load(remembered=rejected is None)
        if stored and stored.value != rejected and self._clock() < self._refresh_at(stored):
            return stored.value
        return self._renew(stored, rejected)

    def renew(self) -> str:
        """This will fetch a token now, whatever the store holds. Raises like `get`."""
        stored = self._store.load()
        return self._renew(stored, stored.value if stored else None)

    def _load(self, *, remembered: bool) -> StoredToken | None:
        stored, loaded_at = self._remembered
        if not (remembered and stored and 0 <= self._clock() - loaded_at < REMEMBER_SECONDS):
            stored = self._store.load()
            self._remembered = (stored, self._clock())
        return stored

    def _renew(self, seen: StoredToken | None, rejected: str | None) -> str:
        holder = uuid.uuid4().hex
        deadline = self._clock() + self._lease_seconds
        while not self._store.claim(holder=holder, lease_seconds=self._lease_seconds):
            stored = self._store.load()
            if stored and self._usable(stored, seen, rejected):
                return stored.value
            if self._clock() >= deadline:
                raise TokenUnavailable
            self._sleep(POLL_SECONDS)
        try:
            stored = self._store.load()
            # Between our look and our claim another holder may have finished: one fetch is enough.
            if stored and stored != seen and self._usable(stored, seen, rejected):
                return stored.value
            token = self._fetch()
            self._store.save(token, holder=holder)
            return token.value
        except OperatorError as error:
            self._store.fail(error, holder=holder)
            raise
        finally:
            self._store.release(holder=holder)

    def _usable(self, stored: StoredToken, seen: StoredToken | None, rejected: str | None) -> bool:
        """WeChat may give the rejected token again: what was saved since we looked is new, whatever its value."""
        return self._clock() < stored.expires_at and (stored.value != rejected or stored != seen)

    def _refresh_at(self, stored: StoredToken) -> float:
        """Normally five minutes before the end.

        WeChat may answer with the same token and the little life it has left. Five minutes before *that* end would be
        in the past, and every call would fetch again, so the margin shrinks with what was left when we met the token.
        """
        met, met_at = self._met
        if met != stored:
            met_at = self._clock()
            self._met = (stored, met_at)
        return stored.expires_at - min(EARLY_SECONDS, EARLY_SHARE * (stored.expires_at - met_at))
