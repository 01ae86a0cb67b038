"""Celery's door to the syncs."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from followers import services, sync
from followers.models import Sync
from followers.states import OPEN
from wxcore.models import OfficialAccount


@shared_task(name="followers.tick")
def tick() -> None:
    """This will run every sync that is due."""
    due = Sync.objects.filter(status__in=OPEN, due_at__lte=timezone.now()).select_related("account")
    for row in due:
        sync.run(row, now=timezone.now())


@shared_task(name="followers.sync_all")
def sync_all() -> None:
    """This will queue a sync of every active account that has none under way."""
    for account in OfficialAccount.objects.filter(is_active=True).exclude(syncs__status__in=OPEN):
        services.request_sync(account, now=timezone.now())
