"""The hub: one reader, whatever happens to the database or to a source."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.db import OperationalError

from tests.simulator_control import wait_for
from wxcore import live
from wxcore.live import Fact, Hub, Source

pytestmark = pytest.mark.django_db


class Well:
    """A source that a test fills."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.error: Exception | None = None
        self.looks = 0
        self.known: Mapping[str, Fact] = {}

    def __call__(self, known: Mapping[str, Fact]) -> list[Fact]:
        self.looks += 1
        self.known = known
        if self.error is not None:
            raise self.error
        return list(self.facts)


def fact(key: str, *, is_open: bool = True, **data: Any) -> Fact:
    return Fact("campaign", key, 1, "p", data, is_open)


@pytest.fixture
def well() -> Well:
    return Well()


@pytest.fixture
def hub(well: Well, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Hub]:
    settings.WEB_THREADS = 400
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.02)
    made = Hub([Source("campaigns", {"p"}, well, 0.0)])
    yield made
    reader = made._thread
    made.stop()
    if reader is not None:
        reader.join(10)


def keys(told: tuple[int, list[live.News]]) -> list[str]:
    return [news.fact.key for news in told[1]]


def test_a_database_that_is_away_is_asked_again(hub: Hub, well: Well) -> None:
    well.facts = [fact("1", percent=1)]
    assert hub.take_place()
    assert hub.has_looked(timeout=5)
    number, _news = hub.news(None, timeout=5)
    well.error = OperationalError("gone")
    looks = well.looks
    wait_for(lambda: well.looks > looks + 2)

    well.facts, well.error = [fact("1", percent=2)], None

    assert keys(hub.news(number, timeout=5)) == ["1"]
    assert not hub.is_over()


def test_a_reader_that_dies_ends_its_streams_and_the_next_begins_anew(
    hub: Hub, well: Well, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threading, "excepthook", lambda told: None)
    assert hub.take_place()
    hub.has_looked(timeout=5)
    epoch = hub.epoch
    well.error = ValueError("a bug")
    wait_for(hub.is_over)

    well.error = None
    hub.leave()
    assert hub.take_place()

    assert hub.has_looked(timeout=5)
    assert hub.epoch != epoch


def test_only_what_changed_is_news(hub: Hub, well: Well) -> None:
    well.facts = [fact("1", percent=1), fact("2", percent=1)]
    hub.take_place()
    hub.has_looked(timeout=5)
    number, _news = hub.news(None, timeout=5)
    assert hub.news(number, timeout=0.1) == (number, [])

    well.facts = [fact("1", percent=1), fact("2", percent=9)]

    assert keys(hub.news(number, timeout=5)) == ["2"]


def test_what_has_ended_is_told_once_and_not_to_who_comes_new(hub: Hub, well: Well) -> None:
    well.facts = [fact("1"), fact("2")]
    hub.take_place()
    hub.has_looked(timeout=5)
    number, _news = hub.news(None, timeout=5)

    well.facts = [fact("1"), fact("2", is_open=False)]
    assert keys(hub.news(number, timeout=5)) == ["2"]

    wait_for(lambda: set(well.known) == {"1"})
    assert keys(hub.news(None, timeout=1)) == ["1"]


def test_what_ended_long_ago_is_forgotten(hub: Hub, well: Well, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "ENDED_SECONDS", 0.05)
    well.facts = [fact("1", is_open=False)]
    hub.take_place()
    hub.has_looked(timeout=5)
    well.facts = []

    wait_for(lambda: not hub._state)


def test_a_hundred_listeners_are_one_reader(hub: Hub, well: Well) -> None:
    well.facts = [fact("1")]
    heard: list[list[str]] = []

    def listen() -> None:
        assert hub.take_place()
        hub.has_looked(timeout=10)
        heard.append(keys(hub.news(None, timeout=10)))
        hub.leave()

    threads = [threading.Thread(target=listen) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert heard == [["1"]] * 100
    assert hub.places == 0
    assert sum(thread.name == "live" for thread in threading.enumerate()) == 1


def test_a_server_that_stops_takes_nobody_in(hub: Hub) -> None:
    hub.stop()

    assert not hub.take_place()
