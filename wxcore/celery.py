"""The Celery application. The database is the queue (see docs/architecture.md); tasks are ticks and nudges."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from celery import Celery, Task
from celery.signals import setup_logging

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wxcore.settings")

app = Celery("qunfa")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def _keep_django_logging(**_: Any) -> None:
    """Connected so that Celery leaves logging alone: ours redacts secrets."""


def nudge(task: Task) -> None:
    """This will run `task` soon, after the current transaction, so that people need not wait for the next tick.

    A nudge may be lost, and on the in-memory broker it is not even sent: nobody in this process would read it.
    """
    from django.conf import settings
    from django.db import transaction

    if settings.CELERY_BROKER_URL.startswith("memory"):
        return
    transaction.on_commit(lambda: task.apply_async(expires=30, retry=False), robust=True)


def leaving_threads_free(run: Callable[[], None]) -> Callable[[], None]:
    """This will be `run` for at most half of this worker's threads at once; a further one returns, the next tick comes.

    For tasks that ask WeChat: when it is silent, each keeps its thread for half a minute, and callbacks must not wait.
    """

    @wraps(run)
    def run_in_turn() -> None:
        if not _turns().acquire(blocking=False):
            return
        try:
            run()
        finally:
            _turns().release()

    return run_in_turn


@cache
def _turns() -> threading.BoundedSemaphore:
    from django.conf import settings

    return threading.BoundedSemaphore(max(1, settings.CELERY_WORKER_CONCURRENCY // 2))
