"""A nudge that cannot be sent holds nobody up: the tick does the work."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import Celery, Task

from wxcore.celery import nudge
from wxcore.processes import free_port

pytestmark = pytest.mark.django_db(transaction=True)


def tick() -> None:
    """Nobody ever runs it."""


# WeChat waits five seconds for the answer to a push.
SOON = 3.0


@pytest.fixture
def mute_port() -> Iterator[int]:
    """A port that takes connections and never says a word, like a broker that hangs."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def task_at(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Task]:
    """`task_at(port)`: a task whose broker is there, with our settings otherwise."""
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)

    def task_at(port: int) -> Task:
        settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{port}/0"
        app = Celery("lonely", set_as_current=False)
        app.config_from_object("django.conf:settings", namespace="CELERY")
        return app.task(tick, name="lonely.tick")

    return task_at


def seconds(task: Task) -> float:
    began = time.monotonic()
    nudge(task)
    return time.monotonic() - began


def test_when_nobody_listens(task_at: Callable[[int], Task], caplog: pytest.LogCaptureFixture) -> None:
    assert seconds(task_at(free_port())) < SOON
    assert "Connection refused" in caplog.text


def test_when_the_broker_hangs(
    task_at: Callable[[int], Task], mute_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    assert seconds(task_at(mute_port)) < SOON
    assert "Timeout" in caplog.text
