"""Celery's door to the campaigns."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from campaigns import sending, services
from campaigns.models import Broadcast, Campaign
from campaigns.states import BroadcastStatus, Status

# Of each kind in one tick; the next one takes the rest.
BATCH = 200


@shared_task(name="campaigns.tick")
def tick() -> None:
    """This will start what is due, submit what was started, and follow up what was submitted.

    It may run in many workers at once: every step claims its row.
    """
    now = timezone.now()
    for campaign in Campaign.objects.filter(status=Status.SCHEDULED, scheduled_at__lte=now)[:BATCH]:
        services.start(campaign, now=now)
    due = Broadcast.objects.filter(due_at__lte=now).select_related("account", "campaign__tag").order_by("due_at")
    for broadcast in due.filter(status__in=[BroadcastStatus.PENDING, BroadcastStatus.SUBMITTING])[:BATCH]:
        sending.submit(broadcast, now=timezone.now())
    for broadcast in due.filter(status=BroadcastStatus.SUBMITTED)[:BATCH]:
        sending.ask_for_result(broadcast, now=timezone.now())
    services.match_results(now=timezone.now())
    for campaign in Campaign.objects.filter(status=Status.SENDING):
        services.settle(campaign, now=timezone.now())
