"""The control plane itself, and the page."""

import pytest
import requests

from tests.simulator.conftest import APPID, SECRET


def test_the_state_is_told_without_secrets(control, account):
    control.account(APPID, token="callbacktoken")
    control.followers(APPID, 10, tags=[{"name": "VIP", "share": 0.5}], left_share=0.2)
    state = control.state()
    found = state["accounts"][0]
    assert (found["followers"], found["ever_followed"], found["tags"][1]["name"]) == (8, 10, "VIP")
    assert SECRET not in str(state)
    assert "callbacktoken" not in str(state)


def test_an_account_keeps_its_followers(control, account):
    control.followers(APPID, 5)
    assert control.account(APPID, kind="subscription")["followers"] == 5


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "x"},
        {"verified": 1},
        {"colour": "red"},
        {"callback_url": "shop"},
        {"mode": "safe", "encoding_aes_key": "short"},
    ],
)
def test_a_wrong_option_is_refused(control, account, options):
    with pytest.raises(AssertionError, match="400"):
        control.account(APPID, **options)


def test_reset_forgets_everything(control, account):
    control.followers(APPID, 5)
    control.fault("*", errcode=-1)
    control.advance(100)
    control.reset()
    state = control.state()
    assert (state["accounts"], state["faults"], state["offset"]) == ([], 0, 0)


def test_followers_come_in_pages(control, account):
    control.followers(APPID, 30)
    page = control.get("/followers", appid=APPID, offset=20, limit=5)
    assert page["total"] == 30
    assert [follower["openid"] for follower in page["followers"]] == control.openids(APPID)[20:25]
    found = control.get("/followers", appid=APPID, q=control.openids(APPID)[7])["followers"]
    assert [follower["openid"] for follower in found] == control.openids(APPID)[7:8]


def test_recipients_come_in_pages(control, caller):
    control.followers(APPID, 30)
    msg_id = caller.sendall()["msg_id"]
    control.advance(1)
    assert control.recipients(msg_id, offset=10, limit=5) == control.openids(APPID)[10:15]


def test_calls_are_counted_and_hold_no_secret(control, caller):
    caller.fetch_old_token()
    caller.get("/cgi-bin/user/get")
    calls = control.calls()
    assert calls["counts"]["/cgi-bin/token"] == 1
    assert calls["recent"][-1]["path"] == "/cgi-bin/user/get"
    assert SECRET not in str(calls)
    assert caller.token not in str(calls)


def test_other_sites_cannot_post(control, account):
    answer = requests.post(
        f"{control.url}/_sim/reset", data='{"a":1}', headers={"Content-Type": "text/plain"}, timeout=5
    )
    assert answer.status_code == 415
    assert control.state()["accounts"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nothing"), ("DELETE", "/state"), ("GET", "/jobs/1"), ("GET", "/followers/oX/received")],
)
def test_what_is_not_there(control, method, path):
    with pytest.raises(AssertionError, match="404"):
        control.request(method, path)


@pytest.mark.parametrize("path", ["/", "/?lang=en", "/page.js", "/page.css"])
def test_the_page_is_served(simulator, path):
    answer = requests.get(simulator.url + path, timeout=5)
    assert answer.ok
    assert len(answer.content) > 500
