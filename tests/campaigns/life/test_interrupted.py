"""A send that nobody went on with for longer than the account's grace is not finished at night."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from campaigns import services, tasks
from campaigns.models import Broadcast, Campaign, MassCalls
from campaigns.states import BroadcastStatus, Status
from tests.campaigns.conftest import calls
from tests.campaigns.life.conftest import CALLS, submit
from tests.simulator_control import Control

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def downtime(campaign: Campaign, by: dt.timedelta) -> None:
    """This will make everything that is left as late as if no worker had run for so long."""
    left = campaign.broadcasts.filter(status__in=(BroadcastStatus.PENDING, BroadcastStatus.SUBMITTING))
    left.update(due_at=timezone.now() - by)
    MassCalls.objects.update(next_at=timezone.now())


def test_what_is_left_waits_for_a_person_and_goes_out_once(several: Campaign, control: Control) -> None:
    submit(several, 2)
    downtime(several, HOUR)

    tasks.tick()

    several.refresh_from_db()
    assert (several.status, several.error_code, several.resume_at) == (Status.PAUSED, "interrupted", None)
    assert calls(control) == 2
    services.resume(several, now=timezone.now())
    for _ in range(CALLS):
        tasks.tick()
    assert (calls(control), len(control.jobs())) == (CALLS, CALLS)


def test_a_doubt_is_held_as_well_and_resolved_afterwards(several: Campaign, control: Control) -> None:
    (first,) = submit(several)
    Broadcast.objects.filter(pk=first.pk).update(status=BroadcastStatus.SUBMITTING, msg_id=None, slot_at=None)
    downtime(several, HOUR)

    tasks.tick()
    assert Campaign.objects.get(pk=several.pk).status == Status.PAUSED

    services.resume(Campaign.objects.get(pk=several.pk), now=timezone.now())
    for _ in range(CALLS):
        tasks.tick()
    first.refresh_from_db()
    assert (first.status, first.uncertain) == (BroadcastStatus.SUBMITTED, True)
    assert len(control.jobs()) == CALLS


def test_within_the_grace_it_goes_on(several: Campaign, control: Control) -> None:
    downtime(several, dt.timedelta(minutes=20))

    tasks.tick()

    assert Campaign.objects.get(pk=several.pk).status == Status.SENDING
    assert calls(control) >= 1
