"""The control plane, `/_sim/`: what a test or a person does to this world. JSON in, JSON out.

See docs/simulator.md for each path with an example.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from typing import Any

from wxcore.simulator.accounts import Account
from wxcore.simulator.errors import ControlError, WeChatError
from wxcore.simulator.http import Request
from wxcore.simulator.world import World

PREFIX = "/_sim"
MOST = 1000
Function = Callable[..., Any]

DOORS: list[tuple[str, str, Function]] = []  # verb, path below /_sim, function


def door(method: str, path: str) -> Callable[[Function], Function]:
    """This will put a function into the table; `<name>` in the path becomes a keyword."""

    def register(function: Function) -> Function:
        DOORS.append((method, path, function))
        return function

    return register


def answer(world: World, request: Request, given: dict[str, Any]) -> Any:
    """This will do what was asked. Raises ControlError, also for a refusal of WeChat's."""
    for method, path, function in DOORS:
        match = method == request.method and _pattern(path).fullmatch(request.path)
        if match:
            try:
                return function(world, given, **match.groupdict())
            except WeChatError as error:
                raise ControlError(f"{error.code} {error.message}") from None
            except (TypeError, ValueError, KeyError) as error:
                raise ControlError(f"{type(error).__name__}: {error}") from None
    raise ControlError("no such path, or not with this verb", 404)


def read(request: Request) -> dict[str, Any]:
    """This will be what a request says: a POST's JSON, else the query. Raises ControlError."""
    if request.method != "POST":
        return dict(request.query)
    # A page of another site can make a browser post a form or a text without asking; JSON it cannot.
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise ControlError("send Content-Type: application/json", 415)
    try:
        given = json.loads(request.body or b"{}")
    except ValueError:
        raise ControlError("send JSON") from None
    if not isinstance(given, dict):
        raise ControlError("send a JSON object")
    return given


@functools.cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(PREFIX + re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", path))


def account_of(world: World, given: dict[str, Any]) -> Account:
    """This will be the account that a request names by its appid. Raises ControlError."""
    account = world.find(given.get("appid", ""))
    if account is None:
        raise ControlError("no account with this appid", 404)
    return account


def owner_of(world: World, openid: str) -> tuple[Account, int]:
    """This will be the account of an openid, and the follower's number. Raises ControlError."""
    owner = world.owner(openid)
    if owner is None:
        raise ControlError("nobody has this openid", 404)
    return owner


def whole(value: Any, name: str) -> int:
    """This will be a whole number. Raises ControlError."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 20_000_000:
        raise ControlError(f"{name} is a whole number from 0 to 20,000,000")
    return value


def window(given: dict[str, Any]) -> tuple[int, int]:
    """This will be the offset and the limit of a page, at most MOST."""
    return max(0, int(given.get("offset", 0))), min(MOST, max(1, int(given.get("limit", 100))))


def newest(rows: list[Any], given: dict[str, Any]) -> list[Any]:
    """This will be the last rows, as many as `limit` says, or all."""
    return rows[-max(1, int(given["limit"])) :] if "limit" in given else rows
