"""A copy at WeChat is made once: claim its row, make the request, keep the answer.

WeChat gives no way to repeat an upload safely. So a request is announced on the row before it is made; whoever finds an
announcement without an answer looks at WeChat for what it left behind, and only then repeats it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Model, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.remote import RemoteCopy
from wxcore.errors import OperatorError, Retry
from wxcore.wechat.errors import WeChatError

Columns = dict[str, Any]


class CopyUnderway(OperatorError):
    code = "copy_underway"
    message = _("“%(subject)s” is being uploaded to WeChat at this moment.")
    fix = _("Wait a minute and try again.")
    retry = Retry.WAIT


class AnswerTooLong(OperatorError):
    code = "answer_too_long"
    message = _("WeChat gave a %(column)s of %(length)d characters; its documentation says at most %(most)d.")
    fix = _("It cannot be kept here, so nothing was done with it. Show this to whoever maintains the software.")


def check_lengths(model: type[Model], columns: Columns) -> None:
    """This will refuse texts that the columns of `model` do not hold: PostgreSQL would stop with an error of its own,
    SQLite would keep them. Raises AnswerTooLong."""
    for name, value in columns.items():
        most = getattr(model._meta.get_field(name), "max_length", None)
        if most is not None and len(value) > most:
            raise AnswerTooLong(column=name, length=len(value), most=most)


def make_once(
    row: RemoteCopy,
    make: Callable[[], Columns],
    *,
    now: dt.datetime,
    find: Callable[[dt.datetime], Columns | None] | None = None,
) -> None:
    """This will fill `row` with the columns that `make` brings back from WeChat.

    After an attempt whose answer was lost, `find(since)` first looks for what it left behind; without `find` that does
    no harm (it expires by itself). Raises CopyUnderway while another worker is at it, AnswerTooLong, and whatever
    `make` raises.
    """
    lost_since = row.tried_at
    lease = _claim(row, now)
    try:
        columns = find(lost_since) if lost_since and find else None
        if columns is None:
            lost_since = None
            columns = make()
        check_lengths(type(row), columns)
    except OperatorError as error:
        carried_out = isinstance(error, AnswerTooLong) or (isinstance(error, WeChatError) and error.maybe_carried_out)
        _release(row, lease, tried_at=lost_since or (row.tried_at if carried_out else None))
        row.refresh_from_db()
        raise
    _store(row, lease, columns)


def _claim(row: RemoteCopy, now: dt.datetime) -> dt.datetime:
    # Microseconds apart even within one call's `now`, so that the lease tells its holder.
    lease = timezone.now() + dt.timedelta(seconds=settings.UPLOAD_LEASE_SECONDS)
    free = type(row)._default_manager.filter(
        Q(lease_until=None) | Q(lease_until__lte=now), pk=row.pk, tried_at=row.tried_at, media_id=row.media_id
    )
    if not free.update(lease_until=lease, tried_at=Coalesce("tried_at", now)):
        raise CopyUnderway(subject=str(row))
    row.refresh_from_db()
    return lease


def _release(row: RemoteCopy, lease: dt.datetime, **columns: Any) -> bool:
    held = type(row)._default_manager.filter(pk=row.pk, lease_until=lease)
    return bool(held.update(lease_until=None, **columns))


def _store(row: RemoteCopy, lease: dt.datetime, columns: Columns) -> None:
    """This will keep the answer, unless the lease ran out meanwhile: then the next worker's answer counts."""
    kept = {"tried_at": None, "uploaded_at": timezone.now(), **columns}
    try:
        with transaction.atomic():
            stored = _release(row, lease, **kept)
    except IntegrityError:
        stored = False  # what was found belongs to another row of ours by now
    row.refresh_from_db()
    if not stored:
        raise CopyUnderway(subject=str(row))
