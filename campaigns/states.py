"""The lives of campaigns, broadcasts, publications and recalls. `transition` is the only place that assigns a status.

Campaign   draft -> in_review -> approved -> scheduled -> sending -> finished | failed -> recalled
             ^----------'------------'  ^---------'  |      |  ^         ^
             (rejected, taken back, or void)  (held) |      v  |         |
                                                     |    paused --------'
                                                     '-> cancelled <- sending | paused

Broadcast  pending -> submitting -> submitted -> finished | failed
            |  ^----------'  |          '-> unknown -> finished | failed | submitted (a late answer)
            |                '-> failed | unknown
            '-> failed | cancelled | unknown

Publication  pending -> submitting -> submitted -> published -> deleted | banned
                ^-----------'  |          |-> originality_failed | rejected | failed
                (try later)    |          '-> unknown -> any of these
                               '-> published (found at WeChat) | failed | unknown

Recall     pending -> done | failed | unknown
             ^------------------'---------'  (once more)
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wxcore.errors import Conflict


class Status(models.TextChoices):
    """Of a campaign."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in_review", _("in review")
    APPROVED = "approved", _("approved")
    SCHEDULED = "scheduled", _("scheduled")
    SENDING = "sending", _("sending")
    PAUSED = "paused", _("paused")
    FINISHED = "finished", _("finished")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
    RECALLED = "recalled", _("recalled")


class BroadcastStatus(models.TextChoices):
    """Of one call of mass/sendall or mass/send."""

    PENDING = "pending", _("waiting for its turn")
    SUBMITTING = "submitting", _("being submitted")
    SUBMITTED = "submitted", _("accepted by WeChat")
    FINISHED = "finished", _("finished")
    FAILED = "failed", _("failed")
    UNKNOWN = "unknown", _("unknown, look here")
    CANCELLED = "cancelled", _("cancelled")


class PublicationStatus(models.TextChoices):
    """Of one freepublish/submit; WeChat's publish_status 0 to 6 once it is submitted."""

    PENDING = "pending", _("waiting for its turn")
    SUBMITTING = "submitting", _("being submitted")
    SUBMITTED = "submitted", _("being checked by WeChat")
    PUBLISHED = "published", _("published")
    ORIGINALITY_FAILED = "originality_failed", _("stopped by the originality check")
    FAILED = "failed", _("failed")
    REJECTED = "rejected", _("rejected by WeChat's review")
    DELETED = "deleted", _("published, then deleted")
    BANNED = "banned", _("published, then banned by WeChat")
    UNKNOWN = "unknown", _("unknown, look here")


class ImportStatus(models.TextChoices):
    """Of an import of material."""

    PENDING = "pending", _("waiting for its turn")
    RUNNING = "running", _("running")
    WAITING = "waiting", _("waiting to continue")
    FINISHED = "finished", _("finished")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class RecallStatus(models.TextChoices):
    """Of one call of mass/delete."""

    PENDING = "pending", _("being taken back")
    DONE = "done", _("taken back")
    FAILED = "failed", _("failed")
    UNKNOWN = "unknown", _("unknown, look here")


# To which status from which.
TRANSITIONS: dict[str, tuple[str, ...]] = {
    Status.DRAFT: (Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED),
    Status.IN_REVIEW: (Status.DRAFT,),
    # From scheduled: taken off the schedule, or held because its time was missed.
    Status.APPROVED: (Status.IN_REVIEW, Status.SCHEDULED),
    Status.SCHEDULED: (Status.APPROVED,),
    Status.SENDING: (Status.SCHEDULED, Status.PAUSED),
    Status.PAUSED: (Status.SENDING,),
    # From paused: what was under way when somebody pressed "pause" was the last.
    Status.FINISHED: (Status.SENDING, Status.PAUSED),
    Status.FAILED: (Status.SCHEDULED, Status.SENDING, Status.PAUSED),
    Status.CANCELLED: (Status.SCHEDULED, Status.SENDING, Status.PAUSED),
    # From cancelled: what had gone out by then.
    Status.RECALLED: (Status.FINISHED, Status.CANCELLED),
}
BROADCAST_TRANSITIONS: dict[str, tuple[str, ...]] = {
    BroadcastStatus.PENDING: (BroadcastStatus.SUBMITTING,),
    # From itself: a lease ran out and the next worker takes over.
    BroadcastStatus.SUBMITTING: (BroadcastStatus.PENDING, BroadcastStatus.SUBMITTING),
    # From unknown: an answer that came after its campaign had been cancelled and its lease had run out.
    BroadcastStatus.SUBMITTED: (BroadcastStatus.SUBMITTING, BroadcastStatus.UNKNOWN),
    BroadcastStatus.FINISHED: (BroadcastStatus.SUBMITTED, BroadcastStatus.UNKNOWN),
    # From pending: what it sends cannot be prepared.
    BroadcastStatus.FAILED: (
        BroadcastStatus.PENDING,
        BroadcastStatus.SUBMITTING,
        BroadcastStatus.SUBMITTED,
        BroadcastStatus.UNKNOWN,
    ),
    # From pending: an attempt that may have got through, and a campaign that was cancelled before the next one.
    BroadcastStatus.UNKNOWN: (BroadcastStatus.PENDING, BroadcastStatus.SUBMITTING, BroadcastStatus.SUBMITTED),
    BroadcastStatus.CANCELLED: (BroadcastStatus.PENDING,),
}

_ASKED = (PublicationStatus.SUBMITTED, PublicationStatus.UNKNOWN)
PUBLICATION_TRANSITIONS: dict[str, tuple[str, ...]] = {
    PublicationStatus.PENDING: (PublicationStatus.SUBMITTING,),
    PublicationStatus.SUBMITTING: (PublicationStatus.PENDING, PublicationStatus.SUBMITTING),
    # From unknown: an answer that came very late.
    PublicationStatus.SUBMITTED: (PublicationStatus.SUBMITTING, PublicationStatus.UNKNOWN),
    # From submitting: the answer was lost, and WeChat lists the articles.
    PublicationStatus.PUBLISHED: (PublicationStatus.SUBMITTING, *_ASKED),
    PublicationStatus.ORIGINALITY_FAILED: _ASKED,
    PublicationStatus.REJECTED: _ASKED,
    PublicationStatus.FAILED: (PublicationStatus.SUBMITTING, *_ASKED),
    PublicationStatus.DELETED: (*_ASKED, PublicationStatus.PUBLISHED),
    PublicationStatus.BANNED: (*_ASKED, PublicationStatus.PUBLISHED),
    PublicationStatus.UNKNOWN: (PublicationStatus.SUBMITTING, PublicationStatus.SUBMITTED),
}
RECALL_TRANSITIONS: dict[str, tuple[str, ...]] = {
    # Once more: to repeat the call does no harm.
    RecallStatus.PENDING: (RecallStatus.FAILED, RecallStatus.UNKNOWN),
    # From the last two: an answer that came after somebody else had given up.
    RecallStatus.DONE: (RecallStatus.PENDING, RecallStatus.FAILED, RecallStatus.UNKNOWN),
    RecallStatus.FAILED: (RecallStatus.PENDING,),
    RecallStatus.UNKNOWN: (RecallStatus.PENDING,),
}
TABLES: dict[type[models.TextChoices], dict[str, tuple[str, ...]]] = {
    Status: TRANSITIONS,
    BroadcastStatus: BROADCAST_TRANSITIONS,
    PublicationStatus: PUBLICATION_TRANSITIONS,
    RecallStatus: RECALL_TRANSITIONS,
}
AnyStatus = Status | BroadcastStatus | PublicationStatus | RecallStatus


class NotAllowedNow(Conflict):
    code = "not_allowed_now"
    message = _("“%(subject)s” is %(status)s, so this is not possible.")
    fix = _("Reload the page: somebody else may have been faster.")


def transition(row: models.Model, to: AnyStatus, *, where: Q | None = None, **columns: Any) -> None:
    """This will move `row` to the status `to` and write `columns`, in one conditional UPDATE.

    Raises NotAllowedNow if the row is in no status that leads there, or not `where`; then nothing is written.
    """
    if not try_transition(row, to, where=where, **columns):
        row.refresh_from_db()
        raise NotAllowedNow(subject=str(row), status=row.get_status_display())


def try_transition(row: models.Model, to: AnyStatus, *, where: Q | None = None, **columns: Any) -> bool:
    """This will do what `transition` does, and answer False where that raises: another worker was faster.

    `where` may name columns of the row itself and subqueries. Raises ValueError for a join: Django would look for the
    row in a subquery, and of several workers that wait for one row PostgreSQL would let each in, on its old version.
    """
    sources = TABLES[type(to)][to]
    rows = type(row)._default_manager.filter(where or Q(), pk=row.pk, status__in=sources)
    if rows.query.count_active_tables() > 1:
        raise ValueError("a condition on another table")
    if not rows.update(status=to, **columns):
        return False
    row.refresh_from_db()
    return True
