"""How a campaign is put into words: badge colours, audience."""

from __future__ import annotations

from django.utils.translation import gettext as _

from campaigns import audience
from campaigns.models import Audience, Campaign
from campaigns.states import BroadcastStatus, Status
from wxcore.errors import OperatorError

LABELS = {
    Status.DRAFT: "",
    Status.IN_REVIEW: "info",
    Status.APPROVED: "success",
    Status.SCHEDULED: "warning",
    Status.SENDING: "info",
    Status.PAUSED: "warning",
    Status.FINISHED: "success",
    Status.FAILED: "danger",
    Status.CANCELLED: "",
    Status.RECALLED: "",
}
BROADCAST_LABELS = {
    BroadcastStatus.PENDING: "",
    BroadcastStatus.SUBMITTING: "info",
    BroadcastStatus.SUBMITTED: "info",
    BroadcastStatus.FINISHED: "success",
    BroadcastStatus.FAILED: "danger",
    BroadcastStatus.UNKNOWN: "warning",
    BroadcastStatus.CANCELLED: "",
}


def to_whom(campaign: Campaign) -> str:
    """This will be the audience in words, without its size."""
    words = whole_audience(campaign)
    if campaign.split_id is None:
        return words
    return _("%(audience)s, %(share)d%% of them (variant %(variant)s)") % {
        "audience": words,
        "share": campaign.share,
        "variant": campaign.variant,
    }


def whole_audience(campaign: Campaign) -> str:
    """This will be the audience of which a variant gets a share; of any other campaign its own."""
    if campaign.audience == Audience.TAG:
        return _("Followers with the tag “%(tag)s”") % {"tag": campaign.tag or "?"}
    if campaign.audience == Audience.TAGS:
        return _("Followers by several tags")
    if campaign.audience == Audience.SEGMENT:
        return _("The segment “%(segment)s”") % {"segment": campaign.segment or "?"}
    if campaign.audience == Audience.LIST:
        return _("A list of OpenIDs")
    return _("All followers")


def meant(campaign: Campaign) -> str:
    """This will be the conditions of the audience in words; "" if it has none, or they cannot be read."""
    if campaign.audience not in audience.BY_CONDITIONS:
        return ""
    try:
        return audience.definition(campaign).sentence(audience.scope(campaign))
    except OperatorError:
        return ""
