"""How far campaigns and imports are, for whoever listens."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from campaigns.models import FIGURES, Campaign, LibraryImport
from campaigns.models.library import OPEN as OPEN_IMPORTS
from campaigns.states import BroadcastStatus, Status
from wxcore.live import Fact, register

VIEW = "campaigns.view_campaign"
VIEW_IMPORT = "campaigns.view_libraryimport"
# Of those that are scheduled, the ones whose day is near.
NEAR = dt.timedelta(days=30)
# Beyond it, what begins last is not told: nobody follows so many.
MOST = 200
ACCEPTED = Q(broadcasts__status=BroadcastStatus.SUBMITTED)
ENDED = Q(broadcasts__status__in=(BroadcastStatus.FINISHED, BroadcastStatus.FAILED, BroadcastStatus.CANCELLED))
COLUMNS = ("account", "name", "status", "scheduled_at", "started_at", "finished_at", "error_code")


def campaigns(known: Mapping[str, Fact]) -> Iterable[Fact]:
    """This will be the campaigns under way or soon to begin, and what became of those that were. Two statements."""
    near = Q(status=Status.SCHEDULED, scheduled_at__lt=timezone.now() + NEAR)
    going = Q(status__in=(Status.SENDING, Status.PAUSED))
    under_way = Campaign.objects.filter(near | going, finished_at=None).order_by("scheduled_at", "pk")[:MOST]
    rows = {campaign.pk: campaign for campaign in _measured(under_way)}
    ended = [pk for pk in map(int, known) if pk not in rows]
    others = {row.pk: row for row in _measured(Campaign.objects.filter(pk__in=ended).order_by())} if ended else {}
    for campaign in (rows | others).values():
        yield Fact(
            "campaign", str(campaign.pk), campaign.account_id, VIEW, figures(campaign), is_open=campaign.pk in rows
        )


def _measured(rows: QuerySet[Campaign]) -> QuerySet[Campaign]:
    heads = {
        "heads": Sum("broadcasts__recipient_count"),
        "accepted": Sum("broadcasts__recipient_count", filter=ACCEPTED),
        "ended": Sum("broadcasts__recipient_count", filter=ENDED),
    }
    # By primary key: the database sums after it has cut, not before.
    chosen = Campaign.objects.filter(pk__in=rows.values("pk"))
    return chosen.only(*COLUMNS).annotate(**heads, **{name: Sum(f"broadcasts__{name}") for name in FIGURES})


def figures(campaign: Campaign) -> dict[str, object]:
    """This will be a campaign's state in a few numbers; a figure that WeChat has not reported is null."""
    return {
        "id": campaign.pk,
        "account": campaign.account_id,
        "name": campaign.name,
        "status": campaign.status,
        "percent": percent(campaign),
        "recipients": campaign.heads,
        "total": campaign.total_count,
        "filtered": campaign.filter_count,
        "sent": campaign.sent_count,
        "error": campaign.error_count,
        "scheduled_at": campaign.scheduled_at,
        "started_at": campaign.started_at,
        "finished_at": campaign.finished_at,
        "error_code": campaign.error_code,
    }


def percent(campaign: Campaign) -> int:
    """How far it is: half of a broadcast's way is done when WeChat has accepted it, all of it when it has ended."""
    if campaign.finished_at is not None:
        return 100
    if not campaign.heads:
        return 0
    done = (campaign.ended or 0) + (campaign.accepted or 0) / 2
    return min(100, round(100 * done / campaign.heads))


def imports(known: Mapping[str, Fact]) -> Iterable[Fact]:
    """This will be the imports under way, and what became of those that were. Two statements."""
    rows = {run.pk: run for run in LibraryImport.objects.filter(status__in=OPEN_IMPORTS)}
    ended = [pk for pk in map(int, known) if pk not in rows]
    rows |= LibraryImport.objects.in_bulk(ended) if ended else {}
    for run in rows.values():
        data = {
            "id": run.pk,
            "account": run.account_id,
            "status": run.status,
            "percent": run.percent,
            "done": run.done,
            "total": run.total,
            "error_code": run.error_code,
        }
        yield Fact("import", str(run.pk), run.account_id, VIEW_IMPORT, data, run.status in OPEN_IMPORTS)


register("campaigns", [VIEW], campaigns)
register("imports", [VIEW_IMPORT], imports)
