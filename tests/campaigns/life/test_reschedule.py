"""A campaign is moved to another time until it starts, and neither into the past nor out of sight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from campaigns import services
from campaigns.models import Broadcast, Campaign
from campaigns.states import NotAllowedNow, Status
from followers.models import Follower
from tests.campaigns.life.conftest import at_once, verbs

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
YEAR = dt.timedelta(days=366)


@pytest.fixture
def scheduled(campaign: Campaign, make_followers: Callable[..., list[Follower]], now: dt.datetime) -> Campaign:
    make_followers(3)
    services.schedule(campaign, at=now + HOUR, by=None, now=now)
    return campaign


def test_the_new_time_counts_and_the_approval_stays(scheduled: Campaign, now: dt.datetime) -> None:
    mark = scheduled.approved_fingerprint

    services.reschedule(scheduled, at=now + 2 * HOUR, by=None, now=now)

    scheduled.refresh_from_db()
    assert (scheduled.scheduled_at, scheduled.approved_fingerprint) == (now + 2 * HOUR, mark)
    assert verbs(scheduled)[-1] == "rescheduled"


@pytest.mark.parametrize("off", [dt.timedelta(0), -HOUR])
def test_not_into_the_past(scheduled: Campaign, now: dt.datetime, off: dt.timedelta) -> None:
    with pytest.raises(services.TimeHasPassed):
        services.reschedule(scheduled, at=now + off, by=None, now=now)

    assert Campaign.objects.get().scheduled_at == now + HOUR


def test_not_further_than_a_year(scheduled: Campaign, now: dt.datetime) -> None:
    with pytest.raises(services.TooFarAhead):
        services.reschedule(scheduled, at=now + YEAR + HOUR, by=None, now=now)


@pytest.mark.parametrize(
    ("off", "error"), [(-HOUR, services.TimeHasPassed), (YEAR + HOUR, services.TooFarAhead)], ids=["past", "far"]
)
def test_the_first_schedule_has_the_same_bounds(
    campaign: Campaign, make_followers: Callable[..., list[Follower]], now: dt.datetime, off: dt.timedelta, error: type
) -> None:
    make_followers(3)

    with pytest.raises(error):
        services.schedule(campaign, at=now + off, by=None, now=now)

    assert Campaign.objects.get().status == Status.DRAFT


def test_what_is_about_to_start_is_not_moved(scheduled: Campaign, now: dt.datetime) -> None:
    with pytest.raises(services.AlreadyStarting):
        services.reschedule(scheduled, at=now + 3 * HOUR, by=None, now=now + HOUR)


@pytest.mark.parametrize("status", [status for status in Status if status != Status.SCHEDULED])
@pytest.mark.parametrize("verb", ["reschedule", "unschedule"])
def test_only_what_is_scheduled_is_moved(scheduled: Campaign, now: dt.datetime, verb: str, status: Status) -> None:
    Campaign.objects.update(status=status)
    given = {"at": now + 2 * HOUR, "now": now} if verb == "reschedule" else {}

    with pytest.raises(NotAllowedNow):
        getattr(services, verb)(scheduled, by=None, **given)


@pytest.mark.django_db(transaction=True)
def test_of_start_and_unschedule_at_once_one_happens(scheduled: Campaign) -> None:
    now = timezone.now()
    Campaign.objects.update(scheduled_at=now)

    started, taken = at_once(
        lambda: services.start(Campaign.objects.get(), now=now),
        lambda: services.unschedule(Campaign.objects.get()),
    )

    # Whoever meets the other at work leaves it alone: the start tries again with the next tick.
    assert not (started and taken)
    assert Broadcast.objects.exists() == started
