"""People who come, go and come back."""

import pytest
from defusedxml.ElementTree import fromstring

from tests.simulator.conftest import APPID
from tests.simulator_control import wait_for


@pytest.fixture(autouse=True)
def _listening(control, account, listener):
    control.account(APPID, callback_url=listener.url, token="callbacktoken")
    control.followers(APPID, 2)


def events(listener, count):
    wait_for(lambda: len(listener.got) == count)
    return [(fromstring(body).findtext("Event"), fromstring(body).findtext("FromUserName")) for _, body in listener.got]


def test_somebody_new_gets_a_new_openid(control, caller, listener):
    openid = control.follow(APPID)
    assert openid not in control.openids(APPID)[:2]
    assert events(listener, 1) == [("subscribe", openid)]
    user = caller.get("/cgi-bin/user/info", openid=openid)
    assert user["subscribe_time"] == pytest.approx(control.state()["now"], abs=5)
    assert caller.get("/cgi-bin/user/get")["total"] == 3


def test_somebody_leaves_and_comes_back_as_the_same(control, caller, listener):
    openid = control.openids(APPID)[0]
    control.unfollow(APPID, openid)
    assert events(listener, 1) == [("unsubscribe", openid)]
    assert control.follow(APPID, openid) == openid
    assert events(listener, 2)[1] == ("subscribe", openid)


def test_who_left_cannot_type(control):
    openid = control.openids(APPID)[0]
    control.unfollow(APPID, openid)
    with pytest.raises(AssertionError, match="40003"):
        control.message(APPID, openid, "x")


def test_a_stranger_cannot_leave(control):
    with pytest.raises(AssertionError, match="40003"):
        control.unfollow(APPID, "o" * 28)
