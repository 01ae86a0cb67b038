"""Is everything between WeChat and us as it should be? Addresses, quotas, credentials, past requests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wxcore.wechat.answers import child, integer, objects, optional_integer
from wxcore.wechat.transport import Transport

_TOKEN = re.compile(r"(access_token|secret|appsecret)([\"']?\s*[=:]\s*[\"']?)[^&\s\"',}]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DnsResult:
    """One address that WeChat found for our callback, and the operator that it belongs to."""

    ip: str
    operator: str


@dataclass(frozen=True, slots=True)
class PingResult:
    """How that address answered: WeChat's own words, such as "0%" and "23.079ms"."""

    ip: str
    operator: str
    package_loss: str
    time: str


@dataclass(frozen=True, slots=True)
class CallbackCheck:
    """What WeChat sees when it looks at our callback URL."""

    dns: tuple[DnsResult, ...]
    ping: tuple[PingResult, ...]


@dataclass(frozen=True, slots=True)
class ApiQuota:
    """Calls of one path today, and the limit of a shorter time where there is one."""

    daily_limit: int
    used: int
    remain: int
    rate_limit_calls: int | None
    rate_limit_seconds: int | None


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """What WeChat remembers of one request, for seven days. Tokens and secrets in it are masked."""

    invoke_time: int
    cost_in_ms: int
    request_url: str
    request_body: str
    response_body: str
    client_ip: str


class Diagnostics:
    """Calls that change nothing but the quota counters."""

    def __init__(self, transport: Transport, appid: str) -> None:
        self._transport = transport
        self._appid = appid

    # https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/getStableAccessToken.html
    def check_token(self) -> None:
        """This will fetch a token now, so that wrong credentials show. Raises BadCredentials, IPNotAllowed."""
        self._transport.tokens.renew()

    # https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Get_the_WeChat_server_IP_address.html
    def callback_ips(self) -> tuple[str, ...]:
        """This will be the addresses that WeChat pushes from; some may be networks in CIDR form."""
        return _ips(self._transport.get("/cgi-bin/getcallbackip"))

    # https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Get_the_WeChat_server_IP_address.html
    def api_domain_ips(self) -> tuple[str, ...]:
        """This will be the addresses of WeChat's API hosts, for a firewall that wants to know."""
        return _ips(self._transport.get("/cgi-bin/get_api_domain_ip"))

    # https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Network_Detection.html
    def check_callback(self, action: str = "all", operator: str = "DEFAULT") -> CallbackCheck:
        """This will let WeChat look at our callback URL.

        `action` is dns, ping or all; `operator` CHINANET, UNICOM, CAP or DEFAULT. Raises ApiError 40201 to 40203.
        """
        body = {"action": action, "check_operator": operator}
        data = self._transport.post("/cgi-bin/callback/check", body, replayable=True)
        return CallbackCheck(
            dns=tuple(DnsResult(_text(row, "ip"), _text(row, "real_operator")) for row in objects(data, "dns")),
            ping=tuple(
                PingResult(
                    _text(row, "ip"), _text(row, "from_operator"), _text(row, "package_loss"), _text(row, "time")
                )
                for row in objects(data, "ping")
            ),
        )

    # https://developers.weixin.qq.com/doc/offiaccount/openApi/get_api_quota.html
    def quota(self, cgi_path: str) -> ApiQuota:
        """This will be what is left today of one path such as "/cgi-bin/user/get". Raises ApiError 76021, 76022."""
        data = self._transport.post("/cgi-bin/openapi/quota/get", {"cgi_path": cgi_path}, replayable=True)
        quota, rate = child(data, "quota"), child(data, "rate_limit")
        return ApiQuota(
            daily_limit=integer(quota.get("daily_limit"), default=0),
            used=integer(quota.get("used"), default=0),
            remain=integer(quota.get("remain"), default=0),
            rate_limit_calls=optional_integer(rate.get("call_count")),
            rate_limit_seconds=optional_integer(rate.get("refresh_second")),
        )

    # https://developers.weixin.qq.com/doc/offiaccount/openApi/clear_quota.html
    def clear_quota(self) -> None:
        """This will set all daily counters back, ten times a month at most. Raises ApiError 48006."""
        self._transport.post("/cgi-bin/clear_quota", {"appid": self._appid})

    # https://developers.weixin.qq.com/doc/offiaccount/openApi/get_rid_info.html
    def request_info(self, rid: str) -> RequestInfo:
        """This will be the request with that `rid`, as found in `ApiError.rid`. Raises ApiError 76001 to 76004."""
        data = self._transport.post("/cgi-bin/openapi/rid/get", {"rid": rid}, replayable=True)
        request = child(data, "request")
        return RequestInfo(
            invoke_time=integer(request.get("invoke_time"), default=0),
            cost_in_ms=integer(request.get("cost_in_ms"), default=0),
            request_url=_masked(request, "request_url"),
            request_body=_masked(request, "request_body"),
            response_body=_masked(request, "response_body"),
            client_ip=_text(request, "client_ip"),
        )


def _ips(data: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(ip) for ip in data.get("ip_list") or ())


def _text(data: Mapping[str, Any], key: str) -> str:
    return str(data.get(key) or "")


def _masked(data: Mapping[str, Any], key: str) -> str:
    return _TOKEN.sub(r"\1\2***", _text(data, key))
