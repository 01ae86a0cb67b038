"""Mass messages, from the call to what the followers got."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator_control import Control, wait_for
from tests.wechat.conftest import APPID
from tests.wechat.host import Host
from wxcore.wechat.broadcasts import JobStatus, Speed, TextMessage, ToAll, ToTag
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import (
    AlreadySubmitted,
    ApiError,
    InvalidRequest,
    NoAnswer,
    QuotaUsedUp,
    StillSubmitting,
    UnknownTag,
    WaitingForAdmin,
)

SENDALL = "/cgi-bin/message/mass/sendall"
HELLO = TextMessage("你好 👋")


def test_everybody_gets_it(control: Control, simulated: WeChat, openids: list[str]) -> None:
    submission = simulated.broadcasts.sendall(ToAll(), HELLO, clientmsgid="c" * 32)
    wait_for(lambda: simulated.broadcasts.get(submission.msg_id) is JobStatus.SEND_SUCCESS)
    assert set(control.recipients(submission.msg_id)) == set(openids)
    assert control.received(openids[0])[0]["text"] == HELLO.content
    assert control.job(submission.msg_id)["clientmsgid"] == "c" * 32


def test_a_tag_gets_it_and_nobody_else(control: Control, simulated: WeChat, openids: list[str]) -> None:
    submission = simulated.broadcasts.sendall(ToTag(100), HELLO, clientmsgid="c1")
    wait_for(lambda: simulated.broadcasts.get(submission.msg_id) is JobStatus.SEND_SUCCESS)
    assert set(control.recipients(submission.msg_id)) == set(openids[:2])


def test_the_listed_get_it_and_nobody_else(control: Control, simulated: WeChat, openids: list[str]) -> None:
    submission = simulated.broadcasts.send(openids[3:], HELLO, clientmsgid="c1")
    wait_for(lambda: simulated.broadcasts.get(submission.msg_id) is JobStatus.SEND_SUCCESS)
    assert set(control.recipients(submission.msg_id)) == set(openids[3:])


@pytest.mark.parametrize("tag_id", [None, True, False, "2", 2.0, -1])
def test_what_is_no_tag_is_refused(tag_id: Any) -> None:
    with pytest.raises(InvalidRequest):
        ToTag(tag_id)


@pytest.mark.parametrize("to", [None, True, 0, 2, "all", {}, ToAll])
def test_a_missing_audience_is_refused_before_anything_is_sent(host: Host, wechat: WeChat, to: Any) -> None:
    with pytest.raises(InvalidRequest):
        wechat.broadcasts.sendall(to, HELLO, clientmsgid="c1")
    assert host.requests == []


@pytest.mark.parametrize(
    "openids", [None, [], ["o1"], ["o1", "o1"], ["o1", ""], "o1o2", [f"o{n}" for n in range(10_001)]]
)
def test_a_list_of_none_one_or_too_many_is_refused_before_anything_is_sent(
    host: Host, wechat: WeChat, openids: Any
) -> None:
    with pytest.raises(InvalidRequest):
        wechat.broadcasts.send(openids, HELLO, clientmsgid="c1")
    assert host.requests == []


@pytest.mark.parametrize("clientmsgid", ["", "c" * 33, "群" * 11, None])
def test_without_a_fitting_clientmsgid_it_is_refused_before_anything_is_sent(
    host: Host, wechat: WeChat, clientmsgid: Any
) -> None:
    with pytest.raises(InvalidRequest):
        wechat.broadcasts.sendall(ToAll(), HELLO, clientmsgid=clientmsgid)
    assert host.requests == []


def test_a_tag_that_is_not_there_is_unknown(control: Control, simulated: WeChat) -> None:
    with pytest.raises(UnknownTag):
        simulated.broadcasts.sendall(ToTag(999), HELLO, clientmsgid="c1")
    assert control.jobs(APPID) == []


def test_the_same_clientmsgid_leads_to_the_first_job(control: Control, simulated: WeChat) -> None:
    first = simulated.broadcasts.sendall(ToAll(), HELLO, clientmsgid="c1")
    control.advance(61)
    with pytest.raises(AlreadySubmitted) as caught:
        simulated.broadcasts.sendall(ToAll(), HELLO, clientmsgid="c1")
    assert caught.value.msg_id == first.msg_id
    assert len(control.jobs(APPID)) == 1


def test_the_same_clientmsgid_at_once_is_still_being_submitted(control: Control, simulated: WeChat) -> None:
    control.settings(retry_window=60)
    simulated.broadcasts.sendall(ToAll(), HELLO, clientmsgid="c1")
    with pytest.raises(StillSubmitting):
        simulated.broadcasts.sendall(ToAll(), HELLO, clientmsgid="c1")


def test_an_answer_that_is_lost_leaves_a_job_that_the_clientmsgid_finds(control: Control, simulated: WeChat) -> None:
    control.fault(SENDALL, drop="after")
    with pytest.raises(NoAnswer) as caught:
        simulated.broadcasts.sendall(ToAll(), HELLO, clientmsgid="c1")
    assert caught.value.maybe_carried_out
    control.advance(61)
    with pytest.raises(AlreadySubmitted) as again:
        simulated.broadcasts.sendall(ToAll(), HELLO, clientmsgid="c1")
    assert [job["msg_id"] for job in control.jobs(APPID)] == [again.value.msg_id]


def test_a_token_that_died_costs_nothing(control: Control, simulated: WeChat) -> None:
    control.fault(SENDALL, errcode=42001)
    assert simulated.broadcasts.sendall(ToAll(), HELLO, clientmsgid="c1").msg_id
    assert len(control.jobs(APPID)) == 1


def test_the_fifth_to_everybody_in_a_month_is_over_the_quota(simulated: WeChat) -> None:
    for number in range(4):
        simulated.broadcasts.sendall(ToAll(), TextMessage(f"{number}"), clientmsgid=f"c{number}")
    with pytest.raises(QuotaUsedUp):
        simulated.broadcasts.sendall(ToAll(), HELLO, clientmsgid="c5")


def test_a_protected_account_waits_for_its_administrator(control: Control, simulated: WeChat) -> None:
    control.account(APPID, mass_protection=True)
    with pytest.raises(WaitingForAdmin) as caught:
        simulated.broadcasts.sendall(ToAll(), HELLO, clientmsgid="c1")
    assert caught.value.maybe_carried_out


def test_a_preview_goes_to_one_person(control: Control, simulated: WeChat, openids: list[str]) -> None:
    simulated.broadcasts.preview(HELLO, openid=openids[0])
    control.account(APPID, wechat_names={"wang": openids[1]})
    simulated.broadcasts.preview(HELLO, wxname="wang")
    assert [control.chat(openid)[-1]["text"] for openid in openids[:2]] == [HELLO.content] * 2


@pytest.mark.parametrize("person", [{}, {"openid": ""}, {"openid": "o1", "wxname": "wang"}])
def test_a_preview_to_nobody_or_two_is_refused_before_anything_is_sent(
    host: Host, wechat: WeChat, person: dict[str, str]
) -> None:
    with pytest.raises(InvalidRequest):
        wechat.broadcasts.preview(HELLO, **person)
    assert host.requests == []


def test_a_text_cannot_be_recalled(simulated: WeChat) -> None:
    submission = simulated.broadcasts.sendall(ToAll(), HELLO, clientmsgid="c1")
    wait_for(lambda: simulated.broadcasts.get(submission.msg_id) is JobStatus.SEND_SUCCESS)
    with pytest.raises(ApiError) as caught:
        simulated.broadcasts.delete(submission.msg_id)
    assert caught.value.errcode == 40065


def test_a_recall_names_the_article(host: Host, wechat: WeChat) -> None:
    wechat.broadcasts.delete(30124, 2)
    assert host.requests[-1].json() == {"msg_id": 30124, "article_idx": 2}


def test_a_job_that_is_not_ours_is_not_found(simulated: WeChat) -> None:
    with pytest.raises(ApiError) as caught:
        simulated.broadcasts.get(1)
    assert caught.value.errcode == 40059


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("SEND_SUCCESS", JobStatus.SEND_SUCCESS),
        ("SENDING", JobStatus.SENDING),
        ("SEND_FAIL", JobStatus.SEND_FAIL),
        ("DELETE", JobStatus.DELETE),
        ("send_success", JobStatus.SEND_SUCCESS),
        ("WAITING", JobStatus.UNKNOWN),
        (None, JobStatus.UNKNOWN),
    ],
)
def test_a_status_that_we_do_not_know_is_unknown(host: Host, wechat: WeChat, said: str, status: JobStatus) -> None:
    host.will("/cgi-bin/message/mass/get", {"msg_id": 1, "msg_status": said})
    assert wechat.broadcasts.get(1) is status


def test_the_speed_is_set_and_read(simulated: WeChat) -> None:
    simulated.broadcasts.set_speed(4)
    assert simulated.broadcasts.get_speed() == Speed(4, 10)


def test_a_speed_out_of_range_is_refused(simulated: WeChat) -> None:
    with pytest.raises(ApiError) as caught:
        simulated.broadcasts.set_speed(5)
    assert caught.value.errcode == 45083
