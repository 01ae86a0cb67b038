"""One attempt to submit a broadcast, and every answer that WeChat or the network can give to it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override

from campaigns import audience, sending
from campaigns.models import Audience, Broadcast, Campaign
from campaigns.states import BroadcastStatus, Status
from followers.models import Follower, Tag
from tests.campaigns.conftest import SENDALL, Mirror, attempt, calls, start
from tests.conftest import APPID
from tests.simulator_control import Control

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def age(broadcast: Broadcast, by: dt.timedelta) -> None:
    """This will make the first attempt older."""
    broadcast.refresh_from_db()
    Broadcast.objects.update(first_attempt_at=broadcast.first_attempt_at - by)


def test_an_accepted_broadcast_has_its_job(started: Broadcast, control: Control) -> None:
    done = attempt(started)

    (job,) = control.jobs(APPID)
    assert (done.status, done.msg_id, done.error_code) == (BroadcastStatus.SUBMITTED, job["msg_id"], "")
    assert job["clientmsgid"] == done.clientmsgid
    assert done.due_at > timezone.now() + dt.timedelta(minutes=10)


def test_the_text_arrives_as_written(started: Broadcast, control: Control) -> None:
    attempt(started)

    assert control.received(control.openids(APPID)[0])[0]["text"] == started.campaign.text


def test_a_tag_reaches_its_followers_and_nobody_else(campaign: Campaign, mirror: Mirror, control: Control) -> None:
    mirror(60, tags=[{"name": "VIP", "share": 0.2}, {"name": "新客", "share": 0.5}])
    campaign.audience, campaign.tag = Audience.TAG, Tag.objects.get(name="VIP")
    campaign.save()

    broadcast = attempt(start(campaign))

    meant = set(broadcast.recipients.values_list("follower__openid", flat=True))
    assert 2 < len(meant) < 40
    assert set(control.recipients(broadcast.msg_id)) == meant


def test_a_list_reaches_whom_it_names_and_nobody_else(campaign: Campaign, mirror: Mirror, control: Control) -> None:
    mirror(60)
    meant = list(Follower.objects.values_list("openid", flat=True)[5:12])
    campaign.audience = Audience.LIST
    campaign.save()
    audience.replace_list(campaign, meant)

    broadcast = attempt(start(campaign))

    assert set(control.recipients(broadcast.msg_id)) == set(meant)


def test_a_broadcast_that_is_not_due_is_left_alone(started: Broadcast, control: Control) -> None:
    Broadcast.objects.update(due_at=timezone.now() + HOUR)

    assert not sending.submit(started, now=timezone.now())

    assert calls(control) == 0


# Answers that mean: surely not sent, and a person must act.


@pytest.mark.parametrize(
    "errcode",
    [40001, 40008, 40031, 40032, 40130, 40152, 44004, 45002, 45028, 45062, 45067, 48001, 48003, 48008],
)
def test_a_refusal_for_good_fails(started: Broadcast, control: Control, errcode: int) -> None:
    control.fault(SENDALL, errcode=errcode, times=2)

    failed = attempt(started)

    assert (failed.status, failed.uncertain, failed.due_at) == (BroadcastStatus.FAILED, False, None)
    assert failed.finished_at is not None


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_failure_says_what_to_do(started: Broadcast, control: Control, language: str) -> None:
    control.fault(SENDALL, errcode=45028)

    failed = attempt(started)

    with override(language):
        assert "45028" in failed.error_message
        assert failed.error_fix


def test_a_failed_broadcast_fails_the_campaign_with_its_reason(started: Broadcast, control: Control) -> None:
    control.fault(SENDALL, errcode=48001)

    failed = attempt(started)

    campaign = failed.campaign
    assert (campaign.status, campaign.error_code) == (Status.FAILED, "wechat_not_authorized")
    assert campaign.error_message == failed.error_message


# Answers that mean: surely not sent, and a later attempt may work.


@pytest.mark.parametrize("errcode", [45011, 42010])
def test_too_many_calls_in_a_minute_wait(started: Broadcast, control: Control, errcode: int) -> None:
    control.fault(SENDALL, errcode=errcode)

    waiting = attempt(started)

    assert (waiting.status, waiting.uncertain) == (BroadcastStatus.PENDING, False)
    assert attempt(waiting).status == BroadcastStatus.SUBMITTED
    assert len(control.jobs()) == 1


@pytest.mark.parametrize("fault", [{"html": "<html>"}, {"drop": "before"}, {"errcode": -1}, {"errcode": 89503}])
def test_trouble_with_the_token_never_means_maybe_sent(
    started: Broadcast, control: Control, fault: dict[str, Any]
) -> None:
    control.fault("/cgi-bin/stable_token", **fault)

    waiting = attempt(started)

    assert (waiting.status, waiting.uncertain) == (BroadcastStatus.PENDING, False)
    assert calls(control) == 0


def test_a_wrong_secret_waits_for_a_person(started: Broadcast, control: Control) -> None:
    control.account(APPID, secret="changed")

    waiting = attempt(started)

    assert (waiting.status, waiting.error_code) == (BroadcastStatus.PENDING, "wechat_bad_credentials")
    campaign = Campaign.objects.get()
    assert (campaign.status, campaign.error_code, campaign.resume_at) == (
        Status.PAUSED,
        "wechat_bad_credentials",
        None,
    )


@pytest.mark.parametrize("doubtful", [False, True])
def test_the_quota_of_the_day_pauses_until_the_same_hour_of_tomorrow(
    started: Broadcast, control: Control, doubtful: bool
) -> None:
    if doubtful:
        control.fault(SENDALL, drop="before")
        attempt(started)
    control.fault(SENDALL, errcode=45009)

    waiting = attempt(started)

    assert (waiting.status, waiting.uncertain) == (BroadcastStatus.PENDING, doubtful)
    campaign = Campaign.objects.get()
    assert (campaign.status, campaign.error_code) == (Status.PAUSED, "waits_for_quota")
    assert HOUR < campaign.resume_at - timezone.now() <= 24 * HOUR + dt.timedelta(minutes=5)


@pytest.fixture
def unreachable(started: Broadcast) -> Broadcast:
    started.account.api_base_url = "http://127.0.0.1:9"
    started.account.save()
    return started


def test_a_refused_connection_is_tried_again_with_growing_pauses(unreachable: Broadcast) -> None:
    pauses = [(attempt(unreachable).due_at - timezone.now()).total_seconds() for _ in range(6)]

    assert [round(pause) for pause in pauses] == [5, 30, 60, 120, 300, 300]
    assert not Broadcast.objects.get().uncertain


def test_a_refused_connection_is_given_up_as_failed(unreachable: Broadcast) -> None:
    attempt(unreachable)
    age(unreachable, by=sending.PATIENCE)

    failed = attempt(unreachable)

    assert (failed.status, failed.error_code) == (BroadcastStatus.FAILED, "wechat_connection_failed")


# Answers that mean: maybe sent.


@pytest.mark.parametrize(
    "fault",
    [
        {"drop": "after"},
        {"drop": "before"},
        {"html": "<html>Bad gateway</html>", "status": 502, "when": "after"},
        {"body": '{"errcode": 0, "errmsg": "ok"}', "when": "after"},
        {"body": '{"msg_', "when": "after"},
        {"errcode": -1, "when": "after"},
        {"errcode": -1, "when": "before"},
        {"errcode": 9500002, "when": "after"},
    ],
)
def test_after_an_answer_that_proves_nothing_exactly_one_message_goes_out(
    started: Broadcast, control: Control, fault: dict[str, Any]
) -> None:
    control.fault(SENDALL, **fault)

    waiting = attempt(started)
    assert (waiting.status, waiting.uncertain) == (BroadcastStatus.PENDING, True)
    assert 50 < (waiting.due_at - timezone.now()).total_seconds() <= 60
    again = attempt(waiting)

    (job,) = control.jobs()
    assert (again.status, again.msg_id, again.attempts) == (BroadcastStatus.SUBMITTED, job["msg_id"], 2)
    assert again.clientmsgid == job["clientmsgid"] == started.clientmsgid


def test_a_first_attempt_under_way_is_waited_for(started: Broadcast, control: Control) -> None:
    control.settings(retry_window=3600)
    control.fault(SENDALL, drop="after")
    attempt(started)

    waiting = attempt(started)
    assert (waiting.status, waiting.error_code) == (BroadcastStatus.PENDING, "wechat_still_submitting")
    control.settings(retry_window=0)

    assert attempt(started).status == BroadcastStatus.SUBMITTED
    assert len(control.jobs()) == 1


def test_already_sent_is_no_proof_at_the_first_try(started: Broadcast, control: Control) -> None:
    control.fault(SENDALL, errcode=45065)

    unknown = attempt(started)

    assert (unknown.status, unknown.error_code, unknown.msg_id) == (BroadcastStatus.UNKNOWN, "outcome_unknown", None)


def test_already_sent_without_a_job_is_no_proof(started: Broadcast, control: Control) -> None:
    control.fault(SENDALL, drop="before")
    attempt(started)
    control.fault(SENDALL, errcode=45065)

    assert attempt(started).status == BroadcastStatus.UNKNOWN


def test_a_job_that_another_broadcast_has_is_no_proof(started: Broadcast, control: Control) -> None:
    Broadcast.objects.create(account=started.account, campaign=started.campaign, position=2, msg_id=4711)
    control.fault(SENDALL, body='{"errcode": 0, "errmsg": "ok", "msg_id": 4711}')

    unknown = attempt(started)

    assert (unknown.status, unknown.msg_id) == (BroadcastStatus.UNKNOWN, None)


@pytest.mark.parametrize("errcode", [45028, 48001, 40152])
def test_a_refusal_after_silence_is_unknown_and_never_failed(
    started: Broadcast, control: Control, errcode: int
) -> None:
    control.fault(SENDALL, drop="before")
    attempt(started)
    control.fault(SENDALL, errcode=errcode)

    unknown = attempt(started)

    assert (unknown.status, unknown.due_at) == (BroadcastStatus.UNKNOWN, None)
    assert str(errcode) in unknown.error_message
    assert unknown.campaign.status == Status.SENDING


def test_doubt_is_told_in_one_language_at_a_time(started: Broadcast, control: Control) -> None:
    control.fault(SENDALL, errcode=45065)

    unknown = attempt(started)

    with override("en"):
        assert unknown.error_message.isascii()
    with override("zh-hans"):
        assert "微信对" in unknown.error_message


def test_after_a_day_of_doubt_nothing_is_repeated(started: Broadcast, control: Control) -> None:
    control.fault(SENDALL, drop="after")
    attempt(started)
    age(started, by=23 * HOUR)

    unknown = attempt(started)

    assert unknown.status == BroadcastStatus.UNKNOWN
    assert (calls(control), len(control.jobs())) == (1, 1)


def test_silence_for_a_day_is_unknown(started: Broadcast, control: Control) -> None:
    control.fault(SENDALL, drop="before", times=2)
    attempt(started)
    Broadcast.objects.update(uncertain=False)
    age(started, by=23 * HOUR)

    assert attempt(started).status == BroadcastStatus.UNKNOWN


def test_what_waits_for_the_administrator_is_not_repeated(started: Broadcast, control: Control) -> None:
    control.account(APPID, mass_protection=True)

    unknown = attempt(started)

    assert (unknown.status, unknown.error_code) == (BroadcastStatus.UNKNOWN, "wechat_waiting_for_admin")
    assert unknown.due_at is None
    assert calls(control) == 1
