"""A campaign is scheduled once, and can be taken back until it starts."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from campaigns import content, services, tasks
from campaigns.models import Campaign
from campaigns.states import NotAllowedNow, Status
from followers.models import Follower
from tests.campaigns.conftest import Mirror, calls
from tests.simulator_control import Control

pytestmark = pytest.mark.django_db

MakeFollowers = Callable[..., list[Follower]]


@pytest.fixture
def ready(campaign: Campaign, make_followers: MakeFollowers) -> Campaign:
    make_followers(2)
    return campaign


def test_sending_now_is_a_schedule_for_now(ready: Campaign, admin_user: User, now: dt.datetime) -> None:
    services.send(ready, by=admin_user, now=now)

    ready.refresh_from_db()
    assert (ready.status, ready.scheduled_at, ready.sent_by) == (Status.SCHEDULED, now, admin_user)


def test_a_second_send_is_refused(ready: Campaign, now: dt.datetime) -> None:
    services.send(ready, by=None, now=now)

    with pytest.raises(NotAllowedNow):
        services.send(ready, by=None, now=now)


def test_a_campaign_with_a_problem_stays_a_draft(ready: Campaign, now: dt.datetime) -> None:
    Campaign.objects.update(text="")
    ready.refresh_from_db()

    with pytest.raises(content.EmptyText):
        services.send(ready, by=None, now=now)

    assert Campaign.objects.get().status == Status.DRAFT


def test_a_schedule_can_be_taken_back(ready: Campaign, now: dt.datetime) -> None:
    services.schedule(ready, at=now + dt.timedelta(hours=1), by=None)
    services.unschedule(ready)

    ready.refresh_from_db()
    assert (ready.status, ready.scheduled_at) == (Status.APPROVED, None)


def test_a_started_campaign_cannot_be_taken_back(ready: Campaign, now: dt.datetime) -> None:
    services.send(ready, by=None, now=now)
    services.start(ready, now=now)

    with pytest.raises(NotAllowedNow):
        services.unschedule(ready)


def test_it_waits_for_its_time(ready: Campaign, now: dt.datetime) -> None:
    services.schedule(ready, at=now + dt.timedelta(minutes=5), by=None)

    tasks.tick()

    assert Campaign.objects.get().status == Status.SCHEDULED


@pytest.mark.django_db(transaction=True)
def test_eight_people_who_press_send_at_once_send_one_message(
    campaign: Campaign, mirror: Mirror, control: Control
) -> None:
    mirror(3)
    together = threading.Barrier(8)

    def press(_: int) -> bool:
        try:
            mine = Campaign.objects.get(pk=campaign.pk)
            together.wait(10)
            services.send(mine, by=None, now=timezone.now())
        except NotAllowedNow:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(press, range(8))) == 1
    tasks.tick()
    assert (calls(control), len(control.jobs())) == (1, 1)
