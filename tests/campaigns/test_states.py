"""A status changes along the table and in no other way."""

from __future__ import annotations

import itertools

import pytest
from django.db.models import Q

from campaigns.models import Broadcast, Campaign
from campaigns.states import (
    BROADCAST_TRANSITIONS,
    TRANSITIONS,
    BroadcastStatus,
    NotAllowedNow,
    Status,
    transition,
    try_transition,
)

pytestmark = pytest.mark.django_db

ALLOWED = [(start, to) for to, starts in TRANSITIONS.items() for start in starts]
FORBIDDEN = [pair for pair in itertools.product(Status, Status) if pair not in ALLOWED]
BROADCAST_ALLOWED = [(start, to) for to, starts in BROADCAST_TRANSITIONS.items() for start in starts]
BROADCAST_FORBIDDEN = [p for p in itertools.product(BroadcastStatus, BroadcastStatus) if p not in BROADCAST_ALLOWED]


@pytest.fixture
def broadcast(campaign: Campaign) -> Broadcast:
    return Broadcast.objects.create(account=campaign.account, campaign=campaign, position=1)


@pytest.mark.parametrize(("before", "to"), ALLOWED)
def test_a_campaign_moves_along_the_table(campaign: Campaign, before: Status, to: Status) -> None:
    Campaign.objects.update(status=before)

    transition(campaign, to)

    assert campaign.status == to


@pytest.mark.parametrize(("before", "to"), FORBIDDEN)
def test_a_campaign_moves_in_no_other_way(campaign: Campaign, before: Status, to: Status) -> None:
    Campaign.objects.update(status=before)

    with pytest.raises(NotAllowedNow):
        transition(campaign, to, name="changed")

    assert Campaign.objects.values_list("status", "name").get() == (before, "新品")


@pytest.mark.parametrize(("before", "to"), BROADCAST_ALLOWED)
def test_a_broadcast_moves_along_the_table(broadcast: Broadcast, before: BroadcastStatus, to: BroadcastStatus) -> None:
    Broadcast.objects.update(status=before)

    transition(broadcast, to)

    assert broadcast.status == to


@pytest.mark.parametrize(("before", "to"), BROADCAST_FORBIDDEN)
def test_a_broadcast_moves_in_no_other_way(broadcast: Broadcast, before: BroadcastStatus, to: BroadcastStatus) -> None:
    Broadcast.objects.update(status=before)

    with pytest.raises(NotAllowedNow):
        transition(broadcast, to)

    assert Broadcast.objects.get().status == before


def test_nothing_is_written_when_the_condition_does_not_hold(campaign: Campaign) -> None:
    assert not try_transition(campaign, Status.SCHEDULED, where=Q(name="another"), text="changed")

    assert Campaign.objects.values_list("status", "text").get() == (Status.DRAFT, "你好，群发 👋")


def test_a_condition_on_another_table_is_a_mistake(campaign: Campaign) -> None:
    with pytest.raises(ValueError, match="another table"):
        try_transition(campaign, Status.SCHEDULED, where=Q(account__name="x"))


def test_the_refusal_names_the_status_that_the_row_has(campaign: Campaign) -> None:
    Campaign.objects.update(status=Status.SENDING)

    with pytest.raises(NotAllowedNow) as caught:
        transition(campaign, Status.SCHEDULED)

    assert str(Status.SENDING.label) in str(caught.value.message)
    assert campaign.status == Status.SENDING
