"""Deleting what was delivered, or failed, long ago. In small batches, so that nobody waits for a sweep."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Exists, OuterRef

from wxcore.models import Webhook, WebhookDelivery
from wxcore.models.webhook import OPEN

BATCH = 1000
# In one sweep: a shortened period is worked off over hours instead of at once.
MOST = 200_000


def sweep(*, now: dt.datetime, batch: int = BATCH, most: int = MOST) -> int:
    """This will delete what is older than WEBHOOK_KEEP_DAYS, and count it. What still waits stays.

    The primary key grows with the time, so the walk ends where the rows become young.
    """
    until = now - dt.timedelta(days=settings.WEBHOOK_KEEP_DAYS)
    deleted = last = 0
    for _step in range(0, most, batch):
        # Of a webhook that is gone, or off, nothing waits.
        active = Exists(Webhook.objects.filter(pk=OuterRef("webhook"), is_active=True))
        rows = WebhookDelivery.objects.filter(pk__gt=last).annotate(active=active).order_by("pk")
        oldest = list(rows.values_list("pk", "created_at", "status", "active")[:batch])
        due = [pk for pk, at, status, on in oldest if at < until and (status not in OPEN or not on)]
        deleted += WebhookDelivery.objects.filter(pk__in=due).delete()[0]
        if len(oldest) < batch or oldest[-1][1] >= until:
            return deleted
        last = oldest[-1][0]
    return deleted
