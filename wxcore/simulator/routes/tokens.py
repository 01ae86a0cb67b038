"""Access tokens.

https://developers.weixin.qq.com/doc/service/api/base/api_getaccesstoken.html
https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html
"""

from __future__ import annotations

from typing import Any

from wxcore.simulator.accounts import Account
from wxcore.simulator.clock import day_of
from wxcore.simulator.errors import MESSAGES, WeChatError
from wxcore.simulator.routes.registry import Call, route
from wxcore.simulator.tokens import FORCE_INTERVAL, Token

FORCED_A_DAY = 20
STABLE = {"grant_type": str, "appid": str, "secret": str, "force_refresh": bool}


@route("GET", "/cgi-bin/token", token=False)
def get_access_token(call: Call) -> dict[str, Any]:
    """A new token each time; the one before it works for five more minutes."""
    account = _grant(call, call.request.query)
    with account.lock:
        account.calls.count("/cgi-bin/token", call.world.clock, test=account.is_test)
        return _answer(account.families["token"].issue(call.now), call.now)


@route("POST", "/cgi-bin/stable_token", STABLE, token=False)
def get_stable_access_token(call: Call) -> dict[str, Any]:
    """The same token with what is left of its life; a new one in force mode."""
    account = _grant(call, call.body)
    force = call.body.get("force_refresh", False)
    with account.lock:
        account.calls.count("/cgi-bin/stable_token", call.world.clock, test=account.is_test)
        family = account.families["stable_token"]
        if force and (family.current is None or call.now - family.current.issued_at >= FORCE_INTERVAL):
            _count_forced(account, call.now)
        return _answer(family.stable(call.now, force=force), call.now)


def identify(call: Call, appid: str, secret: str) -> Account:
    """This will be the account of an appid and its secret, asked from an address that may.

    Raises 41002, 41004, 40013, 40125, 40243, 40164.
    """
    if not appid:
        raise WeChatError(41002)
    if not secret:
        raise WeChatError(41004)
    account = call.world.find(appid)
    if account is None:
        raise WeChatError(40013)
    options = account.options
    if secret != options.secret:
        raise WeChatError(40125)
    if options.secret_frozen:
        raise WeChatError(40243)
    if options.ip_whitelist and call.request.ip not in options.ip_whitelist:
        raise WeChatError(40164, MESSAGES[40164].format(ip=call.request.ip))
    return account


def _grant(call: Call, given: dict[str, Any]) -> Account:
    if given.get("grant_type") != "client_credential":
        raise WeChatError(40002)
    return identify(call, given.get("appid", ""), given.get("secret", ""))


def _answer(token: Token, now: float) -> dict[str, Any]:
    return {"access_token": token.value, "expires_in": max(0, round(token.expires_at - now))}


def _count_forced(account: Account, now: float) -> None:
    account.forced = [at for at in account.forced if day_of(at) == day_of(now)]
    if len(account.forced) >= FORCED_A_DAY:
        raise WeChatError(45009)
    account.forced.append(now)
