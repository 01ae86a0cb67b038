"""Addresses, quota, traces."""

import re

import pytest

from tests.simulator.conftest import APPID, SECRET, Caller

QUOTA = "/cgi-bin/openapi/quota/get"


@pytest.mark.parametrize("path", ["/cgi-bin/getcallbackip", "/cgi-bin/get_api_domain_ip"])
def test_addresses_are_listed(caller, path):
    assert "127.0.0.1" in caller.get(path)["ip_list"]


def test_the_callback_is_looked_at(control, caller):
    control.account(APPID, callback_url="http://127.0.0.1:1/")
    answer = caller.post("/cgi-bin/callback/check", {"action": "all", "check_operator": "DEFAULT"})
    assert answer["ping"][0]["package_loss"] == "0%"
    assert set(caller.post("/cgi-bin/callback/check", {"action": "dns", "check_operator": "CAP"})) == {"dns"}


@pytest.mark.parametrize(
    ("url", "body", "code"), [("", {"action": "all"}, 40201), ("http://a", {"action": "x"}, 40202)]
)
def test_a_bad_look_is_refused(control, caller, url, body, code):
    control.account(APPID, callback_url=url)
    assert caller.post("/cgi-bin/callback/check", body)["errcode"] == code


def test_quota_counts_the_calls_of_today(control, caller):
    caller.get("/cgi-bin/user/get")
    assert caller.post(QUOTA, {"cgi_path": "/cgi-bin/user/get"})["quota"] == {
        "daily_limit": 500,
        "used": 1,
        "remain": 499,
    }
    control.advance(86_400)
    caller.token = ""
    assert caller.post(QUOTA, {"cgi_path": "/cgi-bin/user/get"})["quota"]["used"] == 0


def test_quota_of_an_unknown_path(caller):
    assert caller.post(QUOTA, {"cgi_path": "cgi-bin/user/get"})["errcode"] == 76021


def test_over_the_daily_limit_until_cleared(control, caller):
    control.account(APPID, daily_limits={"/cgi-bin/user/get": 1})
    assert "total" in caller.get("/cgi-bin/user/get")
    assert caller.get("/cgi-bin/user/get")["errcode"] == 45009
    assert caller.post("/cgi-bin/openapi/quota/clear", {"cgi_path": "/cgi-bin/user/get"})["errcode"] == 0
    assert "total" in caller.get("/cgi-bin/user/get")


def test_clearing_works_ten_times_a_month(caller):
    codes = [caller.post("/cgi-bin/clear_quota", {"appid": APPID})["errcode"] for _ in range(10)]
    given = {"appid": APPID, "appsecret": SECRET}
    assert codes == [0] * 10
    assert caller.request("POST", "/cgi-bin/clear_quota/v2", json=given).json()["errcode"] == 48006


def test_clearing_without_a_token_takes_the_query(caller):
    query = {"appid": APPID, "appsecret": SECRET}
    assert caller.request("POST", "/cgi-bin/clear_quota/v2", params=query).json() == {"errcode": 0, "errmsg": "ok"}


def test_a_rid_tells_its_request(control, simulator, caller):
    refused = caller.post("/cgi-bin/tags/create", {"tag": {"name": ""}})
    rid = re.search(r"rid: (\S+)", refused["errmsg"])[1]
    found = caller.post("/cgi-bin/openapi/rid/get", {"rid": rid})["request"]
    assert found["request_body"] == '{"tag": {"name": ""}}'
    assert caller.token not in str(found)
    assert caller.post("/cgi-bin/openapi/rid/get", {"rid": "x"})["errcode"] == 76002
    assert (
        caller.post("/cgi-bin/openapi/rid/get", {"rid": rid[:-1] + "0" if rid[-1] != "0" else rid[:-1] + "1"})[
            "errcode"
        ]
        == 76001
    )
    control.account("wxother", secret=SECRET)
    assert Caller(simulator.url, "wxother").post("/cgi-bin/openapi/rid/get", {"rid": rid})["errcode"] == 76003
