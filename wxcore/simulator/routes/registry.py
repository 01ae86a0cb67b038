"""The table of WeChat's paths, and the checks that come before any of them in WeChat's order.

Token, verb, account's rights, quota, body, then the endpoint itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from wxcore.simulator.accounts import Account
from wxcore.simulator.errors import WeChatError
from wxcore.simulator.http import Reply, Request
from wxcore.simulator.multipart import Form, read_form
from wxcore.simulator.world import World

Shape = dict[str, Any]
Answer = dict[str, Any] | Reply
MAX_PAGE = 20
OK: dict[str, Any] = {"errcode": 0, "errmsg": "ok"}
ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u([0-9a-fA-F]{4})")


@dataclass
class Call:
    """One call of an endpoint. `account` is the token's, None where no token is needed."""

    world: World
    request: Request
    account: Account | None = None
    body: dict[str, Any] = field(default_factory=dict)
    form: Form = field(default_factory=lambda: Form("", b""))
    after: list[Callable[[], object]] = field(default_factory=list)

    @property
    def owner(self) -> Account:
        """The account that calls."""
        assert self.account is not None  # noqa: S101 - only an endpoint without a token may not ask
        return self.account

    @property
    def now(self) -> float:
        """The simulated time."""
        return self.world.clock.now()

    @property
    def origin(self) -> str:
        """The address of this simulator as the caller knows it, without a slash at the end."""
        return f"http://{self.request.headers.get('host', 'mp.weixin.qq.com')}"

    def openid(self, key: str = "openid") -> str:
        """This will be an openid out of the body or the query. Raises 41009 when there is none."""
        openid = self.body.get(key) or self.request.query.get(key) or ""
        if not openid:
            raise WeChatError(41009)
        return str(openid)


@dataclass
class Route:
    """An endpoint: its verb, its function, the fields that its body may have, and who may call it."""

    method: str
    path: str
    function: Callable[[Call], Answer]
    shape: Shape
    right: str
    token: bool
    optional_body: bool
    form: tuple[str, ...] | None


ROUTES: dict[str, Route] = {}


def route(
    method: str,
    path: str,
    shape: Shape | None = None,
    *,
    right: str = "may_manage",
    token: bool = True,
    optional_body: bool = False,
    form: tuple[str, ...] | None = None,
) -> Callable[[Callable[[Call], Answer]], Callable[[Call], Answer]]:
    """This will put a function into the table. `right` names a property of Account, or is empty for everybody.

    `form` makes the body a multipart form with a file: the names of the further fields that it may have.
    """

    def register(function: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
        ROUTES[path] = Route(method, path, function, shape or {}, right, token, optional_body, form)
        return function

    return register


def answer(call: Call) -> Answer:
    """This will do what WeChat does with a call. Raises WeChatError for every refusal."""
    request = call.request
    found = ROUTES.get(request.path)
    if found is None:
        raise WeChatError(40066)
    if found.token:
        call.account = call.world.authenticate(request.query.get("access_token", ""))
    if request.method != found.method:
        raise WeChatError(43002 if found.method == "POST" else 43001)
    if call.account is None:
        _read_body(call, found)
        return found.function(call)
    with call.account.lock:
        if found.right and not getattr(call.account, found.right):
            raise WeChatError(48001)
        call.account.calls.count(found.path, call.world.clock, test=call.account.is_test)
        _read_body(call, found)
        return found.function(call)


def _read_body(call: Call, found: Route) -> None:
    raw = call.request.body
    if found.method == "GET":
        return
    if found.form is not None:
        call.form = read_form(call.request.headers.get("content-type", ""), raw, allowed=found.form)
        return
    if not raw.strip():
        if found.optional_body:
            return
        raise WeChatError(44002)
    try:
        body = json.loads(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise WeChatError(40033) from None
    except (ValueError, RecursionError):
        raise WeChatError(47001) from None
    if b"\\u" in raw and any(int(digits, 16) > 0x7F for digits in ESCAPE.findall(raw)):
        raise WeChatError(47002 if "/message/" in found.path else 40033)
    if not isinstance(body, dict):
        raise WeChatError(47001)
    check_shape(body, found.shape)
    call.body = body


def check_shape(value: dict[str, Any], shape: Shape, inside: str = "") -> None:
    """Raises 47001, naming the field, for one that the endpoint does not have or whose type is wrong.

    The real WeChat ignores an unknown field without a word, and with it what the caller meant.
    """
    for name, part in value.items():
        place = f"{inside}{name}"
        if name not in shape:
            raise WeChatError(47001, f"data format error, unknown field {place}")
        _check_value(part, shape[name], place)


def _check_value(value: Any, expected: Any, place: str) -> None:
    if isinstance(expected, dict):
        if not isinstance(value, dict):
            raise WeChatError(47001, f"data format error, {place} is not an object")
        check_shape(value, expected, f"{place}.")
    elif isinstance(expected, list):
        if not isinstance(value, list):
            raise WeChatError(47001, f"data format error, {place} is not a list")
        for item in value:
            _check_value(item, expected[0], place)
    elif not isinstance(value, expected) or (isinstance(value, bool) and expected not in (bool, object)):
        raise WeChatError(47001, f"data format error, {place} has a wrong type")


def paged(call: Call, rows: Sequence[Any], line: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
    """This will be a page of a list, as the body's offset and count say. Raises 45076 for a count outside 1 to 20."""
    offset, count = call.body.get("offset", 0), call.body.get("count", 0)
    if not 1 <= count <= MAX_PAGE:
        raise WeChatError(45076)
    if offset < 0:
        raise WeChatError(45164)
    items = [line(row) for row in rows[offset : offset + count]]
    return {"total_count": len(rows), "item_count": len(items), "item": items}


def integer(value: Any, code: int) -> int:
    """This will be a number that may come as text, as WeChat's ids do. Raises `code`."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise WeChatError(code)
    try:
        return int(value)
    except ValueError:
        raise WeChatError(code) from None
