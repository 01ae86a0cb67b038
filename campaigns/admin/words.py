"""How a campaign is put into words and bars: badge colours, audience, funnel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Audience, Campaign
from campaigns.states import BroadcastStatus, Status

LABELS = {
    Status.DRAFT: "",
    Status.SCHEDULED: "warning",
    Status.SENDING: "info",
    Status.FINISHED: "success",
    Status.FAILED: "danger",
}
BROADCAST_LABELS = {
    BroadcastStatus.PENDING: "",
    BroadcastStatus.SUBMITTING: "info",
    BroadcastStatus.SUBMITTED: "info",
    BroadcastStatus.FINISHED: "success",
    BroadcastStatus.FAILED: "danger",
    BroadcastStatus.UNKNOWN: "warning",
}


def to_whom(campaign: Campaign) -> str:
    """This will be the audience in words, without its size."""
    if campaign.audience == Audience.TAG:
        return _("Followers with the tag “%(tag)s”") % {"tag": campaign.tag or "?"}
    if campaign.audience == Audience.LIST:
        return _("A list of OpenIDs")
    return _("All followers")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the funnel; `number` is None where WeChat has not reported it."""

    name: str
    label: str
    number: int | None
    percent: float | None
    explanation: str

    @property
    def width(self) -> str:
        """Per cent for a style sheet, which knows no decimal comma."""
        return f"{min(self.percent or 0, 100):.1f}"


BARS: tuple[tuple[str, Any, Any], ...] = (
    (
        "total_count",
        gettext_lazy("Addressed"),
        gettext_lazy("Followers to whom WeChat was asked to send (TotalCount)."),
    ),
    (
        "filter_count",
        gettext_lazy("Left after filtering"),
        gettext_lazy(
            "Whom WeChat tried to reach (FilterCount): without those who refuse messages or had their four of this "
            "month. It is what was left, not what was filtered out."
        ),
    ),
    ("sent_count", gettext_lazy("Delivered"), gettext_lazy("Followers who got the message (SentCount).")),
    ("error_count", gettext_lazy("Failed"), gettext_lazy("Followers whom the message did not reach (ErrorCount).")),
)


def funnel(campaign: Campaign) -> list[Bar]:
    """This will be the four numbers as bars, in per cent of the first. The campaign comes `with_figures()`."""
    total = campaign.total_count
    bars = []
    for name, label, explanation in BARS:
        number = getattr(campaign, name)
        percent = round(100 * number / total, 1) if total and number is not None else None
        bars.append(Bar(name, str(label), number, percent, str(explanation)))
    return bars
