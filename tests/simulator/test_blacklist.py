"""The blacklist."""

from tests.simulator.conftest import APPID
from tests.simulator_control import wait_for

ADD = "/cgi-bin/tags/members/batchblacklist"
GET = "/cgi-bin/tags/members/getblacklist"


def test_followers_go_on_and_off(control, caller):
    control.followers(APPID, 5)
    openids = control.openids(APPID)[:2]
    assert caller.post(ADD, {"openid_list": openids})["errcode"] == 0
    listed = caller.post(GET, {"begin_openid": ""})
    assert listed == {"total": 2, "count": 2, "data": {"openid": openids}, "next_openid": openids[1]}
    caller.post("/cgi-bin/tags/members/batchunblacklist", {"openid_list": openids})
    assert caller.post(GET, {"begin_openid": ""}) == {"total": 0, "count": 0, "next_openid": ""}


def test_pages_have_1000(control, caller):
    control.followers(APPID, 1100)
    for at in range(0, 1020, 20):
        caller.post(ADD, {"openid_list": control.openids(APPID, 20, at)})
    first = caller.post(GET, {"begin_openid": ""})
    assert (first["total"], first["count"]) == (1020, 1000)
    assert caller.post(GET, {"begin_openid": first["next_openid"]})["count"] == 20


def test_20_fit_into_a_call(control, caller):
    control.followers(APPID, 21)
    assert caller.post(ADD, {"openid_list": control.openids(APPID)})["errcode"] == 40032


def test_who_is_on_it_gets_nothing(control, caller):
    control.followers(APPID, 3)
    openids = control.openids(APPID)
    caller.post(ADD, {"openid_list": openids[:1]})
    msg_id = caller.sendall()["msg_id"]
    job = wait_for(lambda: control.job(msg_id)["status"] and control.job(msg_id))
    assert (job["total"], job["filter"], job["sent"]) == (3, 2, 2)
    assert control.recipients(msg_id) == openids[1:]
