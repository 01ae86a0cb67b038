"""clientmsgid: the same job twice is the first job."""

import threading

import pytest
import requests

from tests.simulator.conftest import APPID, Caller
from tests.simulator_control import wait_for

SENDALL = "/cgi-bin/message/mass/sendall"


@pytest.fixture(autouse=True)
def _people(control, account):
    control.followers(APPID, 5, tags=[{"name": "VIP", "share": 0.5}])


def test_the_first_job_is_named(control, caller):
    first = caller.sendall(clientmsgid="a" * 32)["msg_id"]
    again = caller.sendall("something else", clientmsgid="a" * 32)
    assert (again["errcode"], again["msg_id"]) == (45065, first)
    assert "msg_data_id" not in again
    assert len(control.jobs()) == 1


def test_it_is_forgotten_after_24_hours(control, caller):
    first = caller.sendall(clientmsgid="a")["msg_id"]
    control.advance(24 * 3600 + 1)
    caller.token = ""
    assert caller.sendall(clientmsgid="a")["msg_id"] != first


def test_33_bytes_are_too_long(caller):
    assert caller.sendall(clientmsgid="a" * 33)["errcode"] == 45067
    assert caller.sendall(clientmsgid="好" * 11)["errcode"] == 45067


def test_another_account_does_not_matter(simulator, control, caller):
    control.account("wxother", secret=caller.secret)
    caller.sendall(clientmsgid="a")
    assert Caller(simulator.url, "wxother").sendall(clientmsgid="a")["errcode"] == 0


def test_without_one_audience_and_content_decide(caller):
    first = caller.sendall("hi")["msg_id"]
    again = caller.sendall("hi")
    assert (again["errcode"], again["msg_id"]) == (45065, first)
    assert caller.sendall("hi!")["errcode"] == 0
    assert caller.sendall("hi", filter={"tag_id": 100})["errcode"] == 0
    assert caller.sendall("hi", clientmsgid="own")["errcode"] == 0


def test_while_the_first_is_handled_it_is_too_fast(simulator, control, caller):
    control.fault(SENDALL, delay=1.0, when="after")
    answers = []
    first = threading.Thread(target=lambda: answers.append(caller.sendall(clientmsgid="a")))
    caller.fetch_token()
    other = Caller(simulator.url)
    other.fetch_token()
    first.start()
    wait_for(control.jobs)
    assert other.sendall(clientmsgid="a")["errcode"] == 45066
    first.join()
    again = other.sendall(clientmsgid="a")
    assert (again["errcode"], again["msg_id"]) == (45065, answers[0]["msg_id"])


def test_the_window_may_be_longer(control, caller):
    control.settings(retry_window=60)
    caller.sendall(clientmsgid="a")
    assert caller.sendall(clientmsgid="a")["errcode"] == 45066
    control.advance(61)
    assert caller.sendall(clientmsgid="a")["errcode"] == 45065


def test_after_a_lost_answer_the_job_is_found(control, caller):
    caller.fetch_token()
    caller.get("/cgi-bin/tags/get")
    control.fault(SENDALL, drop="after")
    with pytest.raises(requests.ConnectionError):
        caller.sendall(clientmsgid="a")
    job = control.jobs()[0]
    again = caller.sendall(clientmsgid="a")
    assert (again["errcode"], again["msg_id"]) == (45065, job["msg_id"])


def test_a_cut_before_it_was_handled_leaves_nothing(control, caller):
    control.fault(SENDALL, drop="before")
    with pytest.raises(requests.ConnectionError):
        caller.sendall(clientmsgid="a")
    assert control.jobs() == []
    assert caller.sendall(clientmsgid="a")["errcode"] == 0


def test_it_comes_before_the_quota(control, caller):
    control.account(APPID, kind="subscription")
    caller.sendall(clientmsgid="a")
    assert caller.sendall(clientmsgid="a")["errcode"] == 45065
    assert caller.sendall(clientmsgid="b")["errcode"] == 45028


def test_32_threads_make_one_job(eager_threads, simulator, control, caller):
    token = caller.fetch_token()["access_token"]
    answers = []
    together = threading.Barrier(32)

    def send():
        own = Caller(simulator.url)
        own.token = token
        own.get("/cgi-bin/getcallbackip")
        together.wait(10)
        answers.append(own.sendall(clientmsgid="a"))

    threads = [threading.Thread(target=send) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(control.jobs()) == 1
    assert {answer["errcode"] for answer in answers} <= {0, 45065, 45066}
    assert sum(answer["errcode"] == 0 for answer in answers) == 1
