"""People and workers at the same campaign at the same time: in the end everybody has the message once."""

from __future__ import annotations

import pytest
from django.utils import timezone

from campaigns import sending, services, tasks
from campaigns.models import Broadcast, Campaign
from campaigns.states import BroadcastStatus, Status
from tests.campaigns.conftest import SEND
from tests.campaigns.life.conftest import CALLS, at_once
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.errors import Conflict

pytestmark = pytest.mark.django_db(transaction=True)

PRESSES = 6


def test_pausing_and_continuing_while_workers_send(
    several: Campaign, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "DELAYS", (0.05,))
    control.fault(SEND, errcode=45011, times=3)

    def is_left() -> bool:
        return Broadcast.objects.exclude(status=BroadcastStatus.SUBMITTED).exists()

    def worker() -> None:
        while is_left():
            tasks.tick()

    def person() -> None:
        for _ in range(PRESSES):
            try:
                services.pause(Campaign.objects.get())
            except Conflict:
                continue
            services.resume(Campaign.objects.get(), now=timezone.now())

    def another_person() -> None:
        while is_left():
            if Campaign.objects.get().status == Status.PAUSED:
                try:
                    services.resume(Campaign.objects.get(), now=timezone.now())
                except Conflict:
                    continue

    done = at_once(worker, worker, worker, person, another_person)

    assert done.count(True) >= 4  # the person may be told that the other one was faster
    got = [openid for job in control.jobs() for openid in control.recipients(job["msg_id"])]
    assert sorted(got) == sorted(control.openids(APPID))
    assert len(control.jobs()) == CALLS
