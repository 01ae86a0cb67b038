"""What becomes of a job: outcomes that somebody planned, and the administrator's confirmation."""

import pytest
from defusedxml.ElementTree import fromstring

from tests.simulator.conftest import APPID
from tests.simulator_control import wait_for


@pytest.fixture(autouse=True)
def _listening(control, account, listener):
    control.account(APPID, callback_url=listener.url, token="callbacktoken")
    control.followers(APPID, 10)


def numbers(job):
    return job["total"], job["filter"], job["sent"], job["error"]


def report(listener, at=0):
    wait_for(lambda: len(listener.got) > at)
    return fromstring(listener.got[at][1])


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ({"error_count": 3}, (10, 10, 7, 3)),
        ({"error_share": 0.5}, (10, 10, 5, 5)),
        ({"status": "sendsuccess"}, (10, 10, 10, 0)),
        ({"status": "send fail"}, (10, 10, 0, 10)),
        ({"status": "err(10001)"}, (10, 0, 0, 0)),
    ],
)
def test_an_outcome_is_reported_word_for_word(control, caller, listener, outcome, expected):
    control.outcome(**outcome)
    msg_id = caller.sendall()["msg_id"]
    assert report(listener).findtext("Status") == outcome.get("status", "send success")
    assert numbers(control.job(msg_id)) == expected
    assert len(control.recipients(msg_id)) == expected[2]


def test_numbers_may_be_left_out(control, caller, listener):
    control.outcome(omit=["FilterCount", "CopyrightCheckResult"])
    caller.sendall()
    message = report(listener)
    assert message.find("FilterCount") is None
    assert message.find("CopyrightCheckResult") is None
    assert message.findtext("SentCount") == "10"


def test_it_is_of_one_account_and_one_job(control, caller):
    control.outcome(status="send fail", appid="wxother")
    control.outcome(status="err(20001)", appid=APPID)
    ids = [caller.sendall(text)["msg_id"] for text in ("one", "two")]
    wait_for(lambda: all(control.job(msg_id)["status"] for msg_id in ids))
    assert [control.job(msg_id)["status"] for msg_id in ids] == ["err(20001)", "send success"]


def test_delivery_waits_for_the_delay(control, caller, listener):
    control.settings(job_delay=30)
    msg_id = caller.sendall()["msg_id"]
    assert control.job(msg_id)["state"] == "sending"
    control.advance(31)
    assert control.job(msg_id)["state"] == "finished"


def test_who_leaves_before_the_delivery_fails(control, caller):
    control.settings(job_delay=30)
    msg_id = caller.sendall()["msg_id"]
    control.unfollow(APPID, control.openids(APPID)[0])
    control.advance(31)
    assert numbers(control.job(msg_id)) == (10, 10, 9, 1)


def protected(control, caller):
    control.account(APPID, mass_protection=True)
    assert caller.sendall(clientmsgid="a")["errcode"] == 89504
    return control.jobs()[0]["msg_id"]


def test_a_protected_job_waits_for_the_administrator(control, caller, listener):
    msg_id = protected(control, caller)
    assert caller.sendall(clientmsgid="a")["errcode"] == 89505
    assert control.job(msg_id)["state"] == "confirming"
    control.confirm(msg_id)
    assert report(listener).findtext("Status") == "send success"
    assert caller.sendall(clientmsgid="a")["errcode"] == 45065


def test_the_administrator_may_refuse(control, caller, listener):
    msg_id = protected(control, caller)
    control.confirm(msg_id, agree=False)
    assert report(listener).findtext("Status") == "err(40001)"
    assert numbers(control.job(msg_id)) == (10, 0, 0, 0)


def test_silence_is_a_refusal(control, caller, listener):
    msg_id = protected(control, caller)
    control.advance(30 * 60 + 1)
    assert report(listener).findtext("Status") == "err(40002)"
    with pytest.raises(AssertionError, match="409"):
        control.confirm(msg_id)


def test_a_tag_needs_no_confirmation(control, caller):
    control.account(APPID, mass_protection=True)
    caller.post("/cgi-bin/tags/create", {"tag": {"name": "VIP"}})
    assert caller.sendall(filter={"tag_id": 100})["errcode"] == 0


def test_the_result_may_come_before_the_answer(control, caller, listener):
    control.fault("/cgi-bin/message/mass/sendall", delay=0.5, when="after")
    seen_first = []
    caller.session.hooks["response"].append(lambda answer, **_: seen_first.append(len(listener.got)))
    msg_id = caller.sendall()["msg_id"]
    assert seen_first[-1] == 1
    assert report(listener).findtext("MsgID") == str(msg_id)
