"""Celery's door to the callbacks."""

from __future__ import annotations

import logging
import threading
import time

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from callbacks import answering, menusync, retention, rulefiles, services
from wxcore.celery import leaving_threads_free

logger = logging.getLogger(__name__)

BATCH = 500
# Callbacks that one transaction takes: on SQLite nobody else can write meanwhile.
TOGETHER = 100
# A WeChat that does not answer must not keep one thread more with each tick.
ANSWER_SECONDS = 45.0


# Ticks that overlap would go through the same rows, and find each of them claimed.
_one_tick = threading.Lock()


@shared_task(name="callbacks.tick")
def tick() -> None:
    """This will process every callback that is due, unless this process is at it already."""
    if not _one_tick.acquire(blocking=False):
        return
    try:
        while services.process_due(now=timezone.now(), most=TOGETHER):
            pass
    finally:
        _one_tick.release()


@shared_task(name="callbacks.answer")
@leaving_threads_free
def answer() -> None:
    """This will send the customer-service messages that are due; the next tick takes the rest."""
    until = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < until and _answer_some(until):
        pass


@shared_task(name="callbacks.sweep")
def sweep() -> None:
    """This will delete what is older than its account keeps it. Once an hour."""
    deleted = retention.sweep(now=timezone.now())
    if any(deleted.values()):
        logger.info("Swept %(callbacks)s callbacks and %(messages)s messages", deleted)


def _answer_some(until: float) -> int:
    """A fault of ours with one message must not hold up those behind it."""
    sent = 0
    for message in answering.due(now=timezone.now())[:BATCH]:
        if time.monotonic() > until:
            break
        try:
            sent += answering.send(message, now=timezone.now())
        except (InterfaceError, OperationalError):
            raise  # the connection is gone, for those behind it as well; the next tick has a new one
        except Exception:
            logger.exception("Message %s", message.pk)
    return sent


@shared_task(name="callbacks.keep_files")
@leaving_threads_free
def keep_files() -> None:
    """This will renew WeChat's copies of the files that reply rules answer with."""
    rulefiles.keep(timezone.now())


@shared_task(name="callbacks.check_menus")
@leaving_threads_free
def check_menus() -> None:
    """This will compare our menus with WeChat's, each once a day, and end publishings that a dead worker left."""
    menusync.check_due(timezone.now())
