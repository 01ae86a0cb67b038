"""The account switcher: lists, the start page and the calendar show one official account, or all of a person's.

It narrows what is listed, never what may be done: a link to another of one's accounts still leads there.
"""

from __future__ import annotations

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from wxcore import rights

KEY = "account"
# More than these are chosen in the filter of a list, where one can search.
MOST = 200


def options(request: HttpRequest) -> list[tuple[int, str]]:
    """This will be the accounts (primary key, name) that somebody works for, by name: one query a request."""
    known: list[tuple[int, str]] | None = request.__dict__.get("_switcher_options")
    if known is None:
        found = rights.accounts_of(request.user).order_by("name", "pk").values_list("pk", "name")
        known = request.__dict__["_switcher_options"] = list(found[:MOST])
    return known


def chosen(request: HttpRequest) -> int | None:
    """This will be the account that somebody has chosen; None for all of them, and when they have lost it since."""
    wanted = request.session.get(KEY)
    return wanted if wanted is not None and any(wanted == pk for pk, _name in options(request)) else None


@staff_member_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """This will remember the account in the session, and lead back to where somebody was, without its filters."""
    wanted = request.POST.get("account", "")
    request.session[KEY] = next((pk for pk, _name in options(request) if str(pk) == wanted), None)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = reverse("admin:index")
    return HttpResponseRedirect(back)
