"""Broadcasts that have not ended, by status; "unknown" is the one to be woken up for."""

from __future__ import annotations

from django.db.models import Count

from campaigns.models import Broadcast
from campaigns.services import OPEN
from wxcore import metrics


def open_broadcasts() -> dict[str, float]:
    found = Broadcast.objects.filter(status__in=OPEN).order_by().values_list("status").annotate(Count("pk"))
    return {str(status): 0.0 for status in OPEN} | dict(found)


metrics.register("broadcasts_open", "Broadcasts that have not ended.", "status", open_broadcasts)
