"""Cancel gives up what has not gone out, and says honestly what has."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import override

from campaigns import sending, services, tasks
from campaigns.models import Broadcast, Campaign
from campaigns.states import BroadcastStatus, NotAllowedNow, Status
from tests import locks
from tests.campaigns.conftest import SEND, Mirror, attempt, calls
from tests.campaigns.life.conftest import CALLS, at_once, report, statuses, submit, verbs
from tests.simulator_control import Control, wait_for

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def cancel(campaign: Campaign) -> None:
    services.cancel(Campaign.objects.get(pk=campaign.pk), now=timezone.now())


def test_what_wechat_has_stays_sent_and_the_rest_never_goes(several: Campaign, control: Control) -> None:
    submit(several, 2)

    cancel(several)
    tasks.tick()

    assert statuses(several) == ["submitted"] * 2 + ["cancelled"] * 4
    assert calls(control) == 2
    assert verbs(several)[-1] == "cancelled"


def test_it_ends_when_wechat_has_reported_what_went_out(several: Campaign) -> None:
    (first,) = submit(several)
    cancel(several)
    assert Campaign.objects.get().finished_at is None

    report(first)

    several.refresh_from_db()
    assert (several.status, several.finished_at is None) == (Status.CANCELLED, False)
    assert statuses(several)[0] == BroadcastStatus.FINISHED


def test_before_the_start_it_is_over_at_once(campaign: Campaign, mirror: Mirror, now: dt.datetime) -> None:
    mirror(3)
    services.schedule(campaign, at=now + HOUR, by=None, now=now)

    cancel(campaign)
    tasks.tick()

    campaign.refresh_from_db()
    assert (campaign.status, campaign.finished_at is None) == (Status.CANCELLED, False)
    assert not Broadcast.objects.exists()


def test_a_doubt_becomes_unknown_at_once_and_is_not_repeated(several: Campaign, control: Control) -> None:
    control.fault(SEND, drop="after")
    submit(several)

    cancel(several)
    tasks.tick()

    assert statuses(several) == ["unknown"] + ["cancelled"] * 5
    assert calls(control) == 1
    assert Campaign.objects.get().finished_at is None


def test_the_doubt_keeps_the_last_answer_in_both_languages(several: Campaign, control: Control) -> None:
    control.fault(SEND, drop="after")
    submit(several)

    cancel(several)

    unknown = Broadcast.objects.get(status=BroadcastStatus.UNKNOWN)
    with override("en"):
        assert unknown.error_message.isascii()


def test_a_person_ends_the_doubt_and_with_it_the_campaign(several: Campaign, control: Control) -> None:
    control.fault(SEND, drop="after")
    submit(several)
    cancel(several)

    services.resolve(Broadcast.objects.get(status=BroadcastStatus.UNKNOWN), was_sent=True, now=timezone.now())

    several.refresh_from_db()
    assert (several.status, several.finished_at is None) == (Status.CANCELLED, False)


def test_a_worker_that_died_leaves_a_doubt_when_its_lease_has_run_out(several: Campaign, control: Control) -> None:
    held = Broadcast.objects.filter(position=1)
    held.update(status=BroadcastStatus.SUBMITTING, attempts=1, due_at=timezone.now() + HOUR)
    cancel(several)
    tasks.tick()
    assert held.get().status == BroadcastStatus.SUBMITTING

    held.update(due_at=timezone.now())
    tasks.tick()

    assert (held.get().status, calls(control)) == (BroadcastStatus.UNKNOWN, 0)


def test_an_answer_that_comes_after_all_is_kept(several: Campaign, control: Control) -> None:
    (first,) = submit(several)
    late = Broadcast.objects.get(pk=first.pk)
    Broadcast.objects.filter(pk=first.pk).update(
        status=BroadcastStatus.UNKNOWN, msg_id=None, msg_data_id=None, submitted_at=None, due_at=None
    )

    sending._record_submission(late, sending.Submission(msg_id=first.msg_id, msg_data_id=None), timezone.now())

    assert Broadcast.objects.get(pk=first.pk).status == BroadcastStatus.SUBMITTED
    assert report(Broadcast.objects.get(pk=first.pk)).status == BroadcastStatus.FINISHED


@pytest.mark.parametrize(
    ("fault", "becomes"),
    [
        ({"when": "after", "delay": 0.8}, BroadcastStatus.SUBMITTED),
        ({"errcode": 45011, "delay": 0.8}, BroadcastStatus.CANCELLED),
        ({"errcode": 48001, "delay": 0.8}, BroadcastStatus.FAILED),
        ({"drop": "after", "delay": 0.8}, BroadcastStatus.UNKNOWN),
    ],
    ids=lambda value: str(value),
)
@pytest.mark.django_db(transaction=True)
def test_the_call_under_way_becomes_what_wechat_answers(
    several: Campaign, control: Control, fault: dict[str, Any], becomes: BroadcastStatus
) -> None:
    control.fault(SEND, **fault)

    def press() -> None:
        wait_for(lambda: Broadcast.objects.filter(status=BroadcastStatus.SUBMITTING).exists())
        cancel(several)

    at_once(lambda: submit(several), press)
    Broadcast.objects.filter(status=BroadcastStatus.PENDING).update(due_at=timezone.now())
    tasks.tick()

    assert statuses(several) == [becomes] + [BroadcastStatus.CANCELLED] * (CALLS - 1)
    assert calls(control) == 1


def test_a_paused_campaign_is_cancelled(several: Campaign) -> None:
    services.pause(several)

    cancel(several)

    assert set(statuses(several)) == {BroadcastStatus.CANCELLED}
    assert Campaign.objects.get().finished_at is not None


def test_when_wechat_has_everything_there_is_nothing_to_cancel(several: Campaign) -> None:
    submit(several, CALLS)

    with pytest.raises(services.NothingToStop):
        cancel(several)


@pytest.mark.parametrize("status", ["draft", "in_review", "approved", "finished", "failed", "cancelled", "recalled"])
def test_what_does_not_run_is_not_cancelled(campaign: Campaign, status: str) -> None:
    Campaign.objects.update(status=status)

    with pytest.raises(NotAllowedNow):
        cancel(campaign)


@pytest.mark.django_db(transaction=True)
def test_a_claim_at_the_same_moment_comes_before_or_not_at_all(several: Campaign, control: Control) -> None:
    at_once(lambda: submit(several, CALLS), lambda: cancel(several))

    assert set(statuses(several)) <= {"submitted", "cancelled"}
    assert statuses(several).count("submitted") == calls(control) == len(control.jobs())


@pytest.mark.django_db(transaction=True)
def test_a_start_at_the_same_moment_sends_nothing_after_the_cancel(
    campaign: Campaign, mirror: Mirror, control: Control
) -> None:
    mirror(3)
    services.send(campaign, by=None, now=timezone.now())

    started, cancelled = at_once(
        lambda: services.start(Campaign.objects.get(), now=timezone.now()), lambda: cancel(campaign)
    )
    tasks.tick()

    assert cancelled
    assert Campaign.objects.get().status == Status.CANCELLED
    assert [*Broadcast.objects.values_list("status", flat=True)] == (["cancelled"] if started else [])
    assert calls(control) == 0


def test_a_late_retry_finds_nothing_to_do(several: Campaign, control: Control) -> None:
    waiting = Broadcast.objects.filter(position=1).get()
    cancel(several)

    assert not sending.submit(waiting, now=timezone.now())

    assert calls(control) == 0


def test_the_next_campaign_is_not_held_up(several: Campaign, control: Control) -> None:
    cancel(several)
    other = services.duplicate(several, name="下一个", by=None)
    services.send(other, by=None, now=timezone.now())
    services.start(other, now=timezone.now())

    assert attempt(other.broadcasts.first()).status == BroadcastStatus.SUBMITTED


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one write at a time")
@pytest.mark.parametrize("first", ["cancel", "claim"])
@pytest.mark.django_db(transaction=True)
def test_a_claim_that_waits_for_the_row_sees_what_became_of_it(
    several: Campaign, control: Control, settings: Any, first: str
) -> None:
    settings.MASS_CALLS_PER_MINUTE = 6.0  # its place stays good while it waits
    now = timezone.now()
    one = Broadcast.objects.filter(position=1)
    one.update(message={"msgtype": "text", "text": {"content": "你好"}}, slot_at=now, due_at=now)

    def run(deed: str) -> None:
        try:
            if deed == "cancel":
                cancel(several)
            else:
                sending.submit(one.get(), now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            one.select_for_update().get()
            begun = [pool.submit(run, first)]
            wait_for(lambda: locks.waiting() == 1)
            begun.append(pool.submit(run, "claim" if first == "cancel" else "cancel"))
            wait_for(lambda: locks.waiting() == 2)
        for future in begun:
            future.result(30)

    sent = first == "claim"
    assert (one.get().status, calls(control)) == (("submitted", 1) if sent else ("cancelled", 0))
    assert set(statuses(several)[1:]) == {BroadcastStatus.CANCELLED}
