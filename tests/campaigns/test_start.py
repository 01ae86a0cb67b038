"""A campaign starts once; what has become wrong since it was scheduled fails it before any request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from campaigns import services, tasks
from campaigns.models import Audience, Broadcast, Campaign, Recipient
from campaigns.states import Status
from followers.models import Follower, Tag
from tests.campaigns.conftest import Mirror, calls
from tests.simulator_control import Control

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheduled(campaign: Campaign, make_followers: Callable[..., list[Follower]], now: dt.datetime) -> Campaign:
    make_followers(3)
    services.send(campaign, by=None, now=now)
    return campaign


def test_it_writes_the_broadcast_before_anything_is_asked_of_wechat(scheduled: Campaign, now: dt.datetime) -> None:
    assert services.start(scheduled, now=now)

    broadcast = Broadcast.objects.get()
    assert (broadcast.status, broadcast.attempts, broadcast.due_at) == ("pending", 0, now)
    assert (scheduled.status, scheduled.started_at) == (Status.SENDING, now)


def test_it_happens_once(scheduled: Campaign, now: dt.datetime) -> None:
    again = Campaign.objects.get()
    services.start(scheduled, now=now)

    assert not services.start(again, now=now)

    assert (Broadcast.objects.count(), Recipient.objects.count()) == (1, 3)


def test_it_waits_when_the_schedule_was_moved_after_the_tick_had_seen_it(scheduled: Campaign, now: dt.datetime) -> None:
    seen = Campaign.objects.get()
    services.unschedule(scheduled)
    services.schedule(scheduled, at=now + dt.timedelta(days=1), by=None)

    assert not services.start(seen, now=now)

    assert Campaign.objects.get().status == Status.SCHEDULED


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda campaign: Follower.objects.update(subscribed=False), "empty_audience"),
        (lambda campaign: type(campaign.account).objects.update(is_active=False), "account_inactive"),
        (lambda campaign: type(campaign.account).objects.update(is_verified=False), "no_right"),
    ],
)
def test_it_fails_for_what_has_become_wrong(
    scheduled: Campaign, now: dt.datetime, spoil: Callable[[Campaign], object], code: str
) -> None:
    spoil(scheduled)

    services.start(Campaign.objects.get(), now=now)

    scheduled.refresh_from_db()
    assert (scheduled.status, scheduled.error_code, scheduled.finished_at) == (Status.FAILED, code, now)
    assert not Broadcast.objects.exists()


def test_what_was_changed_after_the_approval_is_a_draft_again(scheduled: Campaign, now: dt.datetime) -> None:
    Campaign.objects.update(text="something else")

    assert not services.start(Campaign.objects.get(), now=now)

    scheduled.refresh_from_db()
    assert (scheduled.status, scheduled.error_code) == (Status.DRAFT, "approval_void")
    assert (scheduled.approved_by, scheduled.approved_fingerprint) == (None, "")
    assert not Broadcast.objects.exists()


def test_a_time_that_was_missed_by_more_than_the_grace_is_held(scheduled: Campaign, now: dt.datetime) -> None:
    later = now + dt.timedelta(minutes=scheduled.account.grace_minutes + 1)

    assert not services.start(Campaign.objects.get(), now=later)

    scheduled.refresh_from_db()
    assert (scheduled.status, scheduled.error_code) == (Status.APPROVED, "schedule_missed")
    assert scheduled.scheduled_at is None
    assert not Broadcast.objects.exists()


def test_it_fails_without_a_request_when_the_tag_is_gone(campaign: Campaign, mirror: Mirror, control: Control) -> None:
    mirror(4, tags=[{"name": "VIP", "share": 1}])
    campaign.audience, campaign.tag = Audience.TAG, Tag.objects.get(name="VIP")
    campaign.save()
    services.send(campaign, by=None, now=timezone.now())
    Tag.objects.update(vanished_at=timezone.now())

    tasks.tick()

    campaign.refresh_from_db()
    assert (campaign.status, campaign.error_code) == (Status.FAILED, "tag_vanished")
    assert (calls(control), Broadcast.objects.count()) == (0, 0)
