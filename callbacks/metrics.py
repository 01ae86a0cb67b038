"""How many callbacks wait, and how long the oldest has waited."""

from __future__ import annotations

from django.db.models import Count, Min
from django.utils import timezone

from callbacks.models import Callback
from callbacks.states import OPEN
from wxcore import metrics


def waiting() -> dict[str, float]:
    found = Callback.objects.filter(status__in=OPEN).aggregate(number=Count("pk"), oldest=Min("received_at"))
    age = (timezone.now() - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    return {"number": found["number"], "oldest_seconds": age}


metrics.register("callbacks_waiting", "Callbacks stored and not yet processed.", "what", waiting)
