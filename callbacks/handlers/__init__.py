"""What a push does: a table from its class to a function. What is not in the table is kept and marked as unknown.

docs/callbacks.md lists every event and says how to add one; a test holds the two together.
"""

from __future__ import annotations

import datetime as dt

from callbacks.handlers import account, chats, jobs, notices, people
from callbacks.handlers.base import Handler
from callbacks.models import Callback
from wxcore.wechat import messages

HANDLERS: dict[type[messages.Push], Handler] = {
    **people.HANDLERS,
    **chats.HANDLERS,
    **jobs.HANDLERS,
    **notices.HANDLERS,
    **account.HANDLERS,
}


def is_noted(push: messages.Push) -> bool:
    """This will tell whether a push does no more than what `chats.note_all` does for many at once."""
    return HANDLERS.get(type(push)) is chats.note


def handle(callback: Callback, push: messages.Push, now: dt.datetime) -> bool:
    """This will do what the push asks for. Answers False for one that is only kept."""
    handler = HANDLERS.get(type(push))
    if handler is not None:
        handler(callback, push, now)
    elif push.msg_type != "event":
        # A kind of message that WeChat invents tomorrow is still somebody writing to us.
        chats.note(callback, push, now)
    return handler is not None
