"""Addresses, quota and traces.

https://developers.weixin.qq.com/doc/service/api/base/
"""

from __future__ import annotations

import re
from typing import Any

from wxcore.simulator.accounts import Account
from wxcore.simulator.errors import WeChatError
from wxcore.simulator.quota import PER_MINUTE
from wxcore.simulator.routes.registry import OK, ROUTES, Call, route
from wxcore.simulator.routes.tokens import identify

CLEARINGS_A_MONTH = 10
SINGLE_CLEARINGS_A_MONTH = 50
ADDRESSES = {"ip_list": ["127.0.0.1", "::1"]}
RID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}")
RID_LIFE = 7 * 86_400
ACTIONS = ("dns", "ping", "all")
OPERATORS = ("CHINANET", "UNICOM", "CAP", "DEFAULT")


@route("GET", "/cgi-bin/getcallbackip", right="")
def get_callback_ip(call: Call) -> dict[str, Any]:
    """The addresses that push."""
    return ADDRESSES


@route("GET", "/cgi-bin/get_api_domain_ip", right="")
def get_api_domain_ip(call: Call) -> dict[str, Any]:
    """The addresses of the API hosts."""
    return ADDRESSES


@route("POST", "/cgi-bin/callback/check", {"action": str, "check_operator": str}, right="")
def check_callback(call: Call) -> dict[str, Any]:
    """A look at the callback URL's host; here it is always near."""
    action, operator = call.body.get("action"), call.body.get("check_operator", "DEFAULT")
    if not call.owner.options.callback_url:
        raise WeChatError(40201)
    if action not in ACTIONS:
        raise WeChatError(40202)
    if operator not in OPERATORS:
        raise WeChatError(40203)
    seen = {
        "dns": [{"ip": "127.0.0.1", "real_operator": operator}],
        "ping": [{"ip": "127.0.0.1", "from_operator": operator, "package_loss": "0%", "time": "0.042ms"}],
    }
    return {name: part for name, part in seen.items() if action in ("all", name)}


@route("POST", "/cgi-bin/clear_quota", {"appid": str}, right="")
def clear_quota(call: Call) -> dict[str, Any]:
    """Today's calls are forgotten, ten times a month."""
    if call.body.get("appid") != call.owner.appid:
        raise WeChatError(40013)
    return _clear(call, call.owner)


@route("POST", "/cgi-bin/clear_quota/v2", {"appid": str, "appsecret": str}, token=False, optional_body=True)
def clear_quota_by_secret(call: Call) -> dict[str, Any]:
    """The same without a token; the fields may be in the body or in the query."""
    given = call.body or call.request.query
    account = identify(call, given.get("appid", ""), given.get("appsecret", ""))
    with account.lock:
        return _clear(call, account)


@route("POST", "/cgi-bin/openapi/quota/get", {"cgi_path": str}, right="")
def get_quota(call: Call) -> dict[str, Any]:
    """How often a path was called today, and how often it may be."""
    path = _known_path(call)
    limit = call.owner.calls.daily_limit(path, test=call.owner.is_test)
    used = call.owner.calls.used(path, call.world.clock)
    rate = {"call_count": PER_MINUTE[path], "refresh_second": 60} if path in PER_MINUTE else {}
    quota = {"daily_limit": limit, "used": used, "remain": max(0, limit - used)}
    return {**OK, "quota": quota, "rate_limit": rate, "component_rate_limit": {}}


@route("POST", "/cgi-bin/openapi/quota/clear", {"cgi_path": str}, right="")
def clear_one_quota(call: Call) -> dict[str, Any]:
    """Today's calls of one path are forgotten, fifty times a month."""
    path = _known_path(call)
    _count_clearing(call, call.owner.single_clearings, SINGLE_CLEARINGS_A_MONTH)
    call.owner.calls.clear(path)
    return OK


@route("POST", "/cgi-bin/openapi/rid/get", {"rid": str}, right="")
def get_rid(call: Call) -> dict[str, Any]:
    """The request behind the rid of an errmsg."""
    rid = call.body.get("rid", "")
    if not RID.fullmatch(rid):
        raise WeChatError(76002)
    found = call.world.rids.get(rid)
    if found is None:
        raise WeChatError(76001)
    if found["appid"] != call.owner.appid:
        raise WeChatError(76003)
    if call.now - found["request"]["invoke_time"] > RID_LIFE:
        raise WeChatError(76004)
    return {**OK, "request": found["request"]}


def _known_path(call: Call) -> str:
    path: str = call.body.get("cgi_path", "")
    if path not in ROUTES:
        raise WeChatError(76021)
    return path


def _clear(call: Call, account: Account) -> dict[str, Any]:
    _count_clearing(call, account.clearings, CLEARINGS_A_MONTH)
    account.calls.clear()
    return OK


def _count_clearing(call: Call, months: list[tuple[int, int]], limit: int) -> None:
    month = call.world.clock.month()
    if months.count(month) >= limit:
        raise WeChatError(48006)
    months.append(month)
