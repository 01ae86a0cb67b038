"""datacube/getusersummary and getusercumulate: who came and went."""

import datetime as dt

import pytest

from tests.simulator.conftest import APPID
from tests.simulator_control import SHANGHAI

CALLS = ("getusersummary", "getusercumulate")


def ask(caller, name, begin, end=None):
    caller.token = ""  # days later it has expired
    return caller.post(f"/datacube/{name}", {"begin_date": str(begin), "end_date": str(end or begin)})


def today(control):
    return dt.datetime.fromtimestamp(control.state()["now"], SHANGHAI).date()


def test_who_comes_and_goes_is_counted(control, caller):
    control.followers(APPID, 100)
    day = today(control)
    first = control.follow(APPID)
    control.follow(APPID)
    control.unfollow(APPID, first)
    control.advance_to(9)
    rows = ask(caller, "getusersummary", day)["list"]
    assert sum(row["new_user"] for row in rows) == 2
    assert sum(row["cancel_user"] for row in rows) == 1
    (total,) = ask(caller, "getusercumulate", day)["list"]
    assert total == {"ref_date": str(day), "user_source": 0, "cumulate_user": 101}


def test_recent_followers_make_weeks_of_growth(control, caller):
    control.followers(APPID, 2000, recent_share=0.1)
    control.advance_to(9)
    last = today(control) - dt.timedelta(1)
    totals = ask(caller, "getusercumulate", last - dt.timedelta(6), last)["list"]
    rows = ask(caller, "getusersummary", last - dt.timedelta(5), last)["list"]
    net = sum(row["new_user"] - row["cancel_user"] for row in rows)
    assert len(totals) == 7
    assert net == totals[-1]["cumulate_user"] - totals[0]["cumulate_user"] > 0


@pytest.mark.parametrize("name", CALLS)
def test_seven_days_that_are_over_are_asked_for(control, caller, name):
    day = today(control)
    assert ask(caller, name, day)["errcode"] == 61500
    control.advance_to(7.9)
    assert ask(caller, name, day)["errcode"] == 61503
    control.advance_to(8, days=0)
    assert "list" in ask(caller, name, day - dt.timedelta(6), day)
    assert ask(caller, name, day - dt.timedelta(7), day)["errcode"] == 61501
    assert ask(caller, name, day, day - dt.timedelta(1))["errcode"] == 61501


@pytest.mark.parametrize("name", CALLS)
def test_an_account_may_lack_the_right(control, caller, name):
    control.account(APPID, statistics="none")
    assert ask(caller, name, "2026-11-01")["errcode"] == 48001
