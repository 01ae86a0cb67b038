"""What the start page says about the callbacks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from callbacks.admin.profiles import people
from callbacks.admin.timeline import said
from callbacks.conversations import ANSWER
from callbacks.models import Callback, Conversation
from callbacks.states import CallbackStatus
from wxcore import rights
from wxcore.home import BOARD
from wxcore.panels import Panel

VIEW = "callbacks.view_callback"
VIEW_ACCOUNT = "wxcore.view_officialaccount"
# WeChat takes weeks to verify an account anew.
SOON = dt.timedelta(days=30)


def failed(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the newest callbacks that failed."""
    waiting = rights.scoped(Callback.objects.filter(status=CallbackStatus.FAILED), request.user, VIEW)
    found = list(waiting.defer("body").order_by("-pk")[:5])
    return {"callbacks": found} if found else None


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the conversations that have waited longest for an answer, those of colleagues left out."""
    rows = Conversation.objects.filter(is_done=False, waiting_since__isnull=False)
    rows = rights.scoped(rows, request.user, ANSWER).filter(Q(assignee=None) | Q(assignee=request.user.pk))
    found = list(rows.select_related("assignee").order_by("waiting_since")[:5])
    known = people(found)
    for conversation in found:
        conversation.name = str(known.get((conversation.account_id, conversation.openid), conversation.openid))
        conversation.words = said(conversation.preview)
    return {"conversations": found} if found else None


def running_out(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the accounts whose verification has expired, or does so soon."""
    now = timezone.now()
    own = rights.accounts_of(request.user, VIEW_ACCOUNT).filter(is_active=True, verified_until__lt=now + SOON)
    found = list(own.only("name", "verified_until").order_by("verified_until"))
    for account in found:
        account.is_over = account.verified_until <= now
        account.days_left = (account.verified_until - now).days
    return {"accounts": found} if found else None


BOARD.pin(Panel(4, "callbacks/home_verification.html", VIEW_ACCOUNT, running_out))
BOARD.pin(Panel(6, "callbacks/home.html", VIEW, failed))
BOARD.pin(Panel(8, "callbacks/home_conversations.html", ANSWER, waiting))
