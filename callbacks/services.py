"""The verbs of a callback: process, process_again."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from callbacks.handlers import handle
from callbacks.models import Callback
from callbacks.states import OPEN, CallbackStatus
from wxcore import failures
from wxcore.errors import OperatorError
from wxcore.wechat import messages

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=1)
# Seconds until a failed callback is tried again, by the number of attempts made; then it waits for a person.
DELAYS = (5, 60, 600)
# In one statement, so that a wide filter neither holds the table for long nor is read into memory.
MOST_AGAIN = 10_000


class Erased(OperatorError):
    code = "callback_erased"
    message = _("What this push said was erased, because its sender left or took back their data.")
    fix = _("There is nothing to process any more.")


class ProcessingFailed(OperatorError):
    code = "processing_failed"
    message = _("Processing broke: %(error)s")
    fix = _("This is a fault of ours. Report it; when it is mended, choose “Process again”.")


def process(callback: Callback, *, now: dt.datetime) -> bool:
    """This will do what the push asks for. Answers False if another worker has it.

    The row outlives the failure of its processing: work is rolled back, the error stays, and it is tried again.
    """
    claimed = Callback.objects.filter(pk=callback.pk, status__in=OPEN, due_at__lte=now).update(
        status=CallbackStatus.PROCESSING, due_at=now + LEASE, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    callback.attempts += 1
    try:
        push = messages.parse(callback.body.encode())
        with transaction.atomic():
            known = handle(callback, push, now)
    except OperatorError as error:
        _keep_error(callback, error, now)
    except Exception as error:
        logger.exception("Callback %s", callback.pk)
        _keep_error(callback, ProcessingFailed(error=type(error).__name__), now)
    else:
        status = CallbackStatus.PROCESSED if known else CallbackStatus.UNKNOWN
        _update(callback, status=status, processed_at=now, due_at=None, **failures.columns(None))
    return True


def process_again(callbacks: QuerySet[Callback], *, now: dt.datetime) -> int:
    """This will queue the newest MOST_AGAIN callbacks for another processing, and count them.

    What is processed twice changes nothing. Those that wait already, or whose body was erased, are left out.
    """
    chosen = callbacks.exclude(status__in=OPEN).exclude(body="").order_by("-pk")[:MOST_AGAIN]
    keys = list(chosen.values_list("pk", flat=True))
    queued = Callback.objects.filter(pk__in=keys).exclude(status__in=OPEN)
    return queued.update(status=CallbackStatus.STORED, due_at=now, attempts=0)


def _keep_error(callback: Callback, error: OperatorError, now: dt.datetime) -> None:
    columns = failures.columns(error)
    if callback.attempts <= len(DELAYS):
        due_at = now + dt.timedelta(seconds=DELAYS[callback.attempts - 1])
        _update(callback, status=CallbackStatus.STORED, due_at=due_at, **columns)
    else:
        _update(callback, status=CallbackStatus.FAILED, due_at=None, **columns)


def _update(callback: Callback, **columns: object) -> None:
    Callback.objects.filter(pk=callback.pk).update(**columns)
