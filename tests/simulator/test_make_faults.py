"""Faults: the next calls go wrong in the way that was asked for."""

import time

import pytest
import requests

from tests.simulator.conftest import APPID

GET = "/cgi-bin/user/get"
CREATE = "/cgi-bin/tags/create"


def test_an_errcode_comes_as_often_as_asked(control, caller):
    control.fault(GET, errcode=45011, times=2)
    codes = [caller.get(GET).get("errcode", 0) for _ in range(3)]
    assert codes == [45011, 45011, 0]


def test_some_calls_may_go_well_first(control, caller):
    control.fault(GET, errcode=-1, skip=2)
    assert [caller.get(GET).get("errcode", 0) for _ in range(4)] == [0, 0, -1, 0]


def test_an_errcode_may_come_after_the_effect(control, caller):
    control.fault(CREATE, errcode=-1, when="after")
    assert caller.post(CREATE, {"tag": {"name": "VIP"}})["errcode"] == -1
    assert [tag["name"] for tag in caller.get("/cgi-bin/tags/get")["tags"]] == ["星标组", "VIP"]


def test_a_status_a_page_and_a_body(control, caller):
    caller.fetch_token()
    control.fault(GET, status=502)
    control.fault(GET, html="<html>busy</html>")
    control.fault(GET, body='{"errcode":0')
    answers = [caller.request("GET", GET) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [502, 200, 200]
    assert answers[1].headers["Content-Type"].startswith("text/html")
    assert answers[2].text == '{"errcode":0'


@pytest.mark.parametrize(("when", "done"), [("before", False), ("after", True)])
def test_the_connection_is_cut(control, caller, when, done):
    caller.get(GET)
    control.fault(CREATE, drop=when)
    with pytest.raises(requests.ConnectionError):
        caller.post(CREATE, {"tag": {"name": "VIP"}})
    assert (len(caller.get("/cgi-bin/tags/get")["tags"]) == 2) is done


def test_an_answer_is_late(control, caller):
    caller.get(GET)
    control.fault(GET, delay=0.3)
    started = time.monotonic()
    assert "total" in caller.get(GET)
    assert time.monotonic() - started >= 0.3


def test_any_path(control, caller):
    control.fault("*", errcode=-1)
    assert caller.fetch_token()["errcode"] == -1
    assert "access_token" in caller.fetch_token()


def test_they_are_listed_and_cleared(control, caller):
    control.fault(GET, errcode=-1, times=9)
    assert control.faults()[0]["times"] == 9
    control.clear_faults()
    assert control.faults() == []
    assert "total" in caller.get(GET)


@pytest.mark.parametrize("fault", [{}, {"drop": "now"}, {"errcode": 1, "when": "never"}, {"colour": "red"}])
def test_nonsense_is_refused(control, account, fault):
    with pytest.raises(AssertionError, match="400"):
        control.fault(GET, **fault)
    assert APPID in str(control.state())
