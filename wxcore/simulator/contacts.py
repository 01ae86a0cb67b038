"""How long and how often the account may still write to each follower: the windows of customer-service messages.

https://developers.weixin.qq.com/doc/service/guide/product/message/Service_Center_messages.html
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wxcore.simulator.errors import WeChatError

HOUR, MINUTE = 3600.0, 60.0
TALK, ACTION = "talk", "action"
# what a follower did: (window, seconds, messages)
OPENED_BY = {
    "message": (TALK, 48 * HOUR, 5),
    "subscribe": (ACTION, MINUTE, 3),
    "scan": (ACTION, MINUTE, 3),
    "click": (ACTION, MINUTE, 3),
    "scancode_push": (ACTION, MINUTE, 3),
    "scancode_waitmsg": (ACTION, MINUTE, 3),
    "user_enter_tempsession": (ACTION, MINUTE, 2),
}
TYPING_AFTER_CONTACT = 30.0
TYPING_LASTS = 15.0


@dataclass
class Window:
    """Until when, in simulated time, and how many messages more."""

    until: float
    left: int


@dataclass
class Contact:
    """One follower's windows, the last message in either direction, and until when the account seems to type."""

    windows: dict[str, Window] = field(default_factory=dict)
    last: float = 0.0
    typing_until: float = 0.0


class Contacts:
    """The windows of one account, by the follower's number. Whoever reads or changes them holds the account's lock."""

    def __init__(self) -> None:
        self._contacts: dict[int, Contact] = {}

    def note(self, number: int, pushed: dict[str, Any], now: float) -> None:
        """This will open what the push of a follower's act opens: a new window, whatever was left of the old one."""
        act = str(pushed.get("Event", "")).lower() if pushed.get("MsgType") == "event" else "message"
        if act not in OPENED_BY:
            return
        name, seconds, count = OPENED_BY[act]
        contact = self._contacts.setdefault(number, Contact())
        contact.windows[name] = Window(now + seconds, count)
        if act == "message":
            contact.last = now

    def spend(self, number: int, now: float) -> None:
        """This will use one message up, of the action's window while it lives.

        Raises 45015 when no window is open, 45047 when nothing is left in those that are.
        """
        windows = self._open(number, now)
        if not windows:
            raise WeChatError(45015)
        usable = [windows[name] for name in (ACTION, TALK) if name in windows and windows[name].left]
        if not usable:
            raise WeChatError(45047)
        usable[0].left -= 1
        contact = self._contacts[number]
        contact.last, contact.typing_until = now, 0.0

    def type(self, number: int, now: float, *, typing: bool) -> None:
        """This will show, or hide, that the account types. Raises 45080 without contact in 30 s, 45081 when shown."""
        contact = self._contacts.get(number, Contact())
        if now - contact.last > TYPING_AFTER_CONTACT:
            raise WeChatError(45080)
        if typing and contact.typing_until > now:
            raise WeChatError(45081)
        contact.typing_until = now + TYPING_LASTS if typing else 0.0

    def forget(self, number: int) -> None:
        """This will close every window, as leaving does."""
        self._contacts.pop(number, None)

    def told(self, number: int, now: float) -> dict[str, Any]:
        """This will be the open windows as {name: {"until", "left"}}, and whether the account seems to type."""
        windows = {name: vars(window).copy() for name, window in self._open(number, now).items()}
        return {"windows": windows, "typing": self._contacts.get(number, Contact()).typing_until > now}

    def _open(self, number: int, now: float) -> dict[str, Window]:
        windows = self._contacts.get(number, Contact()).windows
        return {name: window for name, window in windows.items() if window.until > now}
