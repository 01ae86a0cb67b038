"""What followers write, tap and open: a line of their conversation, and the last time they did something."""

from __future__ import annotations

import datetime as dt

from callbacks import conversations
from callbacks.handlers.base import Handler, done_at, while_here
from callbacks.models import Callback
from followers import services as followers
from wxcore.wechat import messages


@while_here
def note(callback: Callback, push: messages.Push, now: dt.datetime) -> None:
    """This will remember that somebody did something with us, and what."""
    followers.interact(callback.account, openid=callback.openid, at=done_at(callback))
    conversations.receive(callback, push, now)


HANDLERS: dict[type[messages.Push], Handler] = {
    messages.TextMessage: note,
    messages.ImageMessage: note,
    messages.VoiceMessage: note,
    messages.VideoMessage: note,
    messages.LocationMessage: note,
    messages.LinkMessage: note,
    messages.FileMessage: note,
    messages.MenuClick: note,
    messages.MenuView: note,
    messages.MenuMiniProgram: note,
    messages.MenuScan: note,
    messages.MenuPictures: note,
    messages.MenuLocation: note,
    messages.EnterTempSession: note,
    # Our own people cause these.
    messages.CustomerServiceSession: while_here(conversations.receive),
}
