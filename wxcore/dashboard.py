"""The dashboard: a page on the API alone. It is given words and addresses; all data come to it through `/api/v1/`."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wxcore.dashboard_words import words

MODULES = (
    *("ask", "chart", "live", "page", "panel", "state", "theme"),
    *("articles", "attention", "campaigns", "conversations", "growth", "overview", "quota", "results"),
)
# Pages that the panels lead to; 0 stands for the id of the row.
ROWS = {
    "campaign": "admin:campaigns_campaign_change",
    "conversation": "admin:callbacks_conversation_change",
    "account": "admin:wxcore_officialaccount_change",
    "sync": "admin:followers_sync_change",
    "import": "admin:campaigns_libraryimport_change",
}
PLACES = {
    "admin": "admin:index",
    "campaigns": "admin:campaigns_campaign_changelist",
    "new_campaign": "admin:campaigns_campaign_add",
    "calendar": "admin:campaigns_campaign_calendar",
    "conversations": "admin:callbacks_conversation_changelist",
    "followers": "admin:followers_follower_changelist",
    "sync_start": "admin:followers_sync_start",
    "new_account": "admin:wxcore_officialaccount_add",
    "login": "admin:login",
}


@never_cache
@login_required
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """This will be the page; nothing in it is read from the database but who is logged in."""
    context = {"page_data": {"words": words(), "links": _links()}, "modules": [f"dashboard/{name}" for name in MODULES]}
    return render(request, "dashboard.html", context)


def _links() -> dict[str, Any]:
    rows = {name: reverse(view, args=["0"]) for name, view in ROWS.items()}
    return {"rows": rows, "places": {name: reverse(view) for name, view in PLACES.items()}}
