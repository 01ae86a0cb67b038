"""A stream of server-sent events: what the hub knows, cut to what one person may hear, with a beat and an end.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections

from wxcore import rights
from wxcore.live import Fact, News, hub, permissions
from wxcore.models import OfficialAccount

# A peer that is gone without a word is noticed when something is written to it; one that hung up at the next look.
BEAT_SECONDS = 10.0
LOOK_SECONDS = 1.0
# Until a client comes back by itself.
RETRY_MILLISECONDS = 2000
FIRST_LOOK_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Ears:
    """What one person hears: topics, and by permission the accounts. Asked once; a stream ends within a minute."""

    topics: frozenset[str]
    accounts: dict[str, frozenset[int]]

    def hears(self, topic: str, fact: Fact) -> bool:
        return topic in self.topics and fact.account in self.accounts.get(fact.permission, ())


def ears(user: rights.Person, topics: frozenset[str], account: OfficialAccount | None) -> Ears:
    """This will be what somebody may hear of these topics, of one account or of all of theirs."""
    heard = {}
    for permission in permissions(topics):
        own = rights.accounts_of(user, permission)
        own = own if account is None else own.filter(pk=account.pk)
        heard[permission] = frozenset(own.order_by().values_list("pk", flat=True))
    return Ears(topics, heard)


class Stream:
    """The body of a response. Who makes one has taken a place, and `close` gives it back, iterated or not."""

    def __init__(self, ears: Ears, last_event_id: str = "", *, peer: socket.socket | None = None) -> None:
        self._ears = ears
        self._peer = peer
        self._last_event_id = last_event_id
        self._hub = hub
        self._lock = threading.Lock()
        self._is_closed = False
        self._events = self._tell()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._events).encode()

    def close(self) -> None:
        """This will give the place back, once."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed = True
        self._hub.leave()

    def _tell(self) -> Iterator[str]:
        _release_database()
        ends_at = time.monotonic() + settings.STREAM_SECONDS
        yield f"retry: {RETRY_MILLISECONDS}\n\n"
        self._hub.has_looked(timeout=FIRST_LOOK_SECONDS)
        after = self._resumes_at()
        number, found = self._hub.news(after, timeout=0)
        yield from (self._event(news) for news in found if self._ears.hears(news.topic, news.fact))
        told = {"resumed": after is not None}
        yield f"id: {self._hub.epoch}-{number}\nevent: ready\ndata: {json.dumps(told)}\n\n"
        epoch, beat_at = self._hub.epoch, time.monotonic() + BEAT_SECONDS
        while not self._is_over(epoch) and (left := ends_at - time.monotonic()) > 0:
            number, found = self._hub.news(number, timeout=min(LOOK_SECONDS, left))
            heard = [self._event(news) for news in found if self._ears.hears(news.topic, news.fact)]
            if not heard and time.monotonic() >= beat_at:
                heard = [": beat\n\n"]
            if heard:
                yield "".join(heard)
                beat_at = time.monotonic() + BEAT_SECONDS

    def _resumes_at(self) -> int | None:
        """The number of the last event that the client heard, if it was of this reader."""
        epoch, _, number = self._last_event_id.partition("-")
        if epoch == self._hub.epoch and number.isascii() and number.isdigit() and len(number) < 16:
            return int(number)
        return None

    def _is_over(self, epoch: str) -> bool:
        return self._hub.is_over() or self._hub.epoch != epoch or self._is_alone()

    def _is_alone(self) -> bool:
        """Whether the peer has hung up: who loads a page anew shall find a place at once, and not after two beats."""
        if self._peer is None:
            return False
        try:
            return self._peer.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def _event(self, news: News) -> str:
        data = json.dumps(news.fact.data, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
        return f"id: {self._hub.epoch}-{news.number}\nevent: {news.fact.event}\ndata: {data}\n\n"


def _release_database() -> None:
    """A stream waits for most of its life: its thread must not keep a connection from those that work."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


def end_with_server() -> None:
    """This will end the streams when the server is asked to stop: else it would wait for them."""
    if threading.current_thread() is not threading.main_thread():
        return
    before = signal.getsignal(signal.SIGTERM)
    if not callable(before):
        return

    def stop(number: int, frame: FrameType | None) -> Any:
        # In a thread: the handler may have interrupted somebody who holds the hub's lock.
        threading.Thread(target=hub.stop, daemon=True).start()
        return before(number, frame)

    signal.signal(signal.SIGTERM, stop)
