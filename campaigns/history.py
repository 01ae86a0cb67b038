"""What is written down of a campaign's life."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser

from campaigns import announcing
from campaigns.models import Campaign, CampaignEvent, Door, Verb

LONGEST_NOTE = 500


def record(
    campaign: Campaign,
    verb: Verb,
    *,
    by: AbstractBaseUser | None = None,
    door: Door = Door.SYSTEM,
    note: str = "",
) -> CampaignEvent:
    """This will add a line to the campaign's history, and tell the webhooks. It belongs into the transaction of the
    deed."""
    announcing.announce(campaign, verb, by=by, note=note[:LONGEST_NOTE])
    return CampaignEvent.objects.create(
        campaign=campaign, verb=verb, by=by, door=door, status=campaign.status, note=note[:LONGEST_NOTE]
    )
