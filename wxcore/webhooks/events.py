"""Which events there are: what each means, and what its `data` looks like.

The names and keys are a promise to programs of other people: add to them, never change or take away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

PING = "webhook.ping"

_CAMPAIGN = {
    "campaign": {
        "id": 12,
        "name": "春季新品",
        "status": "finished",
        "msgtype": "mpnews",
        "audience": "all",
        "scheduled_at": "2026-11-30T12:00:00Z",
        "started_at": "2026-11-30T12:00:01Z",
        "finished_at": "2026-11-30T12:04:31Z",
        "total_count": 5000,
        "filter_count": 4980,
        "sent_count": 4975,
        "error_count": 5,
        "error_code": "",
        "error_message": "",
    },
    "by": None,
    "note": "",
}


@dataclass(frozen=True, slots=True)
class Event:
    """`example` is the `data` of one."""

    name: str
    description: Any
    example: dict[str, Any]


def _campaign(name: str, description: Any, status: str, *, by: str | None = None, **changed: Any) -> Event:
    unsent = dict.fromkeys(("total_count", "filter_count", "sent_count", "error_count", "finished_at"))
    row = _CAMPAIGN["campaign"] | ({} if status in ("finished", "recalled") else unsent) | {"status": status} | changed
    if status in ("in_review", "approved", "draft"):
        row |= {"scheduled_at": None}
    if status in ("in_review", "approved", "draft", "scheduled"):
        row |= {"started_at": None}
    return Event(name, description, {"campaign": row, "by": by, "note": ""})


_BROADCAST = {"id": 31, "campaign": 12, "position": 1, "msg_id": 1000000001, "recipients": 4980}
_FOLLOWER = {"openid": "oQunfa0000000000000000000001", "at": "2026-11-30T12:00:00Z"}
_CONVERSATION = {
    "conversation": 7,
    "openid": "oQunfa0000000000000000000001",
    "kind": "text",
    "text": "几点开门？",
    "at": "2026-11-30T12:00:00Z",
}
_SYNC = {"id": 5, "status": "finished", "total": 5000, "fetched": 5000, "left": 12}
_FAILURE = {"error_code": "", "error_message": ""}

EVENTS = {
    event.name: event
    for event in (
        _campaign("campaign.in_review", _("A campaign was submitted for review."), "in_review", by="editor"),
        _campaign("campaign.approved", _("A campaign was approved."), "approved", by="approver"),
        _campaign("campaign.rejected", _("A campaign was rejected; the note says why."), "draft", by="approver"),
        _campaign("campaign.scheduled", _("A campaign was scheduled or rescheduled."), "scheduled", by="operator"),
        _campaign("campaign.held", _("A campaign missed its time and waits for a person."), "approved"),
        _campaign("campaign.started", _("A campaign began sending."), "sending"),
        _campaign("campaign.paused", _("A campaign was paused, by a person or by itself."), "paused"),
        _campaign("campaign.resumed", _("A paused campaign was resumed."), "sending", by="operator"),
        _campaign("campaign.cancelled", _("A campaign was cancelled; what had not gone out is not sent."), "cancelled"),
        _campaign("campaign.finished", _("A campaign finished: WeChat has reported all results."), "finished"),
        _campaign(
            "campaign.failed",
            _("A campaign failed: no part of it was accepted."),
            "failed",
            finished_at="2026-11-30T12:04:31Z",
            error_code="no_right",
        ),
        _campaign("campaign.recalled", _("A campaign was recalled."), "recalled", by="operator"),
        Event(
            "broadcast.unknown",
            _("Nobody knows whether WeChat sent a part of a campaign: a person must decide."),
            {"broadcast": _BROADCAST, **_FAILURE, "error_code": "outcome_unknown"},
        ),
        Event("follower.subscribed", _("Somebody followed the account."), {**_FOLLOWER, "scene": "qrscene_shop"}),
        Event("follower.unsubscribed", _("Somebody unfollowed the account."), _FOLLOWER),
        Event("message.received", _("A follower sent a message."), {**_CONVERSATION, "message": 99}),
        Event("conversation.waiting", _("A follower began waiting for an answer."), _CONVERSATION),
        Event("sync.finished", _("Followers and tags were synced."), {"sync": _SYNC, **_FAILURE}),
        Event(
            "sync.failed",
            _("Followers and tags could not be synced."),
            {"sync": _SYNC | {"status": "failed", "fetched": 300, "left": 0}, **_FAILURE, "error_code": "sync_broke"},
        ),
        Event(
            "menu.published",
            _("A menu was published."),
            {"menu": 3, "version": 4, "tag": None, "by": "operator"},
        ),
        Event(
            "account.token_failed",
            _("WeChat no longer gives an access token: nothing works until this is fixed. Sent once for each cause."),
            {**_FAILURE, "error_code": "wechat_bad_credentials"},
        ),
        Event(
            "callback.failed",
            _("A push from WeChat could not be processed, even at the last attempt."),
            {"callback": 41, "msg_type": "event", "event": "subscribe", **_FAILURE, "error_code": "processing_failed"},
        ),
        Event(PING, _("Only by the button “Send a ping”: whether everything works."), {"webhook": 1, "name": "CRM"}),
    )
}
# What a webhook can choose. A ping goes to the one that was asked.
CHOICES = [(event.name, event.description) for event in EVENTS.values() if event.name != PING]
