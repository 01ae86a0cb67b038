"""user/get, user/info, batchget, updateremark."""

import pytest

from tests.simulator.conftest import APPID

GET = "/cgi-bin/user/get"
BATCH = "/cgi-bin/user/info/batchget"


def test_pages_have_10000_and_the_last_has_no_data(control, caller):
    control.followers(APPID, 12_000)
    first = caller.get(GET, next_openid="")
    second = caller.get(GET, next_openid=first["next_openid"])
    last = caller.get(GET, next_openid=second["next_openid"])
    assert (first["total"], first["count"], second["count"]) == (12_000, 10_000, 2_000)
    assert first["next_openid"] == first["data"]["openid"][-1]
    assert len({*first["data"]["openid"], *second["data"]["openid"]}) == 12_000
    assert last == {"total": 12_000, "count": 0, "next_openid": ""}


def test_an_account_without_followers(caller):
    assert caller.get(GET) == {"total": 0, "count": 0, "next_openid": ""}


def test_a_strange_next_openid_is_refused(control, caller):
    control.followers(APPID, 3)
    assert caller.get(GET, next_openid="o" * 28)["errcode"] == 40003


def test_openids_are_the_same_after_seeding_again(control, caller):
    control.followers(APPID, 50, tags=[{"name": "VIP", "share": 0.5}])
    before = caller.get(GET), caller.post("/cgi-bin/user/tag/get", {"tagid": 100})
    control.reset()
    control.account(APPID, secret=caller.secret)
    control.followers(APPID, 50, tags=[{"name": "VIP", "share": 0.5}])
    caller.token = ""
    assert (caller.get(GET), caller.post("/cgi-bin/user/tag/get", {"tagid": 100})) == before
    assert all(len(openid) == 28 and openid.startswith("o") for openid in before[0]["data"]["openid"])


def test_info_has_every_field_and_no_nickname(control, caller):
    control.followers(APPID, 1, tags=[{"name": "VIP", "share": 1}])
    user = caller.get("/cgi-bin/user/info", openid=control.openids(APPID)[0], lang="zh_CN")
    assert user["subscribe"] == 1
    assert user["tagid_list"] == [100]
    assert user["groupid"] == 100
    assert user["subscribe_scene"].startswith("ADD_SCENE_")
    assert {"language", "subscribe_time", "unionid", "remark", "qr_scene", "qr_scene_str"} <= set(user)
    assert not {"nickname", "headimgurl", "sex", "city"} & set(user)


def test_who_left_is_nearly_nothing(control, caller):
    control.followers(APPID, 2)
    openid = control.openids(APPID)[0]
    control.unfollow(APPID, openid)
    user = caller.get("/cgi-bin/user/info", openid=openid)
    assert user.keys() == {"subscribe", "openid", "unionid"}
    assert user["subscribe"] == 0
    assert caller.get(GET)["total"] == 1


def test_unionid_needs_an_open_platform(control, caller):
    control.account(APPID, open_platform=False)
    control.followers(APPID, 1)
    assert "unionid" not in caller.get("/cgi-bin/user/info", openid=control.openids(APPID)[0])


def test_batchget_keeps_the_order(control, caller):
    control.followers(APPID, 120)
    openids = control.openids(APPID, 100)[::-1]
    users = caller.post(BATCH, {"user_list": [{"openid": openid, "lang": "zh_CN"} for openid in openids]})
    assert [user["openid"] for user in users["user_info_list"]] == openids


@pytest.mark.parametrize("amount", [0, 101])
def test_batchget_takes_1_to_100(control, caller, amount):
    control.followers(APPID, 101)
    asked = [{"openid": openid} for openid in control.openids(APPID, 101)[:amount]]
    assert caller.post(BATCH, {"user_list": asked})["errcode"] == 40032


def test_a_stranger_is_refused(control, caller):
    control.followers(APPID, 1)
    control.account("wxother")
    control.followers("wxother", 1)
    foreign = control.openids("wxother")[0]
    assert caller.post(BATCH, {"user_list": [{"openid": foreign}]})["errcode"] == 40003
    assert caller.get("/cgi-bin/user/info", openid=foreign)["errcode"] == 40003
    assert caller.get("/cgi-bin/user/info")["errcode"] == 41009


def test_a_remark_is_kept(control, caller):
    control.followers(APPID, 1)
    openid = control.openids(APPID)[0]
    assert caller.post("/cgi-bin/user/info/updateremark", {"openid": openid, "remark": "老客户"})["errcode"] == 0
    assert caller.get("/cgi-bin/user/info", openid=openid)["remark"] == "老客户"


def test_a_remark_of_30_characters_is_too_long(control, caller):
    control.followers(APPID, 1)
    openid = control.openids(APPID)[0]
    path = "/cgi-bin/user/info/updateremark"
    assert caller.post(path, {"openid": openid, "remark": "好" * 30})["errcode"] == 40092
    control.unfollow(APPID, openid)
    assert caller.post(path, {"openid": openid, "remark": "x"})["errcode"] == 43004
