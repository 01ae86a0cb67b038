"""A broadcast whose event never comes is asked for."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from campaigns import sending, services, tasks
from campaigns.models import FIGURES, Broadcast
from campaigns.states import BroadcastStatus, Status
from tests.campaigns.conftest import attempt
from tests.simulator_control import Control
from tests.wechat.pushes import COUNTS, finish
from wxcore.wechat import messages

pytestmark = pytest.mark.django_db

GET = "/cgi-bin/message/mass/get"


@pytest.fixture
def silent(started: Broadcast, control: Control) -> Broadcast:
    """A job that WeChat has done and not reported: the account has no callback address."""
    submitted = attempt(started)
    control.advance(1)
    return submitted


def ask(broadcast: Broadcast) -> Broadcast:
    """This will ask as if it were time to."""
    Broadcast.objects.update(due_at=timezone.now())
    broadcast.refresh_from_db()
    sending.ask_for_result(broadcast, now=timezone.now())
    return Broadcast.objects.get(pk=broadcast.pk)


def test_it_finishes_without_figures(silent: Broadcast) -> None:
    done = ask(silent)

    assert (done.status, done.result_status, done.due_at) == (BroadcastStatus.FINISHED, "SEND_SUCCESS", None)
    assert [getattr(done, name) for name in FIGURES] == [None] * 4
    assert done.campaign.status == Status.FINISHED


def test_a_later_event_adds_the_figures(silent: Broadcast) -> None:
    done = ask(silent)
    push = messages.parse(finish(COUNTS).replace(b"3162228393", str(done.msg_id).encode()))

    services.record_result(done.account, push, now=timezone.now())

    done.refresh_from_db()
    assert (done.status, done.sent_count, done.result_status) == (BroadcastStatus.FINISHED, 75, "send success")


def test_a_job_that_failed_fails(started: Broadcast, control: Control) -> None:
    control.outcome(status="send fail")
    submitted = attempt(started)
    control.advance(1)

    failed = ask(submitted)

    assert (failed.status, failed.error_code) == (BroadcastStatus.FAILED, "result_rejected")


def test_a_job_under_way_is_asked_for_again_later(started: Broadcast, control: Control) -> None:
    control.settings(job_delay=3600)

    waiting = ask(attempt(started))

    assert waiting.status == BroadcastStatus.SUBMITTED
    assert waiting.due_at > timezone.now() + dt.timedelta(minutes=10)


@pytest.mark.parametrize("fault", [{"errcode": 40059}, {"drop": "before"}, {"body": '{"msg_status": "LATER"}'}])
def test_an_answer_that_says_nothing_changes_nothing(silent: Broadcast, control: Control, fault: dict) -> None:
    control.fault(GET, **fault)

    assert ask(silent).status == BroadcastStatus.SUBMITTED


def test_after_three_days_a_person_must_look(started: Broadcast, control: Control) -> None:
    control.settings(job_delay=3600)
    submitted = attempt(started)
    Broadcast.objects.update(submitted_at=timezone.now() - dt.timedelta(days=4))
    submitted.refresh_from_db()

    assert ask(submitted).status == BroadcastStatus.UNKNOWN


def test_only_one_of_two_workers_asks(silent: Broadcast, control: Control) -> None:
    for worker in (Broadcast.objects.get(), Broadcast.objects.get()):
        sending.ask_for_result(worker, now=timezone.now())

    assert control.calls()["counts"][GET] == 1


def test_the_tick_asks_when_it_is_time_and_not_before(silent: Broadcast, control: Control) -> None:
    tasks.tick()
    assert GET not in control.calls()["counts"]
    Broadcast.objects.update(due_at=timezone.now())

    tasks.tick()

    assert Broadcast.objects.get().status == BroadcastStatus.FINISHED
