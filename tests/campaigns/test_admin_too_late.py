"""Whoever opens the page of a verb that is impossible now is told why, and led back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from campaigns import services
from campaigns.models import Broadcast, Campaign
from campaigns.states import BroadcastStatus, Status
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

DRAFT, REVIEW, APPROVED, SCHEDULED = Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED
# In which statuses each page asks; where one person does everything, a draft is sent without a review.
ASKS = {
    "submit": {DRAFT},
    "approve": {REVIEW},
    "reject": {REVIEW},
    "take-back": {REVIEW, APPROVED},
    "send": {DRAFT, REVIEW, APPROVED},
    "schedule": {DRAFT, REVIEW, APPROVED},
    "move": {SCHEDULED},
    "unschedule": {SCHEDULED},
    "pause": {Status.SENDING},
    "resume": {Status.PAUSED},
    "cancel": {SCHEDULED, Status.SENDING, Status.PAUSED},
    "preflight": {DRAFT, REVIEW, APPROVED, SCHEDULED},
    "phone": {DRAFT, REVIEW},
    "split": {DRAFT},
    "copy": set(Status),
    "delete": {DRAFT},
}


@pytest.fixture
def under_way(campaign: Campaign, now: dt.datetime) -> Campaign:
    """A campaign that has a time, and a broadcast that WeChat does not have yet."""
    Campaign.objects.update(scheduled_at=now)
    Broadcast.objects.create(campaign=campaign, account=campaign.account, position=1, recipient_count=3)
    return campaign


def page(campaign: Campaign, name: str) -> str:
    return f"/admin/campaigns/campaign/{campaign.pk}/{name}/"


@pytest.mark.parametrize("verb", ASKS)
def test_a_page_asks_only_for_what_is_possible(admin_client: Client, under_way: Campaign, verb: str) -> None:
    asked = set()
    for status in Status:
        Campaign.objects.update(status=status)
        answer = admin_client.get(page(under_way, verb))
        if answer.status_code == 302:
            assert answer["Location"] == page(under_way, "change")
            shown = admin_client.get(answer["Location"]).context["messages"]
            assert str(status.label) in " ".join(map(str, shown))
        else:
            asked.add(status)

    assert asked == ASKS[verb]


def test_buttons_stop_only_what_can_be_stopped(admin_client: Client, under_way: Campaign) -> None:
    Campaign.objects.update(status=Status.SENDING)

    def offered() -> set[str]:
        html = admin_client.get(page(under_way, "change")).content.decode()
        return {verb for verb in ("pause", "cancel", "copy") if page(under_way, verb) in html}

    assert offered() == {"pause", "cancel", "copy"}
    Broadcast.objects.update(status=BroadcastStatus.SUBMITTED)
    assert offered() == {"copy"}


@pytest.mark.parametrize("verb", ["pause", "cancel"])
def test_what_wechat_already_has_is_not_stopped(admin_client: Client, under_way: Campaign, verb: str) -> None:
    Campaign.objects.update(status=Status.SENDING)
    Broadcast.objects.update(status=BroadcastStatus.SUBMITTED)

    answer = admin_client.get(page(under_way, verb), follow=True)

    assert [str(message) for message in answer.context["messages"]] == [
        str(services.NothingToStop(campaign=under_way.name))
    ]


def test_a_variant_is_not_split_again(admin_client: Client, campaign: Campaign) -> None:
    services.split(campaign, shares=[50, 50], by=None)

    answer = admin_client.get(page(campaign, "split"), follow=True)

    campaign.refresh_from_db()
    assert str(services.AlreadySplit(campaign=campaign.name)) in map(str, answer.context["messages"])


@pytest.mark.parametrize(
    ("status", "alone", "leads_to"),
    [
        (DRAFT, True, "send"),
        (DRAFT, False, "submit"),
        (REVIEW, False, ""),
        (APPROVED, False, "send"),
        (SCHEDULED, True, ""),
    ],
)
def test_the_checks_lead_on_to_what_is_possible(
    admin_client: Client, under_way: Campaign, status: Status, alone: bool, leads_to: str
) -> None:
    OfficialAccount.objects.update(allow_self_approval=alone)
    Campaign.objects.update(status=status)

    onward = admin_client.get(page(under_way, "preflight")).context["onward"]

    assert onward.get("url", "") == (page(under_way, leads_to) if leads_to else "")
