"""The numbers that tell an operator of trouble, for Prometheus: what waits, and for how long.

An app registers a gauge in its `metrics.py`; it is read from the database at each scrape, so that every web process
answers the same and no scrape counts a big table.
"""

from __future__ import annotations

import datetime as dt
import hmac
from collections.abc import Callable, Mapping

from django.conf import settings
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from wxcore import rights
from wxcore.models import WebhookDelivery
from wxcore.models.webhook import OPEN

Read = Callable[[], Mapping[str, float]]
_gauges: dict[str, tuple[str, str, Read]] = {}


def register(name: str, help_text: str, label: str, read: Read) -> None:
    """This will add a gauge `qunfa_<name>`, one value for each label that `read` returns."""
    _gauges[name] = (help_text, label, read)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """This will answer a scrape that carries METRICS_TOKEN, or a superuser: it counts over all accounts."""
    if not (rights.is_unlimited(request.user) or _has_token(request)):
        return HttpResponseForbidden("Send METRICS_TOKEN as a bearer token, or log in.", content_type="text/plain")
    registry = CollectorRegistry()
    for name, (help_text, label, read) in _gauges.items():
        gauge = Gauge(f"qunfa_{name}", help_text, [label], registry=registry)
        for value, number in read().items():
            gauge.labels(value).set(number)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())


def webhook_deliveries_waiting() -> dict[str, float]:
    """One that waits for its next try is not overdue: its receiver is at fault, and not our worker."""
    found = WebhookDelivery.objects.filter(status__in=OPEN).aggregate(
        number=Count("pk"), oldest=Min("created_at"), due=Min("due_at")
    )
    now = timezone.now()

    def since(moment: dt.datetime | None) -> float:
        return max(0.0, (now - moment).total_seconds()) if moment else 0.0

    return {
        "number": found["number"],
        "oldest_seconds": since(found["oldest"]),
        "overdue_seconds": since(found["due"]),
    }


register(
    "webhook_deliveries_waiting", "Webhook deliveries not yet delivered or given up.", "what",
    webhook_deliveries_waiting,
)  # fmt: skip
