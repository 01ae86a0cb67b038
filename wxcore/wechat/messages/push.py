"""Push: what every message and every event has in common."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wxcore.wechat.messages.containers import Container


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One push. `create_time` is in epoch seconds; `msg_type` and `event` are in lower case, `event` "" for a message.

    `msg_id` is the id of a message or the job of an event, None for all other events. `fields` holds the text of every
    top-level element under its name as sent; `body` finds nested ones. A push that `is_json` wants a JSON answer.
    """

    to_user: str
    from_user: str
    create_time: int
    msg_type: str
    event: str
    msg_id: int | None
    is_json: bool = False
    fields: Mapping[str, str]
    body: Container = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Kind:
    """One MsgType or Event: its name as WeChat spells it, its class, and what reads the fields of that class.

    `read` raises Odd when a field is missing that the class cannot do without.
    """

    name: str
    push: type[Push]
    read: Callable[[Container], dict[str, Any]]


def nothing(root: Container) -> dict[str, Any]:
    """The reader of a class without fields."""
    return {}
