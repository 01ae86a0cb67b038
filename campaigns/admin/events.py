"""The history of a campaign, as its page shows it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from campaigns.models import Campaign, CampaignEvent, Verb
from wxcore import zones

SHOWN = 30


def history(campaign: Campaign) -> dict[str, Any]:
    """This will be the newest lines of the campaign's history, for `campaigns/history.html`. One query."""
    events = list(campaign.events.select_related("by").order_by("-id")[: SHOWN + 1])
    for event in events:
        event.shown = _note(event, campaign)
    return {"history": events[:SHOWN], "more_history": len(events) > SHOWN}


def _note(event: CampaignEvent, campaign: Campaign) -> str:
    """A time is kept as ISO 8601, and shown in the account's zone."""
    if event.verb not in (Verb.SCHEDULED, Verb.RESCHEDULED):
        return event.note
    return zones.shown(dt.datetime.fromisoformat(event.note), campaign.account.zone)
