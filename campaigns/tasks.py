"""Celery's door to the campaigns."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from campaigns import draftbox, importing, library, publishing, sending, services
from campaigns.models import Broadcast, Campaign, LibraryImport, Publication
from campaigns.models.library import OPEN as OPEN_IMPORT
from campaigns.states import BroadcastStatus, ImportStatus, PublicationStatus, Status

logger = logging.getLogger(__name__)

# Of each kind in one tick; the next one takes the rest.
BATCH = 200
# An import keeps its thread for minutes; the others must stay free for campaigns and callbacks.
IMPORTS_AT_ONCE = 1


@shared_task(name="campaigns.tick")
def tick() -> None:
    """This will start what is due, submit what was started, and follow up what was submitted.

    It may run in many workers at once: every step claims its row.
    """
    scheduled = Campaign.objects.filter(status=Status.SCHEDULED, scheduled_at__lte=timezone.now())
    _each(services.start, scheduled.order_by("scheduled_at")[:BATCH])
    due = Broadcast.objects.filter(due_at__lte=timezone.now()).select_related("account", "campaign__tag")
    due = due.order_by("due_at")
    _each(sending.submit, due.filter(status__in=[BroadcastStatus.PENDING, BroadcastStatus.SUBMITTING])[:BATCH])
    _each(sending.ask_for_result, due.filter(status=BroadcastStatus.SUBMITTED)[:BATCH])
    services.match_results(now=timezone.now())
    # Those that wait for a person may be many, and are not asked for every second.
    ended = Campaign.objects.filter(status=Status.SENDING).exclude(broadcasts__status__in=services.OPEN)
    _each(services.settle, ended)
    _publish()


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


@shared_task(name="campaigns.tidy")
def tidy() -> None:
    """This will remove from WeChat what broadcasts have left behind there."""
    draftbox.sweep(now=timezone.now())


def _publish() -> None:
    due = Publication.objects.filter(finished_at=None, due_at__lte=timezone.now())
    due = due.select_related("account", "draft__account", "revision", "remote").order_by("due_at")
    _each(publishing.submit, due.filter(status__in=[PublicationStatus.PENDING, PublicationStatus.SUBMITTING])[:BATCH])
    _each(publishing.ask, due.filter(status=PublicationStatus.SUBMITTED)[:BATCH])


def _each(step: Callable[..., object], rows: Iterable[Campaign | Broadcast | Publication]) -> None:
    """This will take the step with every row. A fault of ours with one of them must not hold up those behind it."""
    for row in rows:
        try:
            step(row, now=timezone.now())
        except (InterfaceError, OperationalError):
            raise  # the connection is gone, for those behind it as well; the next tick has a new one
        except Exception:
            logger.exception("%s: %s %s", step.__name__, type(row).__name__, row.pk)
