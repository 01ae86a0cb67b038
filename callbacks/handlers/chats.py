"""What followers write, tap and open: a line of their conversation, and the last time they did something."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from callbacks import receiving
from callbacks.handlers.base import Entry, Handler, done_at, of_those_here, openids_of, while_here
from callbacks.models import Callback
from followers import services as followers
from wxcore.wechat import messages


def note(callback: Callback, push: messages.Push, now: dt.datetime) -> None:
    """This will remember that somebody did something with us, and what."""
    note_all([(callback, push)], now)


def note_all(entries: Sequence[Entry], now: dt.datetime) -> None:
    """This will do the same for many pushes, in a number of statements that does not grow with theirs."""
    here = of_those_here(entries)
    by_moment = defaultdict(list)
    for entry in here:
        by_moment[done_at(entry[0])].append(entry)
    for at, together in by_moment.items():
        for account, openids in openids_of(together).items():
            followers.interact_all(account, openids=openids, at=at)
    receiving.receive_all(here, now)


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
    messages.CustomerServiceSession: while_here(receiving.receive),
}
