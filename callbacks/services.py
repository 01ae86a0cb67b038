"""The verbs of a callback: process, process_due, process_again."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from callbacks.handlers import chats, handle, is_noted
from callbacks.models import Callback
from callbacks.states import OPEN, CallbackStatus
from wxcore import failures, webhooks
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount
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


def process_due(*, now: dt.datetime, most: int) -> int:
    """This will do what the first `most` pushes that are due ask for, and count them.

    What followers write and tap is done together, in a number of statements that does not grow with theirs.
    """
    claimed = _claim(Callback.objects.order_by("due_at", "pk"), now, most)
    for callback in _note_together(claimed, now):
        _process(callback, now)
    return len(claimed)


def process(callback: Callback, *, now: dt.datetime) -> bool:
    """This will do what the push asks for. Answers False if another worker has it, or it is not due."""
    claimed = _claim(Callback.objects.filter(pk=callback.pk), now, 1)
    for each in claimed:
        _process(each, now)
    return bool(claimed)


def _claim(callbacks: QuerySet[Callback], now: dt.datetime, most: int) -> list[Callback]:
    due = callbacks.filter(status__in=OPEN, due_at__lte=now)
    # Most ticks find nothing, and on SQLite a transaction keeps everybody else from writing.
    return _claim_all(due, now, most) if due.exists() else []


@transaction.atomic
def _claim_all(due: QuerySet[Callback], now: dt.datetime, most: int) -> list[Callback]:
    claimed = list(due.select_for_update(skip_locked=True)[:most])
    Callback.objects.filter(pk__in=[callback.pk for callback in claimed]).update(
        status=CallbackStatus.PROCESSING, due_at=now + LEASE, attempts=F("attempts") + 1
    )
    # Each account once: its secrets are decrypted when it is read.
    accounts = OfficialAccount.objects.in_bulk({callback.account_id for callback in claimed})
    for callback in claimed:
        callback.attempts += 1
        callback.account = accounts[callback.account_id]
    return claimed


def _note_together(claimed: list[Callback], now: dt.datetime) -> list[Callback]:
    """This will process what needs no more than being noted, all of it or none. What remains wants to be alone."""
    try:
        entries = [(callback, push) for callback in claimed if (push := _noted(callback)) is not None]
        done = {callback.pk for callback, _push in entries}
        if not entries:
            return claimed
        with transaction.atomic():
            chats.note_all(entries, now)
            _finish(Callback.objects.filter(pk__in=done), CallbackStatus.PROCESSED, now)
    except Exception:
        logger.warning("Of %d callbacks one breaks the others", len(claimed), exc_info=True)
        return claimed
    return [callback for callback in claimed if callback.pk not in done]


def _noted(callback: Callback) -> messages.Push | None:
    """What is in it, if it only wants to be noted. What cannot be read is an error, to be met when it is alone."""
    try:
        push = messages.parse(callback.body.encode())
    except messages.MalformedPush:
        return None
    return push if is_noted(push) else None


def _process(callback: Callback, now: dt.datetime) -> None:
    """The row outlives the failure of its processing: work is rolled back, the error stays, and it is tried again."""
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
        _finish(Callback.objects.filter(pk=callback.pk), status, now)


def process_again(callbacks: QuerySet[Callback], *, now: dt.datetime) -> int:
    """This will queue the newest MOST_AGAIN callbacks for another processing, and count them.

    What is processed twice changes nothing. Those that wait already, or whose body was erased, are left out.
    """
    chosen = callbacks.exclude(status__in=OPEN).exclude(body="").order_by("-pk")[:MOST_AGAIN]
    keys = list(chosen.values_list("pk", flat=True))
    queued = Callback.objects.filter(pk__in=keys).exclude(status__in=OPEN)
    return queued.update(status=CallbackStatus.STORED, due_at=now, attempts=0)


def _finish(callbacks: QuerySet[Callback], status: CallbackStatus, now: dt.datetime) -> None:
    callbacks.update(status=status, processed_at=now, due_at=None, **failures.columns(None))


def _keep_error(callback: Callback, error: OperatorError, now: dt.datetime) -> None:
    columns = failures.columns(error)
    row = Callback.objects.filter(pk=callback.pk)
    if callback.attempts <= len(DELAYS):
        due_at = now + dt.timedelta(seconds=DELAYS[callback.attempts - 1])
        row.update(status=CallbackStatus.STORED, due_at=due_at, **columns)
    else:
        with transaction.atomic():
            row.update(status=CallbackStatus.FAILED, due_at=None, **columns)
            webhooks.emit(callback.account_id, "callback.failed", lambda: _told(callback, error))


def _told(callback: Callback, error: OperatorError) -> dict[str, Any]:
    said = {"callback": callback.pk, "msg_type": callback.msg_type, "event": callback.event}
    return said | {"error_code": error.code, "error_message": str(error.message)}
