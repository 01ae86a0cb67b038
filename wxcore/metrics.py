"""The numbers that tell an operator of trouble, for Prometheus: what waits, and for how long.

An app registers a gauge in its `metrics.py`; it is read from the database at each scrape, so that every web process
answers the same and no scrape counts a big table.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from wxcore import rights

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
