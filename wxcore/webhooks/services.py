"""The verbs of a webhook: save, rotate, switch_off, remove, send_again. `delivering` has the ping."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import QuerySet

from wxcore import failures
from wxcore.errors import OperatorError
from wxcore.models import DeliveryStatus, OfficialAccount, Webhook, WebhookDelivery
from wxcore.models.webhook import OPEN
from wxcore.webhooks import addresses, emitting, signing
from wxcore.webhooks.errors import IsOff, NoEvents, NothingLeft, SwitchedOff, TooMany, UnderWay, UnknownEvent
from wxcore.webhooks.events import EVENTS, PING

MOST = 20
OVERLAP = dt.timedelta(hours=24)
# In one statement, so that a wide filter does not hold the table for long.
MOST_AGAIN = 10_000


def save(webhook: Webhook, *, by: AbstractBaseUser | None, now: dt.datetime) -> str:
    """This will check and store a webhook. Answers the secret of a new one, which is never told again, else "".

    Switched on again after it was switched off by itself, it begins with a clean record.
    Raises WrongAddress, NoEvents, UnknownEvent, TooMany.
    """
    addresses.check(webhook.url)
    webhook.events = checked_events(webhook.events)
    secret = ""
    with transaction.atomic():
        if webhook.pk is None:
            # Locked, so that of two at once the second is counted.
            OfficialAccount.objects.select_for_update(no_key=True).get(pk=webhook.account_id)
            check_room(webhook.account_id)
            secret = webhook.secret = signing.new_secret()
            webhook.created_by = by
        if webhook.is_active and webhook.disabled_at is not None:
            webhook.disabled_at = webhook.failing_since = webhook.resting_until = None
            for name, value in failures.columns(None).items():
                setattr(webhook, name, value)
        webhook.save()
        if not webhook.is_active:
            _give_up_waiting(webhook)
    emitting.forget_subscribers()
    return secret


def check_room(account_id: int) -> None:
    """Raises TooMany if the account has no room for another one."""
    if Webhook.objects.filter(account=account_id).count() >= MOST:
        raise TooMany(most=MOST)


def checked_events(names: list[str]) -> list[str]:
    """This will be the events in the order of the registry, each once. Raises NoEvents, UnknownEvent."""
    for name in names:
        if name not in EVENTS or name == PING:
            raise UnknownEvent(name=str(name)[:50], fields={"events": "unknown"})
    if not names:
        raise NoEvents(fields={"events": "missing"})
    return [name for name in EVENTS if name in names]


def rotate(webhook: Webhook, *, now: dt.datetime) -> str:
    """This will make a new secret, and answer it. The old one signs as well for a day."""
    secret = signing.new_secret()
    with transaction.atomic():
        row = Webhook.objects.select_for_update().get(pk=webhook.pk)
        row.previous_secret, row.previous_until = row.secret, now + OVERLAP
        row.secret = secret
        row.save(update_fields=["secret", "previous_secret", "previous_until", "updated_at"])
    return secret


def remove(webhook: Webhook) -> None:
    """This will delete a webhook with the record of its deliveries."""
    webhook.delete()
    emitting.forget_subscribers()


def switch_off(webhook: Webhook, reason: OperatorError, *, now: dt.datetime) -> bool:
    """This will switch a webhook off and say why on it. Answers False if it was off."""
    on = Webhook.objects.filter(pk=webhook.pk, is_active=True)
    with transaction.atomic():
        if not on.update(is_active=False, disabled_at=now, **failures.columns(reason)):
            return False
        _give_up_waiting(webhook)
    emitting.forget_subscribers()
    return True


def send_again(delivery: WebhookDelivery, *, now: dt.datetime) -> None:
    """This will have a delivery posted once more, with the same event ID. Raises UnderWay, NothingLeft, IsOff."""
    if not delivery.webhook.is_active:
        raise IsOff
    if not delivery.payload:
        raise NothingLeft
    if not send_all_again(WebhookDelivery.objects.filter(pk=delivery.pk), now=now):
        raise UnderWay
    delivery.refresh_from_db()


def send_all_again(deliveries: QuerySet[WebhookDelivery], *, now: dt.datetime) -> int:
    """This will queue the newest MOST_AGAIN deliveries once more, and count them.

    Left out is what waits already, what was erased, and what belongs to a webhook that is off.
    """
    able = deliveries.filter(webhook__is_active=True).exclude(status__in=OPEN).exclude(payload={})
    keys = list(able.order_by("-pk").values_list("pk", flat=True)[:MOST_AGAIN])
    queued = WebhookDelivery.objects.filter(pk__in=keys).exclude(status__in=OPEN)
    return queued.update(status=DeliveryStatus.PENDING, due_at=now, attempts=0)


def _give_up_waiting(webhook: Webhook) -> None:
    waiting = WebhookDelivery.objects.filter(webhook=webhook.pk, status=DeliveryStatus.PENDING)
    waiting.update(status=DeliveryStatus.FAILED, due_at=None, **failures.columns(SwitchedOff()))
