"""The windows in which WeChat lets us write to a follower: what opens them, and what is left of them. Pure functions.

Figures as of WeChat's page on customer-service messages (客服消息); a passive reply takes nothing from them.
https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from callbacks.models import Conversation

Name = Literal["talk", "action"]


@dataclass(frozen=True, slots=True)
class Grant:
    """What one deed of a follower allows us: so many `messages` for as long as it `lasts`."""

    window: Name
    lasts: dt.timedelta
    messages: int


TALK = Grant("talk", dt.timedelta(hours=48), 5)
ACTION = Grant("action", dt.timedelta(minutes=1), 3)
ENTERED = Grant("action", dt.timedelta(minutes=1), 2)
BY_EVENT = {
    "subscribe": ACTION,
    "scan": ACTION,
    "click": ACTION,
    "scancode_push": ACTION,
    "scancode_waitmsg": ACTION,
    "user_enter_tempsession": ENTERED,
}


class State(StrEnum):
    """NEVER: nothing has opened a window yet. USED_UP: one is open, and all its messages are sent."""

    OPEN = "open"
    USED_UP = "used_up"
    CLOSED = "closed"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Windows:
    """Both windows of a conversation; `*_until` is None before the first deed."""

    talk_until: dt.datetime | None = None
    talk_left: int = 0
    action_until: dt.datetime | None = None
    action_left: int = 0

    def opened(self, grant: Grant, at: dt.datetime) -> Windows:
        """This will be the windows after a deed at `at`. What happened before the one that counts changes nothing."""
        until = at + grant.lasts
        before = getattr(self, f"{grant.window}_until")
        if before is not None and before > until:
            return self
        return replace(self, **{f"{grant.window}_until": until, f"{grant.window}_left": grant.messages})

    def left(self, now: dt.datetime) -> int:
        """This will be how many messages may still be sent at `now`."""
        return sum(left for _name, _until, left in self._open(now))

    def until(self, now: dt.datetime) -> dt.datetime | None:
        """This will be when the last message may be sent, None if none may."""
        return max((until for _name, until, left in self._open(now) if left), default=None)

    def next(self, now: dt.datetime) -> Name | None:
        """This will be the window from which a message is taken: the short one while it lives."""
        return next((name for name, _until, left in self._open(now) if left), None)

    def state(self, now: dt.datetime) -> State:
        """This will be whether we may write, and if not, why."""
        if self.left(now):
            return State.OPEN
        if self._open(now):
            return State.USED_UP
        return State.NEVER if self.talk_until is None and self.action_until is None else State.CLOSED

    def _open(self, now: dt.datetime) -> list[tuple[Name, dt.datetime, int]]:
        both: list[tuple[Name, dt.datetime | None, int]] = [
            ("action", self.action_until, self.action_left),
            ("talk", self.talk_until, self.talk_left),
        ]
        return [(name, until, left) for name, until, left in both if until is not None and until > now]


def grant(msg_type: str, event: str) -> Grant | None:
    """This will be what a push with this MsgType and Event allows us, None for what allows nothing."""
    return BY_EVENT.get(event) if msg_type == "event" else TALK


def of(conversation: Conversation) -> Windows:
    """This will be the windows as they stand on the row."""
    return Windows(
        talk_until=conversation.talk_until,
        talk_left=conversation.talk_left,
        action_until=conversation.action_until,
        action_left=conversation.action_left,
    )


def columns(windows: Windows) -> dict[str, object]:
    """This will be the columns of a Conversation that hold `windows`."""
    return {name: getattr(windows, name) for name in Windows.__dataclass_fields__}
