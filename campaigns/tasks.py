"""Celery's door to the campaigns."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterable
from itertools import takewhile

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.db.models import Q
from django.utils import timezone

from campaigns import (
    allowance,
    draftbox,
    importing,
    library,
    publishing,
    recalling,
    results,
    sending,
    services,
    statistics,
)
from campaigns.models import Broadcast, Campaign, LibraryImport, Publication, Recall, StatisticsDay
from campaigns.models.campaign import UNDER_WAY
from campaigns.models.library import OPEN as OPEN_IMPORT
from campaigns.states import BroadcastStatus, ImportStatus, PublicationStatus, RecallStatus, Status
from wxcore.celery import leaving_threads_free
from wxcore.models import Kind, OfficialAccount

logger = logging.getLogger(__name__)

# Of each kind in one tick; the next one takes the rest.
BATCH = 200
# An import keeps its thread for minutes; the others must stay free for campaigns and callbacks.
IMPORTS_AT_ONCE = 1
# A WeChat that does not answer must not keep one thread more with each tick.
STATISTICS_SECONDS = 45.0


@shared_task(name="campaigns.tick")
@leaving_threads_free
def tick() -> None:
    """This will start what is due, submit what was started, and follow up what was submitted.

    It may run in many workers at once: every step claims its row.
    """
    scheduled = Campaign.objects.filter(status=Status.SCHEDULED, scheduled_at__lte=timezone.now())
    _each(services.start, scheduled.select_related("account", "tag").order_by("scheduled_at")[:BATCH])
    paused = Campaign.objects.filter(status=Status.PAUSED, resume_at__lte=timezone.now())
    _each(services.resume_if_due, paused.order_by("resume_at")[:BATCH])
    due = Broadcast.objects.filter(due_at__lte=timezone.now()).select_related("account", "campaign__tag")
    due = due.order_by("due_at", "pk")
    # Those of a paused campaign stay due, and must not stand in the way of the others.
    open_ = due.filter(status__in=[BroadcastStatus.PENDING, BroadcastStatus.SUBMITTING])
    _each(_submit, open_.filter(campaign__status__in=[Status.SENDING, Status.CANCELLED])[:BATCH])
    _each(sending.ask_for_result, due.filter(status=BroadcastStatus.SUBMITTED)[:BATCH])
    services.match_results(now=timezone.now())
    # Two workers that end the last two broadcasts do not see each other end the campaign.
    # Those that wait for a person may be many, and are not asked for every second.
    may_end = Q(status__in=[Status.SENDING, Status.PAUSED, Status.CANCELLED])
    ended = Campaign.objects.filter(UNDER_WAY & may_end).exclude(broadcasts__status__in=services.OPEN)
    _each(services.settle, ended)
    _publish()
    recalls = Recall.objects.filter(status=RecallStatus.PENDING, due_at__lte=timezone.now())
    _each(
        recalling.run, recalls.select_related("account", "broadcast", "campaign__revision").order_by("due_at")[:BATCH]
    )


@shared_task(name="campaigns.explain")
def explain() -> None:
    """This will ask our own records why followers were filtered. Apart from the tick: it may take seconds."""
    _each(results.explain, results.unexplained().select_related("account", "campaign").order_by("pk")[:BATCH])


@shared_task(name="campaigns.import_library")
def import_library() -> None:
    """This will run the import that has been due for longest, unless enough are running."""
    now = timezone.now()
    due = LibraryImport.objects.filter(status__in=OPEN_IMPORT, due_at__lte=now).select_related("account")
    first = due.order_by("due_at").first()
    if first is None:
        return
    running = LibraryImport.objects.filter(status=ImportStatus.RUNNING, due_at__gt=now).count()
    if running < IMPORTS_AT_ONCE:
        importing.run(first, now=now)


@shared_task(name="campaigns.sweep_files")
def sweep_files() -> None:
    """This will remove the files that belong to nothing. Once a night."""
    swept = library.sweep(now=timezone.now())
    if swept:
        logger.info("%s files that belonged to nothing were removed", swept)


@shared_task(name="campaigns.fetch_statistics")
@leaving_threads_free
def fetch_statistics() -> None:
    """This will fetch the days of article statistics that are due, the latest first; the next tick takes the rest."""
    now = timezone.now()
    statistics.plan(now=now)
    due = StatisticsDay.objects.filter(due_at__lte=now, account__is_active=True).select_related("account")
    until = time.monotonic() + STATISTICS_SECONDS
    _each(statistics.fetch, takewhile(lambda _row: time.monotonic() < until, due.order_by("-day")[:BATCH]))


@shared_task(name="campaigns.count_received")
def count_received() -> None:
    """This will count who has received how many messages this month, where something has gone out."""
    _each(allowance.count, OfficialAccount.objects.filter(is_active=True, kind=Kind.SERVICE))


@shared_task(name="campaigns.tidy")
@leaving_threads_free
def tidy() -> None:
    """This will remove from WeChat what broadcasts have left behind there."""
    draftbox.sweep(now=timezone.now())


def _submit(broadcast: Broadcast, *, now: dt.datetime) -> None:
    if not services.pause_if_interrupted(broadcast, now=now):
        sending.submit(broadcast, now=now)


def _publish() -> None:
    due = Publication.objects.filter(finished_at=None, due_at__lte=timezone.now())
    due = due.select_related("account", "draft__account", "revision", "remote").order_by("due_at")
    _each(publishing.submit, due.filter(status__in=[PublicationStatus.PENDING, PublicationStatus.SUBMITTING])[:BATCH])
    _each(publishing.ask, due.filter(status=PublicationStatus.SUBMITTED)[:BATCH])


Row = Campaign | Broadcast | Publication | Recall | StatisticsDay | OfficialAccount


def _each(step: Callable[..., object], rows: Iterable[Row]) -> None:
    """This will take the step with every row. A fault of ours with one of them must not hold up those behind it."""
    for row in rows:
        try:
            step(row, now=timezone.now())
        except (InterfaceError, OperationalError):
            raise  # the connection is gone, for those behind it as well; the next tick has a new one
        except Exception:
            logger.exception("%s: %s %s", step.__name__, type(row).__name__, row.pk)
