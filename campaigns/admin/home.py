"""What the start page says about campaigns."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from campaigns import attention
from campaigns.admin.words import LABELS
from campaigns.models import Campaign
from wxcore import rights
from wxcore.home import BOARD, Step, add_step
from wxcore.panels import Panel

SHOWN = 8


def unknown(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the broadcasts about which a person must decide."""
    undecided = attention.undecided().select_related("campaign")
    found = list(rights.scoped(undecided, request.user, "campaigns.view_broadcast")[:SHOWN])
    return {"broadcasts": found} if found else None


def unknown_publications(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the publications about which a person must decide."""
    found = attention.undecided_publications().select_related("draft")
    shown = list(rights.scoped(found, request.user, "campaigns.view_publication")[:SHOWN])
    return {"publications": shown} if shown else None


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the campaigns with which only a person can go on: to review, held, or paused."""
    found = rights.scoped(attention.waiting(), request.user, "campaigns.view_campaign")
    shown = list(found.select_related("account", "submitted_by").order_by("-pk")[:SHOWN])
    for campaign in shown:
        campaign.label = LABELS[campaign.status]
    return {"campaigns": shown} if shown else None


def latest(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the newest campaigns with their figures; those under way are always among the newest."""
    campaigns = Campaign.objects.with_figures().select_related("account").order_by("-pk")
    found = list(rights.scoped(campaigns, request.user, "campaigns.view_campaign")[:SHOWN])
    for campaign in found:
        campaign.label = LABELS[campaign.status]
    return {"campaigns": found} if found else None


BOARD.pin(Panel(5, "campaigns/home_unknown.html", "campaigns.view_broadcast", unknown))
BOARD.pin(Panel(6, "campaigns/home_publications.html", "campaigns.view_publication", unknown_publications))
BOARD.pin(Panel(7, "campaigns/home_waiting.html", "campaigns.view_campaign", waiting))
BOARD.pin(Panel(30, "campaigns/home.html", "campaigns.view_campaign", latest))
add_step(
    Step(
        30,
        _("Write a campaign"),
        _("Text, audience, preview. Nothing is sent before you have seen how many followers it will reach."),
        "admin:campaigns_campaign_add",
        "campaigns.add_campaign",
        lambda user: rights.scoped(Campaign.objects.all(), user).exists(),
    )
)
