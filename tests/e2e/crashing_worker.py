"""Workers that kill themselves at a chosen step, or whose clock is wrong: `python -m tests.e2e.crashing_worker`.

A line of JSON on stdin, `{"die_at": "callbacks.answer: COMMIT 2", "log": "/tmp/...", "clock": 0}`, starts a real Celery
worker that is killed (SIGKILL, by itself) right before that step; it writes the steps that it takes into `log`. Without
`log` it counts none. Its clock is `clock` seconds ahead. The answer is its process id.
Steps are what a crash can come between: each statement that writes by itself, each COMMIT (what a transaction has
written before is as if it had not been), each request to WeChat and its answer.
The product has no hook for this: Django's and requests' own seams are used, in these processes only.

Workers are forked from one process that has loaded everything, because a start from nothing takes seconds.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import json
import os
import re
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django

django.setup()

import celery.concurrency.thread  # noqa: E402 - loaded here once, and not after every fork
import celery.worker.components  # noqa: E402
import celery.worker.consumer  # noqa: E402, F401
import kombu.transport.memory  # noqa: E402
import kombu.transport.redis  # noqa: E402, F401
from celery import current_task  # noqa: E402
from celery.signals import worker_ready  # noqa: E402
from django.core.management import call_command  # noqa: E402 - after setup
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402
from django.utils import timezone  # noqa: E402
from requests.adapters import HTTPAdapter  # noqa: E402

from campaigns import audience  # noqa: E402
from tests import services  # noqa: E402
from wxcore import tokens  # noqa: E402
from wxcore.celery import app  # noqa: E402
from wxcore.processes import PR_SET_PDEATHSIG  # noqa: E402

WRITES = re.compile(r"\s*(INSERT (OR IGNORE )?INTO|UPDATE|DELETE FROM) \S+")
# What others do beside them, once a minute or once a day, is no step of the work.
WATCHED = ("campaigns.tick", "callbacks.tick", "callbacks.answer")
TICK_SECONDS = 0.2
# As if WeChat took so few openids in one call: a few followers make several broadcasts.
LARGEST_CALL = 15


class Steps:
    """Names the steps of the threads that work, as task, deed and how often so far, and dies at one of them."""

    def __init__(self, die_at: str, log: Path) -> None:
        self._die_at = die_at
        self._log = log
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def take(self, what: str) -> None:
        """This will die if this is the step. What ticks, in a thread of its own, takes none."""
        if not threading.current_thread().name.startswith("ThreadPoolExecutor"):
            return
        # There is none in the threads that a task starts for uploads.
        task = current_task.name if current_task else "threads"
        if task not in (*WATCHED, "threads"):
            return
        with self._lock:
            name = f"{task}: {what}"
            self._counts[name] += 1
            step = f"{name} {self._counts[name]}"
            with self._log.open("a") as log:
                print(step, file=log)
            if step == self._die_at:
                os.kill(os.getpid(), signal.SIGKILL)

    def watch(self) -> None:
        """This will put itself in the way of the database and of WeChat."""
        commit, send = BaseDatabaseWrapper._commit, HTTPAdapter.send
        steps = self

        def counted_commit(connection: BaseDatabaseWrapper) -> Any:
            steps.take("COMMIT")
            return commit(connection)

        def counted_send(adapter: HTTPAdapter, request: Any, **options: Any) -> Any:
            path = request.url.partition("?")[0].partition("/cgi-bin")[2]
            steps.take(f"request {path}")
            answer = send(adapter, request, **options)
            steps.take(f"answer {path}")
            return answer

        BaseDatabaseWrapper._commit = counted_commit  # type: ignore[method-assign]
        HTTPAdapter.send = counted_send  # type: ignore[method-assign]
        connection_created.connect(self._watch_connection, weak=False)

    def _watch_connection(self, connection: BaseDatabaseWrapper, **_: Any) -> None:
        if self._execute not in connection.execute_wrappers:
            connection.execute_wrappers.append(self._execute)

    def _execute(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = WRITES.match(sql)
        if found and not context["connection"].in_atomic_block:
            self.take(found.group().replace('"', "").strip())
        return execute(sql, params, many, context)


def shift_clock(seconds: float) -> None:
    """This will be a clock that jumped, for all that the product asks; Celery keeps the right time."""
    right, shifted = time.time, dt.timedelta(seconds=seconds)
    timezone.now = lambda: dt.datetime.now(tz=dt.UTC) + shifted
    tokens.time = SimpleNamespace(time=lambda: right() + seconds)  # type: ignore[assignment]


def work(die_at: str, log: str, clock: float) -> None:
    """This will be a worker: one thread for one that is watched, so that its steps come in one order."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    audience.LARGEST_CALL = LARGEST_CALL
    if clock:
        shift_clock(clock)
    if log:
        Steps(die_at, Path(log)).watch()
    app.conf.worker_concurrency = 1 if log else 4
    if not services.WANTED:
        # The in-memory broker looks for tasks once a second.
        app.conf.broker_transport_options |= {"polling_interval": TICK_SECONDS / 2}
    worker_ready.connect(lambda **_: threading.Thread(target=beat, daemon=True).start(), weak=False)
    call_command("worker", no_beat=True)


def beat() -> None:
    """This will tick faster than beat, so that a round takes moments; what is late is worth nothing."""
    while True:
        for name in WATCHED:
            app.send_task(name, expires=TICK_SECONDS)
        time.sleep(TICK_SECONDS)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the dead
    for line in sys.stdin:
        given = json.loads(line)
        process = os.fork()
        if not process:
            sys.stdin.close()
            work(given["die_at"], given["log"], given["clock"])
            os._exit(0)
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
