from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from campaigns import drafts
from campaigns.models import Broadcast, Campaign, MsgType
from campaigns.states import BroadcastStatus, Status
from tests.campaigns.builders import make_draft

MakeBroadcast = Callable[..., Broadcast]


@pytest.fixture
def add(campaign: Campaign, now: dt.datetime) -> MakeBroadcast:
    """`add("finished", 100, sent_count=90)`: a broadcast of the campaign; one with a job unless told otherwise."""
    Campaign.objects.filter(pk=campaign.pk).update(status=Status.FINISHED, started_at=now)
    campaign.refresh_from_db()

    def make(status: str, recipients: int, **columns: Any) -> Broadcast:
        position = campaign.broadcasts.count() + 1
        has_job = status in (BroadcastStatus.FINISHED, BroadcastStatus.SUBMITTED)
        defaults = {"msg_id": 7_000_000_000 + position if has_job else None, "first_attempt_at": now}
        if status == BroadcastStatus.FINISHED:
            defaults |= {"finished_at": now, "submitted_at": now, "exhausted_count": 0, "left_count": 0}
        return Broadcast.objects.create(
            account=campaign.account,
            campaign=campaign,
            position=position,
            status=status,
            recipient_count=recipients,
            **defaults | columns,
        )

    return make


@pytest.fixture
def article_campaign(campaign: Campaign) -> Campaign:
    """The campaign sends two articles."""
    draft = make_draft(campaign.account, "双十二", "新品")
    revision = drafts.freeze(draft)
    Campaign.objects.filter(pk=campaign.pk).update(msgtype=MsgType.MPNEWS, draft=draft, revision=revision)
    campaign.refresh_from_db()
    return campaign
