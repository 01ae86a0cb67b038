"""What all handlers share."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from callbacks import erasing
from callbacks.models import Callback
from followers import services as followers
from wxcore.models import OfficialAccount

# A handler is called with the callback, the push as its class, and the time. It runs inside a transaction, perhaps
# twice for one push, and perhaps after pushes that are later: what it does must bear both.
Handler = Callable[[Callback, Any, dt.datetime], None]
# Of one that takes many of them at once.
Entry = tuple[Callback, Any]


def done_at(callback: Callback) -> dt.datetime:
    """This will be when somebody did it. What WeChat dates ahead of our clock must not outshine what comes later."""
    return min(callback.pushed_at, callback.received_at)


def of_those_here(entries: Sequence[Entry]) -> list[Entry]:
    """This will leave what was not done by somebody before they left: of that nothing is kept, nor the push.

    Until the end of the transaction none of the others leaves.
    """
    left = {
        (account.pk, openid): at
        for account, openids in openids_of(entries).items()
        for openid, at in followers.departures(account, openids).items()
    }
    here, gone = [], []
    for callback, push in entries:
        left_at = left.get((callback.account_id, callback.openid))
        if left_at is not None and left_at >= callback.pushed_at:
            gone.append(callback.pk)
        else:
            here.append((callback, push))
    if gone:
        erasing.empty(Callback.objects.filter(pk__in=gone))
    return here


def openids_of(entries: Sequence[Entry]) -> dict[OfficialAccount, set[str]]:
    """This will be who has done something, by account and in the order of its primary key."""
    found = defaultdict(set)
    for callback, _push in sorted(entries, key=lambda entry: entry[0].account_id):
        found[callback.account].add(callback.openid)
    return found


def while_here(handler: Handler) -> Handler:
    """This will be `handler`, but not for what somebody did before they left."""

    @wraps(handler)
    def handle(callback: Callback, push: Any, now: dt.datetime) -> None:
        for entry in of_those_here([(callback, push)]):
            handler(*entry, now)

    return handle
