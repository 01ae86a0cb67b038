"""Which campaigns use a segment, for the page on which it is changed or deleted."""

from __future__ import annotations

from collections.abc import Iterator

from campaigns.models import Audience, Campaign
from campaigns.states import Status
from followers.models import Segment
from followers.segments import Use

# They have begun, and their recipients are written down: the segment is no longer needed.
BEGUN = (Status.SENDING, Status.PAUSED, Status.FINISHED, Status.FAILED, Status.CANCELLED, Status.RECALLED)
SHOWN = 50
BADGES = {
    Status.IN_REVIEW: "info",
    Status.APPROVED: "success",
    Status.SCHEDULED: "warning",
    Status.SENDING: "info",
    Status.PAUSED: "warning",
    Status.FINISHED: "success",
    Status.FAILED: "danger",
}


def find(segment: Segment) -> Iterator[Use]:
    """This will be the campaigns that go or went to the segment: all that would break without it, newest first."""
    campaigns = Campaign.objects.filter(segment=segment, audience=Audience.SEGMENT).order_by("-pk")
    for breaks, found in ((True, campaigns.exclude(status__in=BEGUN)), (False, campaigns.filter(status__in=BEGUN))):
        for campaign in found[:SHOWN]:
            badge = BADGES.get(Status(campaign.status), "")
            yield Use(campaign.name, campaign.get_absolute_url(), campaign.get_status_display(), badge, breaks)
