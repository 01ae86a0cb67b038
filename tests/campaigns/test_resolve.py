"""A person ends what nobody else can know."""

from __future__ import annotations

import pytest
from django.utils import timezone

from campaigns import services
from campaigns.models import Broadcast
from campaigns.states import BroadcastStatus, NotAllowedNow, Status
from tests.campaigns.conftest import SENDALL, attempt
from tests.simulator_control import Control

pytestmark = pytest.mark.django_db


@pytest.fixture
def unknown(started: Broadcast, control: Control) -> Broadcast:
    control.fault(SENDALL, errcode=45065)
    return attempt(started)


def test_it_was_sent(unknown: Broadcast) -> None:
    services.resolve(unknown, was_sent=True, now=timezone.now())

    done = Broadcast.objects.get()
    assert (done.status, done.error_code) == (BroadcastStatus.FINISHED, "")
    assert done.campaign.status == Status.FINISHED


def test_it_was_not_sent(unknown: Broadcast) -> None:
    services.resolve(unknown, was_sent=False, now=timezone.now())

    done = Broadcast.objects.get()
    assert (done.status, done.campaign.status) == (BroadcastStatus.FAILED, Status.FAILED)
    assert done.campaign.error_code == "outcome_unknown"


@pytest.mark.parametrize("status", [status for status in BroadcastStatus if status != BroadcastStatus.UNKNOWN])
def test_what_is_known_cannot_be_resolved(unknown: Broadcast, status: BroadcastStatus) -> None:
    Broadcast.objects.update(status=status)
    unknown.refresh_from_db()

    with pytest.raises(NotAllowedNow):
        services.resolve(unknown, was_sent=True, now=timezone.now())


def test_only_the_first_of_two_people_decides(unknown: Broadcast) -> None:
    other = Broadcast.objects.get()
    services.resolve(unknown, was_sent=True, now=timezone.now())

    with pytest.raises(NotAllowedNow):
        services.resolve(other, was_sent=False, now=timezone.now())
