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
from wxcore.simulator.jobs import Job, Outcome, recipients
from wxcore.simulator.world import DEFAULTS, World

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


@door("GET", "/state")
def state(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Everything in numbers."""
    return {
        "now": world.clock.now(),
        "offset": world.clock.offset,
        "settings": world.settings,
        "accounts": [_account_summary(world, account) for account in world.accounts()],
        "faults": len(world.faults.all()),
    }


@door("POST", "/accounts")
def configure(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Create or change an account."""
    return _account_summary(world, world.configure(given))


@door("POST", "/verify")
def verify_url(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Ask an account's callback URL for its echo."""
    account = _account(world, given)
    if not account.options.callback_url:
        raise ControlError("the account has no callback_url")
    return world.pushes.verify(account)


@door("POST", "/followers")
def seed(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Replace an account's followers and tags."""
    account = _account(world, given)
    count = _whole(given.get("count"), "count")
    shares = {key: float(given.get(key, 0)) for key in ("refusing_share", "left_share")}
    world.seed(account, count, given.get("tags", []), **shares)
    return _account_summary(world, account)


@door("GET", "/followers")
def followers(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """A page of everybody who ever followed, or the one whose openid is `q`."""
    account = _account(world, given)
    offset, limit = _window(given)
    with account.lock:
        people = account.followers
        if given.get("q"):
            numbers = [number for number in people.find([given["q"].strip()]) if number is not None]
        else:
            numbers = list(range(offset, min(offset + limit, people.count)))
        return {"total": people.count, "followers": [_follower(world, account, number) for number in numbers]}


@door("GET", "/followers/<openid>/received")
def received(world: World, given: dict[str, Any], openid: str) -> dict[str, Any]:
    """Every mass message that a follower got, oldest first."""
    account, number = _owner(world, openid)
    with account.lock:
        return {"openid": openid, "messages": _received(world, account, number)}


@door("GET", "/followers/<openid>/chat")
def chat(world: World, given: dict[str, Any], openid: str) -> dict[str, Any]:
    """All that a follower sees: mass messages, previews, what they typed, replies."""
    account, number = _owner(world, openid)
    with account.lock:
        lines = _received(world, account, number) + account.chats.get(number, [])
        found = _follower(world, account, number)
    return {
        "follower": found,
        "account": account.options.name,
        "messages": sorted(lines, key=lambda line: line["time"]),
    }


@door("POST", "/follow")
def follow(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Somebody new follows, or somebody comes back."""
    return {"openid": world.follow(_account(world, given), given.get("openid"))}


@door("POST", "/unfollow")
def unfollow(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Somebody leaves."""
    world.unfollow(_account(world, given), given["openid"])
    return {"openid": given["openid"]}


@door("POST", "/refuse")
def refuse(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """A follower switches the account's messages off, or on again."""
    account = _account(world, given)
    with account.lock:
        number = account.followers.number(given["openid"])
        refusing = account.followers.refusing
        (refusing.add if given.get("refusing", True) else refusing.discard)(number)
    return {"openid": given["openid"]}


@door("POST", "/messages")
def type_text(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """A follower types a text."""
    return {"MsgId": world.type_text(_account(world, given), given["openid"], str(given["content"]))}


@door("POST", "/media")
def add_media(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Make a media_id known, as if something had been uploaded; `type` is the msgtype that may use it."""
    account = _account(world, given)
    with account.lock:
        account.media[str(given["media_id"])] = str(given["type"])
    return {"media_id": given["media_id"]}


@door("POST", "/clock")
def advance(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Let time pass; returns when everything that became due has happened."""
    world.scheduler.advance(float(given["advance"]))
    return {"now": world.clock.now(), "offset": world.clock.offset}


@door("POST", "/settings")
def change_settings(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Change how the world behaves."""
    for name in given:
        if name not in DEFAULTS:
            raise ControlError(f"there is no setting {name}; there are {', '.join(DEFAULTS)}")
    world.settings.update({name: max(0.0, float(value)) for name, value in given.items()})
    return dict(world.settings)


@door("GET", "/faults")
def faults(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """The faults that wait."""
    return {"faults": world.faults.all()}


@door("POST", "/faults")
def add_fault(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Queue a fault for the next calls of a path."""
    world.faults.add(given)
    return {"faults": world.faults.all()}


@door("DELETE", "/faults")
def clear_faults(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Let everything go well again."""
    world.faults.clear()
    return {"faults": []}


@door("GET", "/pushes")
def pushes(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """The delivery log, oldest first; `limit` leaves the newest."""
    shown = [push for push in world.pushes.all() if given.get("appid") in (None, "", push["appid"])]
    return {"pushes": _newest(shown, given)}


@door("POST", "/pushes")
def plan_pushes(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Plan something for the next pushes."""
    world.pushes.plan(given)
    return {}


@door("POST", "/outcomes")
def plan_outcome(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Plan what becomes of the next job."""
    world.jobs.outcomes.append(Outcome(**given))
    return {"waiting": len(world.jobs.outcomes)}


@door("GET", "/jobs")
def list_jobs(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """The ledger, oldest first; `limit` leaves the newest."""
    return {"jobs": [job.summary() for job in _newest(world.jobs.of(given.get("appid") or None), given)]}


@door("GET", "/jobs/<msg_id>")
def one_job(world: World, given: dict[str, Any], msg_id: str) -> dict[str, Any]:
    """One line of the ledger."""
    return _job(world, msg_id).summary()


@door("GET", "/jobs/<msg_id>/recipients")
def list_recipients(world: World, given: dict[str, Any], msg_id: str) -> dict[str, Any]:
    """Who got a job."""
    job = _job(world, msg_id)
    offset, limit = _window(given)
    account = _account(world, {"appid": job.appid})
    return {
        "total": job.sent or 0,
        "openids": account.followers.openids.encode(recipients(job, offset=offset, limit=limit)),
    }


@door("POST", "/jobs/<msg_id>/confirm")
def confirm(world: World, given: dict[str, Any], msg_id: str) -> dict[str, Any]:
    """The administrator agrees to a job that waits, or does not."""
    job = _job(world, msg_id)
    world.confirm(job, agree=bool(given.get("agree", True)))
    return job.summary()


@door("GET", "/calls")
def calls(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """How often each path was called, and the recent calls."""
    return {"counts": dict(world.calls), "recent": list(world.recent_calls)}


def _account(world: World, given: dict[str, Any]) -> Account:
    account = world.find(given.get("appid", ""))
    if account is None:
        raise ControlError("no account with this appid", 404)
    return account


def _owner(world: World, openid: str) -> tuple[Account, int]:
    owner = world.owner(openid)
    if owner is None:
        raise ControlError("nobody has this openid", 404)
    return owner


def _job(world: World, msg_id: str) -> Job:
    job = world.jobs.get(int(msg_id))
    if job is None:
        raise ControlError("no such job", 404)
    return job


def _whole(value: Any, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 20_000_000:
        raise ControlError(f"{name} is a whole number from 0 to 20,000,000")
    return value


def _window(given: dict[str, Any]) -> tuple[int, int]:
    return max(0, int(given.get("offset", 0))), min(MOST, max(1, int(given.get("limit", 100))))


def _newest(rows: list[Any], given: dict[str, Any]) -> list[Any]:
    return rows[-max(1, int(given["limit"])) :] if "limit" in given else rows


def _account_summary(world: World, account: Account) -> dict[str, Any]:
    shown = ("name", "kind", "verified", "original_id", "callback_url", "mode", "mass_protection")
    with account.lock:
        return {
            "appid": account.appid,
            **{key: getattr(account.options, key) for key in shown},
            "followers": len(account.followers.following),
            "ever_followed": account.followers.count,
            "blacklisted": len(account.followers.blacklist),
            "tags": [tag.summary() for tag in account.tags.all()],
            "jobs": len(world.jobs.of(account.appid)),
        }


def _follower(world: World, account: Account, number: int) -> dict[str, Any]:
    people = account.followers
    return people.profiles([number], with_unionid=False)[0] | {
        "appid": account.appid,
        "tagid_list": account.tags.of(number),
        "refusing": number in people.refusing,
        "blacklisted": number in people.blacklist,
        "received_this_month": people.received.of(number, world.clock.month()),
    }


def _received(world: World, account: Account, number: int) -> list[dict[str, Any]]:
    return [
        {"kind": "mass", "msg_id": job.msg_id, "msgtype": job.msgtype, "text": job.content, "time": job.finished}
        for job in world.jobs.of(account.appid)
        if number in job.delivered
    ]
