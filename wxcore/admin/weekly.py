"""The weekly report as a page: to read, to print, to have mailed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from wxcore import rights
from wxcore.admin.base import Admin
from wxcore.errors import OperatorError
from wxcore.home import BOARD
from wxcore.models import OfficialAccount
from wxcore.panels import Panel
from wxcore.weekly import mailing, report, subscribing, weeks

VIEW = "wxcore.view_officialaccount"
SHOWN = 6


class WeeklyPage(Admin):
    """Part of the page of an account."""

    @action(description=_("Weekly report"), url_path="weekly", icon="summarize", permissions=["view"])
    def weekly(self, request: HttpRequest, object_id: str) -> HttpResponse:
        account = self.load(request, object_id)
        week = weeks.read_or_last(request.GET.get("week", ""), account.zone, timezone.now())
        if request.method == "POST":
            return self._do(request, account, week)
        newest = weeks.last(account.zone, timezone.now())
        return self.page(
            request,
            "weekly/page.html",
            title=_("Weekly report"),
            row=account,
            report=report.build(account, week, request.user),
            week=week,
            after=week.after if week.monday <= newest.monday else None,
            is_running=week.monday > newest.monday,
            memberships=subscribing.memberships(account, request.user).count(),
            is_subscribed=subscribing.is_subscribed(account, request.user),
            problem=subscribing.last_problem(account, request.user),
        )

    def _do(self, request: HttpRequest, account: OfficialAccount, week: weeks.Week) -> HttpResponse:
        back = f"{self.url('weekly', account.pk)}?week={week}"
        try:
            said = _DEEDS.get(request.POST.get("do", ""), _send)(request.user, account, week)
        except OperatorError as error:
            return self.refuse(request, error, back)
        return self.done(request, said, back)


def _send(user: Any, account: OfficialAccount, week: weeks.Week) -> str:
    mailing.deliver(account, user, week, language=translation.get_language() or "")
    return _("The report was sent to %(address)s.") % {"address": user.email}


def _subscribe(user: Any, account: OfficialAccount, _week: weeks.Week) -> str:
    """In the language in which they read this page."""
    subscribing.subscribe(account, user, language=translation.get_language() or "")
    return _("From now on you get it every Monday.")


def _unsubscribe(user: Any, account: OfficialAccount, _week: weeks.Week) -> str:
    subscribing.unsubscribe(account, user)
    return _("You do not get it any more.")


_DEEDS = {"send": _send, "subscribe": _subscribe, "unsubscribe": _unsubscribe}


def links(request: HttpRequest) -> dict[str, Any] | None:
    """This will be where the reports of the person's accounts are."""
    accounts = list(rights.accounts_of(request.user, VIEW).filter(is_active=True).order_by("name")[:SHOWN])
    return {"accounts": accounts} if accounts else None


BOARD.pin(Panel(40, "weekly/home.html", VIEW, links))
