"""A schedule that was missed is not made up for at night: beyond the account's grace it waits for a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils.translation import override

from campaigns import services
from campaigns.models import Broadcast, Campaign
from campaigns.states import Status
from followers.models import Follower
from tests.campaigns.life.conftest import verbs

pytestmark = pytest.mark.django_db

SECOND = dt.timedelta(seconds=1)
GRACE = dt.timedelta(minutes=30)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def scheduled(campaign: Campaign, make_followers: Callable[..., list[Follower]], now: dt.datetime) -> Campaign:
    make_followers(3)
    services.schedule(campaign, at=now, by=None)
    return campaign


def start(campaign: Campaign, now: dt.datetime) -> bool:
    return services.start(Campaign.objects.get(pk=campaign.pk), now=now)


@pytest.mark.parametrize("late", [dt.timedelta(0), SECOND, GRACE - SECOND, GRACE])
def test_within_the_grace_it_is_sent(scheduled: Campaign, now: dt.datetime, late: dt.timedelta) -> None:
    assert start(scheduled, now + late)


@pytest.mark.parametrize("late", [GRACE + SECOND, dt.timedelta(days=40)])
def test_beyond_it_is_held_and_says_so(scheduled: Campaign, now: dt.datetime, late: dt.timedelta) -> None:
    assert not start(scheduled, now + late)

    scheduled.refresh_from_db()
    assert (scheduled.status, scheduled.scheduled_at, scheduled.error_code) == (
        Status.APPROVED,
        None,
        "schedule_missed",
    )
    assert f"{now.astimezone(scheduled.account.zone):%Y-%m-%d %H:%M}" in scheduled.error_message
    assert verbs(scheduled)[-1] == "held"
    assert not Broadcast.objects.exists()


def test_the_planned_hour_is_told_in_the_accounts_zone(scheduled: Campaign, now: dt.datetime) -> None:
    scheduled.account.time_zone = "Asia/Urumqi"
    scheduled.account.save()

    start(scheduled, now + 2 * GRACE)

    scheduled.refresh_from_db()
    with override("en"):
        assert f"{now.astimezone(scheduled.account.zone):%Y-%m-%d %H:%M}" in scheduled.error_message


@pytest.mark.parametrize(("minutes", "seconds"), [(5, 301), (0, 61)], ids=["five minutes", "a minute at least"])
def test_each_account_has_its_own_grace(scheduled: Campaign, now: dt.datetime, minutes: int, seconds: int) -> None:
    scheduled.account.grace_minutes = minutes
    scheduled.account.save()

    assert not start(scheduled, now + dt.timedelta(seconds=seconds))
    services.schedule(scheduled, at=now + HOUR, now=now, by=None)
    assert start(scheduled, now + HOUR + dt.timedelta(seconds=seconds - 2))


def test_a_clock_that_is_behind_only_waits(scheduled: Campaign, now: dt.datetime) -> None:
    assert not start(scheduled, now - SECOND)

    assert Campaign.objects.get().status == Status.SCHEDULED


def test_the_approval_still_counts(scheduled: Campaign, now: dt.datetime) -> None:
    later = now + 2 * GRACE
    start(scheduled, later)

    services.send(Campaign.objects.get(), by=None, now=later)

    assert start(scheduled, later)
    assert Campaign.objects.get().error_code == ""


def test_a_time_that_was_moved_meanwhile_is_not_missed(scheduled: Campaign, now: dt.datetime) -> None:
    seen = Campaign.objects.get()
    later = now + 2 * GRACE
    Campaign.objects.update(scheduled_at=later + GRACE)

    assert not services.start(seen, now=later)

    assert Campaign.objects.get().status == Status.SCHEDULED
