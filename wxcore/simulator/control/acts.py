"""What people do on their phones, and any event whatever, through the control plane."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from wxcore.simulator import acts, taps
from wxcore.simulator.accounts import Account
from wxcore.simulator.codes import Code
from wxcore.simulator.control.doors import account_of, door
from wxcore.simulator.errors import ControlError
from wxcore.simulator.events import SAMPLES, fields_of
from wxcore.simulator.world import World

NAMED = ("appid", "openid", "type")


@door("POST", "/follow")
def follow(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Somebody new follows, or somebody comes back."""
    return {"openid": acts.follow(world, account_of(world, given), given.get("openid"))}


@door("POST", "/unfollow")
def unfollow(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Somebody leaves."""
    acts.unfollow(world, account_of(world, given), given["openid"])
    return {"openid": given["openid"]}


@door("POST", "/messages")
def say(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """A follower sends a text, a picture, a voice, a video, a place, a link or a file."""
    told = {name: value for name, value in given.items() if name not in NAMED}
    if "data" in told:
        told["content"] = _bytes(told.pop("data"))
    kind = str(given.get("type", "text"))
    return {"MsgId": acts.say(world, account_of(world, given), given["openid"], kind, told)}


@door("POST", "/location")
def report_location(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """A follower's phone reports where it is."""
    told = {name: value for name, value in given.items() if name not in NAMED}
    acts.report_location(world, account_of(world, given), given["openid"], told)
    return {"openid": given["openid"]}


@door("POST", "/tap")
def tap(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """A follower taps the button of that name in their menu."""
    told: dict[str, Any] = {name: given[name] for name in ("result", "count") if name in given}
    return taps.tap(world, account_of(world, given), given["openid"], str(given["name"]), told)


@door("GET", "/codes")
def codes(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """The QR codes of an account, oldest first."""
    account = account_of(world, given)
    with account.lock:
        return {"codes": [code.summary() for code in account.codes.all()]}


@door("POST", "/codes")
def make_code(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """A permanent QR code of a scene, if there is none yet."""
    return _code(world, account_of(world, given), given).summary()


@door("POST", "/scan")
def scan(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Somebody scans a QR code, named by its ticket or its scene; without an openid it is somebody new."""
    account = account_of(world, given)
    return {"openid": acts.scan(world, account, given.get("openid"), _code(world, account, given))}


@door("POST", "/enter")
def enter(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Somebody opens the customer-service chat of a mini program."""
    told = {"session_from": str(given["session_from"])} if "session_from" in given else {}
    acts.enter(world, account_of(world, given), given["openid"], told)
    return {"openid": given["openid"]}


@door("GET", "/events")
def events(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Every event by name, with the fields of its sample."""
    return {"events": SAMPLES}


@door("POST", "/push")
def push(world: World, given: dict[str, Any]) -> dict[str, Any]:
    """Push any event, or without `event` any message; nothing in the world changes but the windows."""
    account, told = account_of(world, given), dict(given.get("fields", {}))
    with account.lock:
        openid = str(given.get("openid") or world.admin(account))
        event = given.get("event")
        begin = world.message(account, openid, "event" if event else "text")
        if event:
            begin["Event"] = str(event)
        elif "MsgType" not in told:
            raise ControlError("name an event, or the MsgType among the fields")
        fields = fields_of(str(event or ""), account, openid, told)
        message = {name: value for name, value in (begin | fields).items() if told.get(name, "") is not None}
        world.push(account, message, number=account.followers.find([openid])[0])
    return {"pushed": message}


def _code(world: World, account: Account, given: dict[str, Any]) -> Code:
    with account.lock:
        if given.get("ticket"):
            code = account.codes.get(str(given["ticket"]))
            if code is None:
                raise ControlError("no code has this ticket", 404)
            return code
        scene = given["scene"]
        if not isinstance(scene, int | str) or isinstance(scene, bool) or scene == "":
            raise ControlError("scene is a number or a text")
        return account.codes.of(scene, world.clock.now()) or account.codes.add(Code(scene, None))


def _bytes(data: Any) -> bytes:
    try:
        return base64.b64decode(str(data), validate=True)
    except binascii.Error:
        raise ControlError("data is base64") from None
