"""What all handlers share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from callbacks import erasing
from callbacks.models import Callback
from followers import services as followers

# A handler is called with the callback, the push as its class, and the time. It runs inside a transaction, perhaps
# twice for one push, and perhaps after pushes that are later: what it does must bear both.
Handler = Callable[[Callback, Any, dt.datetime], None]


def done_at(callback: Callback) -> dt.datetime:
    """This will be when somebody did it. What WeChat dates ahead of our clock must not outshine what comes later."""
    return min(callback.pushed_at, callback.received_at)


def while_here(handler: Handler) -> Handler:
    """This will be `handler`, but not for what somebody did before they left: of that nothing is kept, nor the push."""

    @wraps(handler)
    def handle(callback: Callback, push: Any, now: dt.datetime) -> None:
        if followers.has_left(callback.account, openid=callback.openid, at=callback.pushed_at):
            erasing.empty(Callback.objects.filter(pk=callback.pk))
        else:
            handler(callback, push, now)

    return handle
