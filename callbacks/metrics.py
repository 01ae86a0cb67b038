"""How many callbacks wait, how long the oldest has waited, and how long they are kept."""

from __future__ import annotations

from django.db.models import Count, Min, OuterRef, Subquery
from django.utils import timezone

from callbacks.models import Callback
from callbacks.states import OPEN
from wxcore import metrics
from wxcore.models import OfficialAccount


def waiting() -> dict[str, float]:
    found = Callback.objects.filter(status__in=OPEN).aggregate(number=Count("pk"), oldest=Min("received_at"))
    age = (timezone.now() - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    return {"number": found["number"], "oldest_seconds": age}


metrics.register("callbacks_waiting", "Callbacks stored and not yet processed.", "what", waiting)


def kept() -> dict[str, float]:
    """Days since the oldest callback of each account, by its short name; none where nothing is stored."""
    oldest = Callback.objects.filter(account=OuterRef("pk")).order_by("pk").values("received_at")[:1]
    accounts = OfficialAccount.objects.annotate(oldest=Subquery(oldest)).exclude(oldest=None).order_by()
    now = timezone.now()
    return {slug: (now - at).total_seconds() / 86400 for slug, at in accounts.values_list("slug", "oldest")}


metrics.register("callbacks_kept_days", "Age of the oldest callback of an account, in days.", "account", kept)
