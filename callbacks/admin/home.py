"""What the start page says about the callbacks."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from callbacks import attention
from callbacks.admin.profiles import people
from callbacks.admin.timeline import said
from callbacks.conversations import ANSWER
from wxcore import rights
from wxcore.attention import VIEW_ACCOUNT, expiring
from wxcore.home import BOARD
from wxcore.panels import Panel

VIEW = "callbacks.view_callback"


def failed(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the newest callbacks that failed."""
    waiting = rights.scoped(attention.failed(), request.user, VIEW)
    found = list(waiting.defer("body").order_by("-pk")[:5])
    return {"callbacks": found} if found else None


def waiting(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the conversations that have waited longest for an answer, those of colleagues left out."""
    rows = rights.scoped(attention.unanswered(), request.user, ANSWER).filter(
        Q(assignee=None) | Q(assignee=request.user.pk)
    )
    found = list(rows.select_related("assignee").order_by("waiting_since")[:5])
    known = people(found)
    for conversation in found:
        follower = known.get((conversation.account_id, conversation.openid))
        # As on the dashboard: the whole OpenID is longer than the message.
        conversation.name = getattr(follower, "remark", "") or f"#{conversation.openid[-6:]}"
        conversation.words = said(conversation.preview)
    return {"conversations": found} if found else None


def running_out(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the accounts whose verification has expired, or does so soon."""
    now = timezone.now()
    own = rights.accounts_of(request.user, VIEW_ACCOUNT)
    found = list(expiring(own).only("name", "verified_until"))
    for account in found:
        account.is_over = account.verified_until <= now
        account.days_left = (account.verified_until - now).days
    return {"accounts": found} if found else None


BOARD.pin(Panel(4, "callbacks/home_verification.html", VIEW_ACCOUNT, running_out))
BOARD.pin(Panel(6, "callbacks/home.html", VIEW, failed))
BOARD.pin(Panel(8, "callbacks/home_conversations.html", ANSWER, waiting))
