"""Celery's door to the callbacks."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from callbacks import services
from callbacks.models import Callback
from callbacks.states import OPEN

BATCH = 500


@shared_task(name="callbacks.tick")
def tick() -> None:
    """This will process every callback that is due."""
    while _process_some():
        pass


def _process_some() -> int:
    due = Callback.objects.filter(status__in=OPEN, due_at__lte=timezone.now()).select_related("account")
    return sum(services.process(callback, now=timezone.now()) for callback in due.order_by("due_at", "pk")[:BATCH])
