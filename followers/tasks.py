"""Celery's door to the syncs and the growth."""

from __future__ import annotations

from contextlib import suppress

from celery import shared_task
from django.utils import timezone

from followers import growth, services, sync
from followers.models import Sync
from followers.states import OPEN, SyncStatus
from wxcore.celery import leaving_threads_free
from wxcore.models import OfficialAccount

# A sync keeps its thread for minutes; the others must stay free for campaigns and callbacks.
AT_ONCE = 2


@shared_task(name="followers.tick")
def tick() -> None:
    """This will run the sync that has been due for longest, unless enough are running."""
    now = timezone.now()
    due = Sync.objects.filter(status__in=OPEN, due_at__lte=now).select_related("account").order_by("due_at").first()
    if due is None or Sync.objects.filter(status=SyncStatus.RUNNING, due_at__gt=now).count() >= AT_ONCE:
        return
    sync.run(due, now=now)


@shared_task(name="followers.sync_all")
def sync_all() -> None:
    """This will queue a sync of every active account that has none under way."""
    for account in OfficialAccount.objects.filter(is_active=True):
        with suppress(services.SyncAlreadyOpen):
            services.request_sync(account, now=timezone.now())


@shared_task(name="followers.count_growth")
def count_growth() -> None:
    """This will count who came and went, account by account."""
    for account in OfficialAccount.objects.filter(is_active=True):
        growth.count(account, now=timezone.now())


@shared_task(name="followers.fetch_growth")
@leaving_threads_free
def fetch_growth() -> None:
    """This will ask WeChat for the days that nobody but our mirror has told."""
    for account in OfficialAccount.objects.filter(is_active=True):
        growth.fetch(account, now=timezone.now())
