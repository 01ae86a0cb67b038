"""Celery's door to what belongs to no app: the webhooks, and the answers that the API keeps."""

from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from wxcore.api import idempotency
from wxcore.webhooks import delivering, retention
from wxcore.weekly import mailing

logger = logging.getLogger(__name__)


@shared_task(name="webhooks.deliver")
def deliver_webhooks() -> None:
    """This will post what is due to the webhooks, in threads of its own; the next tick takes the rest."""
    delivering.run()


@shared_task(name="webhooks.sweep")
def sweep_webhooks() -> None:
    """This will delete what was delivered long ago. Once an hour."""
    deleted = retention.sweep(now=timezone.now())
    if deleted:
        logger.info("Swept %s webhook deliveries", deleted)


@shared_task(name="api.sweep_answers")
def sweep_answers() -> None:
    """This will delete what is kept for repeated requests and nobody may ask for any more. Once an hour."""
    deleted = idempotency.sweep(now=timezone.now())
    if deleted:
        logger.info("Swept %s kept answers", deleted)


@shared_task(name="weekly.send")
def send_weekly() -> None:
    """This will mail the weekly reports that are due."""
    mailing.tick(now=timezone.now())
