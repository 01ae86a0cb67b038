"""Questions about the connection between WeChat and us."""

from __future__ import annotations

import pytest

from tests.simulator_control import Control
from tests.wechat.conftest import APPID, Connect
from tests.wechat.host import Host
from wxcore.wechat.client import WeChat
from wxcore.wechat.diagnostics import DnsResult, PingResult
from wxcore.wechat.errors import ApiError, BadCredentials, InvalidOpenid, IPNotAllowed

SENDALL = "/cgi-bin/message/mass/sendall"


def test_good_credentials_pass(simulated: WeChat) -> None:
    simulated.diagnostics.check_token()


def test_a_wrong_secret_shows_although_a_token_is_stored(control: Control, simulated: WeChat) -> None:
    simulated.tags.list()
    control.account(APPID, secret="another")
    with pytest.raises(BadCredentials):
        simulated.diagnostics.check_token()


@pytest.mark.parametrize("endpoint", ["token", "stable_token"])
def test_an_address_that_is_not_allowed_is_named(control: Control, connect_to: Connect, endpoint: str) -> None:
    control.account(APPID, secret="5ecret5ecret5ecret5ecret5ecret00", ip_whitelist=["10.1.2.3"])
    with pytest.raises(IPNotAllowed) as caught:
        connect_to(control.url, token_endpoint=endpoint).diagnostics.check_token()
    assert caught.value.ip == "127.0.0.1"


def test_an_unknown_appid_is_told(control: Control, connect_to: Connect) -> None:
    with pytest.raises(BadCredentials):
        connect_to(control.url).diagnostics.check_token()


def test_the_addresses_of_wechat_are_listed(simulated: WeChat) -> None:
    assert "127.0.0.1" in simulated.diagnostics.callback_ips()
    assert "127.0.0.1" in simulated.diagnostics.api_domain_ips()


def test_the_callback_is_looked_at(control: Control, simulated: WeChat) -> None:
    control.account(APPID, callback_url="http://127.0.0.1:9/")
    check = simulated.diagnostics.check_callback(operator="UNICOM")
    assert check.dns == (DnsResult("127.0.0.1", "UNICOM"),)
    assert check.ping == (PingResult("127.0.0.1", "UNICOM", "0%", "0.042ms"),)


def test_without_a_callback_there_is_nothing_to_look_at(simulated: WeChat) -> None:
    with pytest.raises(ApiError) as caught:
        simulated.diagnostics.check_callback()
    assert caught.value.errcode == 40201


def test_the_quota_counts_what_was_called(simulated: WeChat) -> None:
    simulated.users.list_openids()
    quota = simulated.diagnostics.quota("/cgi-bin/user/get")
    assert (quota.used, quota.remain) == (1, quota.daily_limit - 1)
    assert simulated.diagnostics.quota(SENDALL).rate_limit_seconds == 60


def test_clearing_the_quota_sets_it_back(simulated: WeChat) -> None:
    simulated.users.list_openids()
    simulated.diagnostics.clear_quota()
    assert simulated.diagnostics.quota("/cgi-bin/user/get").used == 0


def test_the_request_behind_an_error_is_found(simulated: WeChat) -> None:
    with pytest.raises(InvalidOpenid) as caught:
        simulated.users.get("o" * 28)
    request = simulated.diagnostics.request_info(caught.value.rid)
    assert "40003" in request.response_body
    assert request.client_ip == "127.0.0.1"


def test_a_remembered_request_shows_no_token_and_no_secret(host: Host, wechat: WeChat) -> None:
    remembered = {"request_url": "access_token=50_Im7x&a=b", "request_body": '{"secret":"abc","x":1}'}
    host.will("/cgi-bin/openapi/rid/get", {"errcode": 0, "request": remembered})
    request = wechat.diagnostics.request_info("1-2-3")
    assert request.request_url == "access_token=***&a=b"
    assert request.request_body == '{"secret":"***","x":1}'
