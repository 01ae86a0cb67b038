"""Accounts and followers, through the control plane."""

from __future__ import annotations

from typing import Any

from wxcore.simulator.accounts import Account
from wxcore.simulator.control.doors import account_of, door, owner_of, whole, window
from wxcore.simulator.errors import ControlError
from wxcore.simulator.world import World


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
    account = account_of(world, given)
    if not account.options.callback_url:
        raise ControlError("the account has no callback_url")
    return world.pushes.verify(account)


@door("POST", "/followers")
def seed(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Replace an account's followers and tags."""
    account = account_of(world, given)
    count = whole(given.get("count"), "count")
    shares = {key: float(given.get(key, 0)) for key in ("refusing_share", "left_share", "told_share", "recent_share")}
    days = whole(given.get("recent_days", 35), "recent_days")
    world.seed(account, count, given.get("tags", []), recent_days=days, **shares)
    return _account_summary(world, account)


@door("GET", "/followers")
def followers(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """A page of everybody who ever followed, or the one whose openid is `q`."""
    account = account_of(world, given)
    offset, limit = window(given)
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
    account, number = owner_of(world, openid)
    with account.lock:
        return {"openid": openid, "messages": _received(world, account, number, with_content=True)}


@door("GET", "/followers/<openid>/chat")
def chat(world: World, given: dict[str, Any], openid: str) -> dict[str, Any]:
    """All that a follower sees: mass messages, previews, what they typed, replies."""
    account, number = owner_of(world, openid)
    with account.lock:
        lines = _received(world, account, number, with_content=False) + account.chats.get(number, [])
        found = _follower(world, account, number)
    return {
        "follower": found,
        "account": account.options.name,
        "messages": sorted(lines, key=lambda line: line["time"]),
    }


@door("POST", "/refuse")
def refuse(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """A follower switches the account's messages off, or on again."""
    account = account_of(world, given)
    with account.lock:
        number = account.followers.number(given["openid"])
        refusing = account.followers.refusing
        (refusing.add if given.get("refusing", True) else refusing.discard)(number)
    return {"openid": given["openid"]}


def _account_summary(world: World, account: Account) -> dict[str, Any]:
    shown = ("name", "kind", "verified", "original_id", "callback_url", "mode", "format", "mass_protection")
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
        **account.contacts.told(number, world.clock.now()),
    }


def _received(world: World, account: Account, number: int, *, with_content: bool) -> list[dict[str, Any]]:
    return [
        {"kind": "mass", "msg_id": job.msg_id, "time": job.finished, "deleted": job.state == "deleted"}
        | job.content.shown(job.origin, str(job.msg_id), with_content=with_content)
        for job in world.jobs.of(account.appid)
        if number in job.delivered
    ]
