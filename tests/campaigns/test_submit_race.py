"""Several workers and one broadcast: one message."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from campaigns import sending
from campaigns.models import Broadcast
from campaigns.states import BroadcastStatus
from tests import locks
from tests.campaigns.conftest import SENDALL, attempt, calls
from tests.simulator_control import Control, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

InBackground = Callable[[Broadcast], Future[bool]]


@pytest.fixture
def in_background() -> Iterator[InBackground]:
    """`in_background(broadcast)` submits it in another worker."""
    with ThreadPoolExecutor(8) as pool:

        def submit(broadcast: Broadcast) -> bool:
            try:
                return sending.submit(Broadcast.objects.get(pk=broadcast.pk), now=timezone.now())
            finally:
                connection.close()

        yield lambda broadcast: pool.submit(submit, broadcast)


def test_one_of_two_workers_submits(started: Broadcast, control: Control, in_background: InBackground) -> None:
    submitted = [in_background(started) for _ in range(4)]

    assert sorted(future.result(30) for future in submitted) == [False, False, False, True]
    assert (calls(control), len(control.jobs())) == (1, 1)


def test_a_lease_that_runs_keeps_others_out(started: Broadcast, control: Control) -> None:
    Broadcast.objects.update(
        status=BroadcastStatus.SUBMITTING, due_at=timezone.now() + dt.timedelta(seconds=30), attempts=1
    )

    assert not sending.submit(started, now=timezone.now())

    assert calls(control) == 0


def test_a_lease_that_ran_out_is_taken_over_in_doubt(started: Broadcast, control: Control) -> None:
    Broadcast.objects.update(
        status=BroadcastStatus.SUBMITTING,
        attempts=1,
        first_attempt_at=timezone.now(),
        message={"msgtype": "text", "text": {"content": "你好"}},
    )

    taken_over = attempt(started)

    assert (taken_over.status, taken_over.attempts, taken_over.uncertain) == (BroadcastStatus.SUBMITTED, 2, True)
    assert len(control.jobs()) == 1


def test_a_worker_that_died_after_the_request_leaves_one_message(started: Broadcast, control: Control) -> None:
    submitted = attempt(started)
    Broadcast.objects.update(status=BroadcastStatus.SUBMITTING, msg_id=None)  # the answer was never stored

    assert attempt(started).msg_id == submitted.msg_id

    assert len(control.jobs()) == 1


def test_a_late_worker_does_not_overwrite_the_next_one(
    started: Broadcast, control: Control, in_background: InBackground
) -> None:
    control.fault(SENDALL, errcode=48001, delay=0.6)
    late = in_background(started)
    wait_for(lambda: Broadcast.objects.get().status == BroadcastStatus.SUBMITTING)
    wait_for(lambda: not control.faults())

    assert attempt(started).status == BroadcastStatus.SUBMITTED
    assert late.result(30)

    assert Broadcast.objects.values_list("status", "error_code").get() == (BroadcastStatus.SUBMITTED, "")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
def test_workers_that_wait_for_the_row_at_the_same_moment(
    started: Broadcast, control: Control, in_background: InBackground
) -> None:
    now = timezone.now()
    Broadcast.objects.update(message={"msgtype": "text", "text": {"content": "你好"}}, slot_at=now, due_at=now)
    with transaction.atomic():
        Broadcast.objects.select_for_update().get()
        claiming = [in_background(started) for _ in range(3)]
        wait_for(lambda: locks.waiting() == 3)

    assert sorted(future.result(30) for future in claiming) == [False, False, True]
    assert calls(control) == 1
