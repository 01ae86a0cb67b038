"""What a follower received, on the follower's page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from campaigns.admin.words import BROADCAST_LABELS
from followers.admin.followers import BOARD
from followers.models import Follower
from wxcore.panels import Panel

SHOWN = 50


def received(request: HttpRequest, follower: Follower) -> dict[str, Any]:
    """This will be the last campaigns that the follower was a recipient of."""
    rows = follower.received.select_related("broadcast__campaign").order_by("-pk")
    found = list(rows.only("broadcast__status", "broadcast__submitted_at", "broadcast__campaign__name")[:SHOWN])
    for row in found:
        row.label = BROADCAST_LABELS[row.broadcast.status]
    return {"rows": found, "limit": SHOWN if len(found) == SHOWN else None}


BOARD.pin(Panel(10, "campaigns/received.html", "campaigns.view_campaign", received))
