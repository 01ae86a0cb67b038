"""Mass quota: a day, a month, a minute; in Shanghai's calendar."""

from datetime import datetime, timedelta, timezone

import pytest

from tests.simulator.conftest import APPID
from tests.simulator_control import wait_for

SHANGHAI = timezone(timedelta(hours=8))


@pytest.fixture
def openids(control, account):
    control.followers(APPID, 4, tags=[{"name": "most", "share": 0.75}])
    control.advance(until(control, next="day"))  # so that no test runs over a midnight
    return control.openids(APPID)


def until(control, **parts):
    """Seconds until a moment of the simulated calendar."""
    now = datetime.fromtimestamp(control.state()["now"], SHANGHAI)
    midnight = now.replace(hour=0, minute=0, second=1, microsecond=0)
    if parts.get("next") == "day":
        return (midnight + timedelta(days=1) - now).total_seconds()
    return ((midnight.replace(day=1) + timedelta(days=32)).replace(day=1) - now).total_seconds()


def fresh_month(control, caller):
    control.advance(until(control, next="month"))
    caller.token = ""


def counts(control, answer):
    job = wait_for(lambda: (job := control.job(answer["msg_id"]))["status"] and job)
    return job["total"], job["filter"], job["sent"]


def test_a_subscription_account_sends_once_a_day(control, caller, openids):
    control.account(APPID, kind="subscription")
    assert caller.sendall("one")["errcode"] == 0
    assert caller.sendall("two", filter={"tag_id": 100})["errcode"] == 45028
    control.advance(until(control, next="day"))
    caller.token = ""
    assert caller.sendall("two")["errcode"] == 0


def test_a_failed_job_does_not_count(control, caller, openids):
    control.account(APPID, kind="subscription")
    control.outcome(status="err(10001)")
    first = caller.sendall("one")
    counts(control, first)
    assert caller.sendall("two")["errcode"] == 0


def test_a_follower_gets_four_a_month_and_is_filtered_then(control, caller, openids):
    fresh_month(control, caller)
    for n in range(4):
        assert counts(control, caller.send(openids[:2], f"text {n}")) == (2, 2, 2)
    assert counts(control, caller.send(openids[:3], "text 5")) == (3, 1, 1)
    assert control.follower(openids[0])["received_this_month"] == 4
    assert len(control.received(openids[0])) == 4
    fresh_month(control, caller)
    assert counts(control, caller.send(openids[:2], "next month")) == (2, 2, 2)


def test_to_everybody_four_times_a_month(control, caller, openids):
    fresh_month(control, caller)
    assert [caller.sendall(f"text {n}")["errcode"] for n in range(5)] == [0, 0, 0, 0, 45028]
    assert caller.sendall("a tag", filter={"tag_id": 100})["errcode"] == 0
    fresh_month(control, caller)
    assert caller.sendall("again")["errcode"] == 0


def test_100_calls_a_day(control, caller, openids):
    control.advance(until(control, next="day"))
    caller.token = ""
    for n in range(100):
        if n % 50 == 0:
            control.advance(61)
        assert caller.send(openids[:2], f"text {n}")["errcode"] == 0
    control.advance(61)
    assert caller.send(openids[:2], "one more")["errcode"] == 45009


def test_60_a_minute(control, caller, openids):
    now = control.state()["now"]
    control.advance(60 - now % 60)
    codes = [caller.send(openids[:2], f"text {n}")["errcode"] for n in range(61)]
    assert codes == [0] * 60 + [45011]
    control.advance(60)
    assert caller.sendall("later")["errcode"] == 0
