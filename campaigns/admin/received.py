"""What a follower received, on the follower's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from campaigns import quota
from campaigns.admin.words import BROADCAST_LABELS
from followers.admin.followers import BOARD
from followers.models import Follower
from wxcore.panels import Panel

PAGE = 20


def received(request: HttpRequest, follower: Follower) -> dict[str, Any]:
    """This will be the campaigns that the follower was a recipient of, newest first, `before` a row of the last page.

    Three queries, however many there are.
    """
    rows = follower.received.select_related("broadcast__campaign").order_by("-pk")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(pk__lt=int(before))
    shown = rows.only("follower", "broadcast__status", "broadcast__submitted_at", "broadcast__campaign__name")
    found = list(shown[: PAGE + 1])
    for row in found:
        row.label = BROADCAST_LABELS[row.broadcast.status]
    return {
        "rows": found[:PAGE],
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "is_first": not before,
        "quota": quota.of_follower(follower, now=timezone.now()),
    }


BOARD.pin(Panel(10, "campaigns/received.html", "campaigns.view_campaign", received))
