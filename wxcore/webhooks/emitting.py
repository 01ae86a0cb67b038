"""An event becomes a row for each webhook that wants it, in the transaction of what it reports.

So it is never lost, and never told of something that was rolled back. Who wants what is remembered for a few seconds:
where nobody has a webhook, an event costs a look into a dict.
"""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.utils import timezone

from wxcore.models import OfficialAccount, Webhook, WebhookDelivery
from wxcore.models.webhook import OPEN
from wxcore.webhooks.events import EVENTS

# A new webhook hears of everything in every process after so many seconds.
REMEMBER_SECONDS = 5.0

Data = Callable[[], dict[str, Any]]


@dataclass(slots=True)
class _Subscribers:
    """Of one account: its slug, and what each of its webhooks wants."""

    slug: str
    wanted: dict[int, frozenset[str]]

    def hooks(self, event: str) -> list[int]:
        return [pk for pk, events in self.wanted.items() if event in events]


_remembered: tuple[float, dict[int, _Subscribers]] = (0.0, {})
_lock = Lock()


def emit(account_id: int, event: str, data: Data, *, subject: str = "") -> None:
    """This will tell every webhook of an account that wants `event`; `data` is asked only if there is one.

    `subject` is the openid of whom the event tells something personal. Call it inside the transaction of the deed.
    """
    if is_wanted(account_id, event):
        emit_many(account_id, event, [data()], subject=subject)


def emit_many(account_id: int, event: str, datas: Iterable[dict[str, Any]], *, subject: str = "") -> None:
    """This will tell of many things that happened at once, in one statement."""
    known = _subscribers(account_id, event)
    if known is None:
        return
    now = timezone.now()
    payloads = [payload(account_id, known.slug, event, data, now=now) for data in datas]
    hooks = known.hooks(event)
    WebhookDelivery.objects.bulk_create(
        [row(account_id, hook, one, subject=subject, now=now) for one in payloads for hook in hooks], batch_size=500
    )


def is_wanted(account_id: int, event: str) -> bool:
    """This will tell whether any webhook of the account wants to know."""
    known = _subscribers(account_id, event)
    return known is not None and bool(known.hooks(event))


def moment(value: dt.datetime | None) -> str | None:
    """This will be a point in time as events tell it."""
    return None if value is None else value.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def payload(account_id: int, slug: str, event: str, data: dict[str, Any], *, now: dt.datetime) -> dict[str, Any]:
    """This will be what is posted, but for the sequence, which a delivery has when it is a row."""
    return {
        "id": str(uuid.uuid4()),
        "event": event,
        "created_at": now.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "account": {"id": account_id, "slug": slug},
        "data": data,
    }


def row(
    account_id: int, webhook_id: int, body: dict[str, Any], *, now: dt.datetime, subject: str = ""
) -> WebhookDelivery:
    """This will be a delivery that is due, not yet saved."""
    return WebhookDelivery(
        account_id=account_id,
        webhook_id=webhook_id,
        event=body["event"],
        event_id=body["id"],
        payload=body,
        subject=subject[:64],
        due_at=now,
        created_at=now,
    )


def erase(account: OfficialAccount, openid: str) -> None:
    """This will take away what deliveries say of somebody: of what was posted the body, the rest as a whole."""
    theirs = WebhookDelivery.objects.filter(account=account, subject=openid).exclude(subject="")
    if theirs.exists():
        theirs.filter(status__in=OPEN).delete()
        theirs.update(payload={}, subject="", answer="")


def forget_subscribers() -> None:
    """This will make a changed webhook count at once in this process."""
    global _remembered
    with _lock:
        _remembered = (0.0, {})


def _subscribers(account_id: int, event: str) -> _Subscribers | None:
    global _remembered
    if event not in EVENTS:
        raise ValueError(f"no event {event}")
    until, known = _remembered
    if until <= time.monotonic():
        known = _read()
        with _lock:
            _remembered = (time.monotonic() + REMEMBER_SECONDS, known)
    return known.get(account_id)


def _read() -> dict[int, _Subscribers]:
    found: dict[int, _Subscribers] = {}
    active = Webhook.objects.filter(is_active=True).order_by("pk")
    for pk, account_id, slug, events in active.values_list("pk", "account", "account__slug", "events"):
        found.setdefault(account_id, _Subscribers(slug, {})).wanted[pk] = frozenset(events)
    return found
