"""The tables that people take away: results of campaigns, results of broadcasts, recipients.

Rows are read while they are downloaded and written nowhere. Nobody needs them all in memory at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Count, QuerySet, Sum, TextChoices
from django.utils.translation import gettext as _

from campaigns import history
from campaigns.models import FIGURES, Audience, Broadcast, Campaign, Door, MsgType, Recipient, Verb
from campaigns.states import BroadcastStatus, Status
from wxcore.spreadsheets import ROWS, Table, spoken
from wxcore.xlsx import Cell


class Kind(StrEnum):
    """What of one campaign is exported."""

    RECIPIENTS = "recipients"
    BROADCASTS = "broadcasts"


def table(campaign: Campaign, kind: Kind, *, by: AbstractBaseUser | None = None, door: Door = Door.SYSTEM) -> Table:
    """This will be one campaign's recipients, or the results of its broadcasts.

    Who takes recipients away stands in the campaign's history: they are personal data.
    """
    if kind is not Kind.RECIPIENTS:
        return broadcasts(campaign)
    history.record(campaign, Verb.EXPORTED, by=by, door=door)
    return recipients(campaign)


def recipients(campaign: Campaign) -> Table:
    """This will be everybody to whom the campaign was addressed. Who of them got it WeChat tells nobody."""
    columns = [
        ("OpenID", 32),
        ("UnionID", 32),
        (_("remark"), 20),
        (_("follows now"), 12),
        (_("broadcast"), 10),
        (_("status of the broadcast"), 18),
        ("msg_id", 16),
        (_("accepted at"), 20),
    ]
    words = {True: _("yes"), False: _("no")}
    return Table(
        f"{campaign.name} {_('recipient list')}", columns, _recipients(campaign, words, _labels(BroadcastStatus))
    )


def _recipients(campaign: Campaign, words: dict[bool, str], labels: dict[str, str]) -> Iterator[Sequence[Cell]]:
    # One broadcast after the other, each in the order of its index: nothing is sorted.
    for broadcast in campaign.broadcasts.order_by("position").only(
        "campaign", "position", "status", "msg_id", "submitted_at"
    ):
        same = (broadcast.position, labels[broadcast.status], _text(broadcast.msg_id), broadcast.submitted_at)
        rows = Recipient.objects.filter(broadcast=broadcast).order_by("follower_id")
        wanted = ("follower__openid", "follower__unionid", "follower__remark", "follower__subscribed")
        for openid, unionid, remark, follows in rows.values_list(*wanted).iterator(ROWS):
            yield (openid, unionid, remark, words[follows], *same)


def broadcasts(campaign: Campaign) -> Table:
    """This will be the results of the campaign's broadcasts."""
    columns = [
        (_("broadcast"), 10),
        (_("status"), 16),
        (_("recipients"), 12),
        *((heading, 12) for heading in ("TotalCount", "FilterCount", "SentCount", "ErrorCount")),
        (_("WeChat's result"), 18),
        (_("attempts"), 10),
        (_("accepted at"), 20),
        (_("finished"), 20),
        ("clientmsgid", 34),
        ("msg_id", 16),
        ("msg_data_id", 16),
        (_("error"), 50),
        (_("article addresses"), 60),
    ]
    rows = campaign.broadcasts.order_by("position").select_related("result")
    return Table(f"{campaign.name} {_('results')}", columns, spoken(rows, _broadcast_row(_labels(BroadcastStatus))))


def _broadcast_row(labels: dict[str, str]) -> Callable[[Broadcast], Sequence[Cell]]:
    def row(broadcast: Broadcast) -> Sequence[Cell]:
        result = getattr(broadcast, "result", None)
        return (
            broadcast.position,
            labels[broadcast.status],
            broadcast.recipient_count,
            *(getattr(broadcast, name) for name in FIGURES),
            broadcast.result_status,
            broadcast.attempts,
            broadcast.submitted_at,
            broadcast.finished_at,
            broadcast.clientmsgid,
            _text(broadcast.msg_id),
            _text(broadcast.msg_data_id),
            broadcast.error_message,
            " ".join(article["url"] for article in result.articles if article["url"]) if result else "",
        )

    return row


def campaigns(chosen: QuerySet[Campaign]) -> Table:
    """This will be a line for each of the campaigns, with the sums over its broadcasts."""
    columns = [
        (_("campaign"), 30),
        (_("official account"), 20),
        (_("status"), 12),
        (_("message type"), 12),
        (_("audience"), 20),
        (_("tag"), 16),
        (_("scheduled for"), 20),
        (_("started"), 20),
        (_("finished"), 20),
        (_("broadcasts"), 10),
        (_("recipients"), 12),
        *((heading, 12) for heading in ("TotalCount", "FilterCount", "SentCount", "ErrorCount")),
        (_("error"), 50),
    ]
    sums = {f"{name}_sum": Sum(f"broadcasts__{name}") for name in ("recipient_count", *FIGURES)}
    # Chosen by whatever filters: with their joins the sums would be wrong.
    rows = Campaign.objects.filter(pk__in=chosen.order_by().values("pk")).order_by("-pk")
    rows = rows.annotate(calls=Count("broadcasts"), **sums).select_related("account", "tag")
    return Table(_("campaigns"), columns, spoken(rows, _campaign_row()))


def _campaign_row() -> Callable[[Campaign], Sequence[Cell]]:
    status, kinds, audiences = _labels(Status), _labels(MsgType), _labels(Audience)

    def row(campaign: Campaign) -> Sequence[Cell]:
        return (
            campaign.name,
            campaign.account.name,
            status[campaign.status],
            kinds[campaign.msgtype],
            audiences[campaign.audience],
            campaign.tag.name if campaign.tag else "",
            campaign.scheduled_at,
            campaign.started_at,
            campaign.finished_at,
            campaign.calls,
            *(getattr(campaign, f"{name}_sum") for name in ("recipient_count", *FIGURES)),
            campaign.error_message,
        )

    return row


def _labels(choices: type[TextChoices]) -> dict[str, str]:
    return {value: str(label) for value, label in choices.choices}


def _text(number: int | None) -> str:
    """Ids are longer than the digits that Excel keeps of a number."""
    return "" if number is None else str(number)
