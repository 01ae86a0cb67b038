"""What goes on, for whoever listens: one reader in each process asks the database, all streams hear what changed.

Each app registers its sources. A source is asked once in a while as long as somebody listens, at a constant number of
statements however many do. The hub keeps the last state of each thing, numbered by when it changed: who comes back
with the number that they heard last is told what they missed.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import Error, connections

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
# The reader goes on for so long without a listener: who reconnects finds it where it was.
LINGER_SECONDS = 10.0
# What has ended is remembered for so long, for those who were between two streams when it did.
ENDED_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Fact:
    """The state of one thing: `key` among those of its `event`, told to who has `permission` on its `account`.

    One that is not open any more has ended: it is told once more, and its source is not asked for it again.
    """

    event: str
    key: str
    account: int
    permission: str
    data: Mapping[str, Any]
    is_open: bool = True


# Given the facts of the source that were open, by key; answers those that are, and the last word on those that ended.
Read = Callable[[Mapping[str, Fact]], Iterable[Fact]]


@dataclass(frozen=True, slots=True)
class Source:
    """`topic` is what listeners choose; it is read every so many seconds."""

    topic: str
    permissions: Collection[str]
    read: Read
    every: float


_sources: list[Source] = []


def register(topic: str, permissions: Collection[str], read: Read, *, every: float = LOOK_SECONDS) -> None:
    """This will make known another source."""
    _sources.append(Source(topic, permissions, read, every))


def topics() -> list[str]:
    """This will be what one can listen to."""
    return sorted({source.topic for source in _sources})


def permissions(chosen: Iterable[str]) -> set[str]:
    """This will be the permissions by which the facts of these topics are told."""
    return set().union(*(source.permissions for source in _sources if source.topic in set(chosen)))


@dataclass(frozen=True, slots=True)
class News:
    """A fact, and the number of its last change."""

    number: int
    topic: str
    fact: Fact
    at: float


class Hub:
    """The reader, and what it knows. `epoch` is another one whenever a reader begins anew."""

    def __init__(self, sources: list[Source]) -> None:
        self._sources = sources
        self._changed = threading.Condition()
        self._places = 0
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._forget()

    def _forget(self) -> None:
        self.epoch = uuid.uuid4().hex[:8]
        self._state: dict[tuple[int, str, str], News] = {}
        self._asked_at: dict[int, float] = {}
        self._number = 0
        self._has_looked = False

    def take_place(self) -> bool:
        """This will let somebody listen, unless a quarter of the server's threads does so already."""
        with self._changed:
            if self._stopping or self._places >= max(1, settings.WEB_THREADS // 4):
                return False
            self._places += 1
            if self._thread is None:
                self._forget()
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()
            return True

    def leave(self) -> None:
        with self._changed:
            self._places -= 1

    @property
    def places(self) -> int:
        """How many listen."""
        return self._places

    def is_over(self) -> bool:
        """This will tell whether listening is of no use any more: the server stops, or the reader has died."""
        return self._stopping or self._thread is None

    def news(self, after: int | None, *, timeout: float) -> tuple[int, list[News]]:
        """This will be what changed after that number, in order, and the number to go on from.

        It waits for the first change for as long as `timeout`. None is for who comes new: all that is open.
        """
        with self._changed:
            self._changed.wait_for(lambda: self.is_over() or self._has_news(after), timeout)
            if not self._has_looked:
                return after or 0, []
            found = [news for news in self._state.values() if _is_new(news, after)]
            return self._number, sorted(found, key=lambda news: news.number)

    def has_looked(self, *, timeout: float) -> bool:
        """This will wait until the reader has looked once."""
        with self._changed:
            return self._changed.wait_for(lambda: self._has_looked or self.is_over(), timeout)

    def now(self) -> list[tuple[str, Fact]]:
        """This will be all that is open, each with its topic, without listening: for who polls."""
        with self._changed:
            if self._has_looked and self._thread is not None:
                return [(news.topic, news.fact) for news in self._state.values() if news.fact.is_open]
        return [(source.topic, fact) for source in self._sources for fact in source.read({}) if fact.is_open]

    def stop(self) -> None:
        """This will end every stream: the server stops."""
        self._stopping = True
        with self._changed:
            self._changed.notify_all()

    def _has_news(self, after: int | None) -> bool:
        return self._has_looked and (after is None or self._number > after)

    def _run(self) -> None:
        alone_since: float | None = None
        try:
            while not self._stopping:
                self._look()
                with self._changed:
                    now = time.monotonic()
                    alone_since = None if self._places else alone_since or now
                    if alone_since is not None and now - alone_since > LINGER_SECONDS:
                        break
                    self._changed.wait_for(lambda: self._stopping, LOOK_SECONDS)
        finally:
            with self._changed:
                self._thread = None
                self._changed.notify_all()

    def _look(self) -> None:
        """This will ask each source whose time has come. A database that is away is asked again the next time."""
        now = time.monotonic()
        try:
            for index, source in enumerate(self._sources):
                if now - self._asked_at.get(index, -source.every) >= source.every:
                    self._asked_at[index] = now
                    self._take(index, source, now)
        except Error as error:
            self._asked_at.clear()
            log.warning("live: the database does not answer: %s", error)
        else:
            with self._changed:
                self._has_looked = True
                self._changed.notify_all()
        finally:
            # Between two looks nothing is held: on PostgreSQL the connection goes back to the pool.
            connections.close_all()

    def _take(self, index: int, source: Source, now: float) -> None:
        mine = {place: news for place, news in self._state.items() if place[0] == index}
        known = {news.fact.key: news.fact for news in mine.values() if news.fact.is_open}
        found = list(source.read(known))
        with self._changed:
            for fact in found:
                place = (index, fact.event, fact.key)
                before = self._state.get(place)
                if before is None or before.fact != fact:
                    self._number += 1
                    self._state[place] = News(self._number, source.topic, fact, now)
            for place, news in mine.items():
                if not news.fact.is_open and now - news.at > ENDED_SECONDS:
                    del self._state[place]
            self._changed.notify_all()


def _is_new(news: News, after: int | None) -> bool:
    return news.fact.is_open if after is None else news.number > after


hub = Hub(_sources)
