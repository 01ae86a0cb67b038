"""What webhooks are told of campaigns and broadcasts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q, Sum

from campaigns.models import Broadcast, Campaign, Verb
from campaigns.models.campaign import FIGURES
from campaigns.states import BroadcastStatus, try_transition
from wxcore import webhooks

EVENTS = {
    Verb.SUBMITTED: "campaign.in_review",
    Verb.APPROVED: "campaign.approved",
    Verb.REJECTED: "campaign.rejected",
    Verb.SCHEDULED: "campaign.scheduled",
    Verb.RESCHEDULED: "campaign.scheduled",
    Verb.HELD: "campaign.held",
    Verb.STARTED: "campaign.started",
    Verb.PAUSED: "campaign.paused",
    Verb.RESUMED: "campaign.resumed",
    Verb.CANCELLED: "campaign.cancelled",
    Verb.FINISHED: "campaign.finished",
    Verb.FAILED: "campaign.failed",
    Verb.RECALLED: "campaign.recalled",
}


def announce(campaign: Campaign, verb: Verb, *, by: AbstractBaseUser | None, note: str) -> None:
    """This will tell what somebody, or time, did to a campaign. It belongs into the transaction of the deed."""
    event = EVENTS.get(verb)
    if event is None:
        return

    def data() -> dict[str, Any]:
        return {"campaign": _campaign(campaign), "by": by.get_username() if by else None, "note": note}

    webhooks.emit(campaign.account_id, event, data)


def become_unknown(broadcast: Broadcast, *, where: Q | None = None, **columns: Any) -> bool:
    """This will do what `try_transition` to "unknown" does, and tell of it: a person must decide."""
    with transaction.atomic():
        if not try_transition(broadcast, BroadcastStatus.UNKNOWN, where=where, **columns):
            return False
        webhooks.emit(broadcast.account_id, "broadcast.unknown", lambda: _broadcast(broadcast))
    return True


def _campaign(campaign: Campaign) -> dict[str, Any]:
    figures = campaign.broadcasts.order_by().aggregate(**{name: Sum(name) for name in FIGURES})
    return {
        "id": campaign.pk,
        "name": campaign.name,
        "status": campaign.status,
        "msgtype": campaign.msgtype,
        "audience": campaign.audience,
        "scheduled_at": webhooks.moment(campaign.scheduled_at),
        "started_at": webhooks.moment(campaign.started_at),
        "finished_at": webhooks.moment(campaign.finished_at),
        **figures,
        "error_code": campaign.error_code,
        "error_message": campaign.error_message,
    }


def _broadcast(broadcast: Broadcast) -> dict[str, Any]:
    return {
        "broadcast": {
            "id": broadcast.pk,
            "campaign": broadcast.campaign_id,
            "position": broadcast.position,
            "msg_id": broadcast.msg_id,
            "recipients": broadcast.recipient_count,
        },
        "error_code": broadcast.error_code,
        "error_message": broadcast.error_message,
    }
