"""Pause acts between two calls, whoever presses it; what is left goes on where it stood."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from campaigns import content, library, services, tasks
from campaigns.models import Broadcast, Campaign, MsgType
from campaigns.states import BroadcastStatus, NotAllowedNow, Status
from tests.campaigns.conftest import SEND, calls
from tests.campaigns.life.conftest import CALLS, at_once, report, statuses, submit, verbs
from tests.campaigns.preparing.conftest import jpeg
from tests.conftest import APPID, SECRET
from tests.simulator_control import Control, wait_for

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def test_nothing_goes_out_after_it(several: Campaign, control: Control) -> None:
    submit(several, 2)

    services.pause(several)
    submit(several, CALLS)

    assert calls(control) == 2
    assert (several.status, several.error_code) == (Status.PAUSED, "")


def test_the_tick_leaves_it_alone(several: Campaign, control: Control) -> None:
    services.pause(several)

    tasks.tick()

    assert calls(control) == 0
    assert Campaign.objects.get().status == Status.PAUSED


def test_what_is_left_goes_on_and_everybody_has_it_once(several: Campaign, control: Control) -> None:
    submit(several, 2)
    services.pause(several)
    services.resume(several, now=timezone.now())
    submit(several, CALLS)

    got = [openid for job in control.jobs() for openid in control.recipients(job["msg_id"])]
    assert sorted(got) == sorted(control.openids(APPID))
    assert verbs(several)[-2:] == ["paused", "resumed"]


@pytest.mark.django_db(transaction=True)
def test_the_call_under_way_is_the_last(several: Campaign, control: Control) -> None:
    control.fault(SEND, when="after", delay=0.8)

    def press() -> None:
        wait_for(lambda: Broadcast.objects.filter(status=BroadcastStatus.SUBMITTING).exists())
        services.pause(Campaign.objects.get(), by=None)

    at_once(lambda: submit(several, CALLS), press)

    assert calls(control) == 1
    assert statuses(several) == [BroadcastStatus.SUBMITTED] + [BroadcastStatus.PENDING] * (CALLS - 1)


def test_a_result_that_comes_meanwhile_counts(several: Campaign) -> None:
    (first,) = submit(several)
    services.pause(several)

    assert report(first).status == BroadcastStatus.FINISHED
    assert Campaign.objects.get().status == Status.PAUSED


def test_when_the_call_under_way_was_the_last_one_it_ends(several: Campaign) -> None:
    submitted = submit(several, CALLS)
    Broadcast.objects.filter(pk=submitted[-1].pk).update(status=BroadcastStatus.SUBMITTING)
    services.pause(several)
    Broadcast.objects.filter(pk=submitted[-1].pk).update(status=BroadcastStatus.SUBMITTED)

    for broadcast in submitted:
        report(broadcast)

    assert Campaign.objects.get().status == Status.FINISHED


@pytest.mark.parametrize("status", [Status.PAUSED, Status.CANCELLED])
def test_it_ends_although_two_workers_did_not_see_each_other_end_it(several: Campaign, status: Status) -> None:
    Broadcast.objects.update(status=BroadcastStatus.FINISHED, due_at=None)
    Campaign.objects.update(status=status)

    tasks.tick()

    several.refresh_from_db()
    assert several.status == (Status.FINISHED if status == Status.PAUSED else Status.CANCELLED)
    assert several.finished_at is not None


def test_when_wechat_has_everything_there_is_nothing_to_stop(several: Campaign) -> None:
    submit(several, CALLS)

    with pytest.raises(services.NothingToStop):
        services.pause(several)

    assert Campaign.objects.get().status == Status.SENDING


@pytest.mark.parametrize("status", [status for status in Status if status != Status.SENDING])
def test_only_what_is_sending_is_paused(campaign: Campaign, status: Status) -> None:
    Campaign.objects.update(status=status)

    with pytest.raises(NotAllowedNow):
        services.pause(campaign)


@pytest.mark.parametrize("status", [status for status in Status if status != Status.PAUSED])
def test_only_what_is_paused_goes_on(campaign: Campaign, status: Status) -> None:
    Campaign.objects.update(status=status)

    with pytest.raises(NotAllowedNow):
        services.resume(campaign, now=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_of_pause_and_resume_at_once_neither_is_lost(several: Campaign) -> None:
    services.pause(several)

    done = at_once(
        lambda: services.resume(Campaign.objects.get(), now=timezone.now()),
        lambda: services.resume(Campaign.objects.get(), now=timezone.now()),
        lambda: services.pause(Campaign.objects.get()),
    )

    # The pause came before the first resume and was refused, or after one and is what counts.
    assert done[:2].count(True) in (1, 2)
    steps = verbs(several)[-(sum(done)) :]
    assert Campaign.objects.get().status == (Status.PAUSED if steps[-1] == "paused" else Status.SENDING)


# Patience


def test_patience_is_counted_from_the_resume(several: Campaign, control: Control) -> None:
    control.fault(SEND, errcode=45011)
    submit(several)
    services.pause(several)
    Campaign.objects.update(started_at=timezone.now() - 5 * HOUR)
    Broadcast.objects.filter(first_attempt_at__isnull=False).update(first_attempt_at=timezone.now() - 5 * HOUR)

    services.resume(several, now=timezone.now())
    control.fault(SEND, errcode=45011)

    assert submit(several)[0].status == BroadcastStatus.PENDING


def test_a_doubt_keeps_its_age(several: Campaign, control: Control) -> None:
    control.fault(SEND, drop="after")
    submit(several)
    Broadcast.objects.filter(uncertain=True).update(first_attempt_at=timezone.now() - 23 * HOUR)
    services.pause(several)

    services.resume(several, now=timezone.now())

    assert submit(several)[0].status == BroadcastStatus.UNKNOWN
    assert calls(control) == 1


# By itself: after the quota of the day


def waits_until(campaign: Campaign, moment: dt.datetime) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(status=Status.PAUSED, resume_at=moment)


def test_when_its_time_has_come_the_tick_goes_on(several: Campaign, control: Control) -> None:
    waits_until(several, timezone.now())

    tasks.tick()
    wait_for(lambda: tasks.tick() or calls(control) == CALLS)

    assert (Campaign.objects.get().status, Campaign.objects.get().resume_at) == (Status.SENDING, None)


def test_before_its_time_it_waits(several: Campaign, control: Control) -> None:
    waits_until(several, timezone.now() + HOUR)

    tasks.tick()

    assert (calls(control), Campaign.objects.get().status) == (0, Status.PAUSED)


def test_the_tick_does_not_overrule_a_person_who_was_faster(several: Campaign) -> None:
    waits_until(several, timezone.now())
    seen_by_the_tick = Campaign.objects.get()
    services.resume(several, now=timezone.now())
    services.pause(several)

    assert not services.resume_if_due(seen_by_the_tick, now=timezone.now())

    assert Campaign.objects.get().status == Status.PAUSED


@pytest.mark.django_db(transaction=True)
def test_of_two_ticks_one_goes_on(several: Campaign) -> None:
    waits_until(several, timezone.now())

    done = at_once(*[lambda: services.resume_if_due(Campaign.objects.get(), now=timezone.now())] * 2)

    assert sorted(done) == [False, True]
    assert verbs(several).count("resumed") == 1


def test_todays_quota_for_uploads_pauses_as_well(several: Campaign, control: Control) -> None:
    picture = library.store_bytes(several.account, jpeg(1), name="图.jpg").asset
    content.replace_pictures(several, [picture])
    Campaign.objects.update(msgtype=MsgType.IMAGE)
    control.fault("/cgi-bin/media/upload", errcode=45009)

    tasks.tick()

    several.refresh_from_db()
    assert (several.status, several.error_code) == (Status.PAUSED, "waits_for_quota")
    assert several.resume_at > timezone.now()
    assert set(statuses(several)) == {BroadcastStatus.PENDING}


# By itself: until a person has acted


@pytest.mark.parametrize(
    ("wrong", "repaired", "code"),
    [
        ({"secret": "changed"}, {"secret": SECRET}, "wechat_bad_credentials"),
        ({"ip_whitelist": ["203.0.113.7"]}, {"ip_whitelist": []}, "wechat_ip_not_allowed"),
    ],
)
def test_after_the_repair_it_goes_out_once(
    several: Campaign, control: Control, wrong: dict[str, Any], repaired: dict[str, Any], code: str
) -> None:
    control.account(APPID, **wrong)
    submit(several, CALLS)
    several.refresh_from_db()
    assert (several.status, several.error_code, several.resume_at) == (Status.PAUSED, code, None)
    control.account(APPID, **repaired)

    services.resume(several, now=timezone.now())
    submit(several, CALLS)

    assert set(statuses(several)) == {BroadcastStatus.SUBMITTED}
    assert len(control.jobs()) == CALLS
    several.refresh_from_db()
    assert several.error_code == ""


def test_an_account_that_is_switched_off_calls_nobody(several: Campaign, control: Control) -> None:
    several.account.is_active = False
    several.account.save()
    submit(several)

    several.refresh_from_db()
    assert (several.status, several.error_code, calls(control)) == (Status.PAUSED, "account_inactive", 0)


def test_after_three_refusals_for_good_it_waits_for_a_person(several: Campaign, control: Control) -> None:
    control.fault(SEND, errcode=40130, times=CALLS)

    submit(several, CALLS)

    several.refresh_from_db()
    assert (several.status, several.error_code) == (Status.PAUSED, "keeps_failing")
    assert "40130" in several.error_message
    assert statuses(several) == ["failed"] * 3 + ["pending"] * 3


def test_two_refusals_are_no_reason(several: Campaign, control: Control) -> None:
    control.fault(SEND, errcode=40130, times=2)

    submit(several, CALLS)

    assert Campaign.objects.get().status == Status.SENDING
    assert statuses(several) == ["failed"] * 2 + ["submitted"] * 4


def test_after_the_resume_the_count_begins_anew(several: Campaign, control: Control) -> None:
    control.fault(SEND, errcode=40130, times=5)
    submit(several, CALLS)
    services.resume(Campaign.objects.get(), now=timezone.now())

    submit(several, CALLS)

    assert statuses(several) == ["failed"] * 5 + ["submitted"]
    assert Campaign.objects.get().status == Status.SENDING


def test_when_wechat_stops_three_in_its_review_the_rest_is_held(several: Campaign) -> None:
    for broadcast in submit(several, 4)[:3]:
        report(broadcast, status="err(20001)")

    several.refresh_from_db()
    assert (several.status, several.error_code) == (Status.PAUSED, "keeps_failing")
