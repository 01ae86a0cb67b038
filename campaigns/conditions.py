"""The conditions that ask what followers have received. Loaded when the app is ready; they register themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import Broadcast, Campaign, Recipient
from campaigns.quota import PER_FOLLOWER_AND_MONTH, recipients_of_month
from campaigns.states import BroadcastStatus, Status
from followers.conditions import Condition, Control, Fields, Option, Scope, register
from followers.models import Follower, Segment
from wxcore.errors import OperatorError

ACCEPTED = (BroadcastStatus.SUBMITTED, BroadcastStatus.FINISHED)
NEVER_SENT = (BroadcastStatus.FAILED, BroadcastStatus.CANCELLED)
PLANNED_OR_SENT = (Status.SCHEDULED, Status.SENDING, Status.PAUSED, Status.FINISHED, Status.CANCELLED, Status.RECALLED)
OFFERED = 100


class CampaignGone(OperatorError):
    code = "campaign_gone"
    message = gettext_lazy("A campaign of the conditions was deleted, or belongs to another official account.")
    fix = gettext_lazy("Choose another campaign in the condition, or remove it.")


@register
@dataclass(frozen=True, slots=True)
class Received(Condition):
    """Was, or was not, a recipient of a campaign. Whoever may still get it, or may have got it, counts as neither."""

    kind = "received"
    rank = 50
    label = gettext_lazy("Received a campaign")
    of_account = looks_elsewhere = True
    mode: str
    campaign: int

    @classmethod
    def read(cls, given: Fields) -> Self:
        return cls(given.choice("mode", ("received", "not_received")), given.id("campaign"))

    @classmethod
    def controls(cls, scope: Scope) -> list[Control]:
        modes = [Option("received", _("has received")), Option("not_received", _("has not received"))]
        offered = Campaign.objects.filter(account=scope.account, status__in=PLANNED_OR_SENT).order_by("-pk")
        campaigns = [Option(pk, name) for pk, name in offered.values_list("pk", "name")[:OFFERED]]
        return [Control("mode", "choice", options=modes), Control("campaign", "pick", options=campaigns)]

    def check(self, scope: Scope) -> None:
        if not Campaign.objects.filter(pk=self.campaign, account=scope.account).exists():
            raise CampaignGone(fields={"conditions": "campaign"})

    def where(self, scope: Scope) -> Q:
        addressed = Recipient.objects.filter(follower=OuterRef("pk"), broadcast__campaign=self.campaign)
        if self.mode == "received":
            return Q(Exists(addressed.filter(broadcast__status__in=ACCEPTED)))
        return ~Q(Exists(addressed.exclude(broadcast__status__in=NEVER_SENT)))

    def ids(self, scope: Scope) -> QuerySet[Recipient] | None:
        if self.mode != "received":
            return None
        broadcasts = Broadcast.objects.filter(campaign=self.campaign, status__in=ACCEPTED)
        return Recipient.objects.filter(broadcast__in=broadcasts).values("follower")

    def describe(self, scope: Scope) -> str:
        names = scope.remembered.get("campaigns") or _names(scope, set())
        if self.campaign not in names:
            names |= {self.campaign: "?"} | _names(scope, {self.campaign})
        scope.remembered["campaigns"] = names
        words = _("received “%(campaign)s”") if self.mode == "received" else _("did not receive “%(campaign)s”")
        return words % {"campaign": names[self.campaign]}


def _names(scope: Scope, wanted: set[int]) -> dict[int, str]:
    """This will be the names of campaigns, by default of all that the account's segments mention: a list shows many."""
    segments = [] if wanted else Segment.objects.filter(account=scope.account).only("conditions")
    named = {item.get("campaign") for segment in segments for group in segment.groups for item in group}
    campaigns = Campaign.objects.filter(account=scope.account, pk__in=(wanted or named) - {None})
    return dict(campaigns.values_list("pk", "name"))


@register
@dataclass(frozen=True, slots=True)
class QuotaLeft(Condition):
    """Has received fewer messages this month than WeChat delivers to one follower."""

    kind = "quota"
    rank = 51
    label = gettext_lazy("Quota left this month")
    hint = gettext_lazy(
        "A follower can receive four messages a month; what was sent in WeChat's console is not counted."
    )
    looks_elsewhere = True

    @classmethod
    def read(cls, given: Fields) -> Self:
        return cls()

    def where(self, scope: Scope) -> Q:
        received = recipients_of_month(scope.account, scope.now).order_by().values("follower")
        used_up = received.annotate(number=Count("pk")).filter(number__gte=PER_FOLLOWER_AND_MONTH).values("follower")
        # Through the followers themselves: PostgreSQL joins this, and would read a bare NOT IN over and over.
        return ~Q(Exists(Follower.objects.filter(pk=OuterRef("pk"), pk__in=used_up)))

    def describe(self, scope: Scope) -> str:
        return _("can still receive a message this month")
