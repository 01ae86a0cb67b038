"""What the start page says about the callbacks."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from callbacks.models import Callback
from callbacks.states import CallbackStatus
from wxcore import rights
from wxcore.home import BOARD
from wxcore.panels import Panel

VIEW = "callbacks.view_callback"


def failed(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the newest callbacks that failed."""
    waiting = rights.scoped(Callback.objects.filter(status=CallbackStatus.FAILED), request.user, VIEW)
    found = list(waiting.defer("body").order_by("-pk")[:5])
    return {"callbacks": found} if found else None


BOARD.pin(Panel(6, "callbacks/home.html", VIEW, failed))
