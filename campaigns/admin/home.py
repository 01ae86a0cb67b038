"""What the start page says about campaigns."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns.admin.words import LABELS
from campaigns.models import Broadcast, Campaign, Publication
from campaigns.states import BroadcastStatus, PublicationStatus
from wxcore.home import BOARD, Step, add_step
from wxcore.panels import Panel

SHOWN = 8


def unknown(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the broadcasts about which a person must decide."""
    found = list(Broadcast.objects.filter(status=BroadcastStatus.UNKNOWN).select_related("campaign")[:SHOWN])
    return {"broadcasts": found} if found else None


def unknown_publications(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the publications about which a person must decide."""
    found = Publication.objects.filter(status=PublicationStatus.UNKNOWN, finished_at=None).select_related("draft")
    shown = list(found[:SHOWN])
    return {"publications": shown} if shown else None


def latest(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the newest campaigns with their figures; those under way are always among the newest."""
    found = list(Campaign.objects.with_figures().select_related("account").order_by("-pk")[:SHOWN])
    for campaign in found:
        campaign.label = LABELS[campaign.status]
    return {"campaigns": found} if found else None


BOARD.pin(Panel(5, "campaigns/home_unknown.html", "campaigns.view_broadcast", unknown))
BOARD.pin(Panel(6, "campaigns/home_publications.html", "campaigns.view_publication", unknown_publications))
BOARD.pin(Panel(30, "campaigns/home.html", "campaigns.view_campaign", latest))
add_step(
    Step(
        30,
        _("Write a campaign"),
        _("Text, audience, preview. Nothing is sent before you have seen how many followers it will reach."),
        "admin:campaigns_campaign_add",
        "campaigns.add_campaign",
        lambda: Campaign.objects.exists(),
    )
)
