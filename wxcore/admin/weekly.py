"""The weekly report as a page: to read, to print, to have mailed."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from wxcore import rights
from wxcore.admin.base import Admin
from wxcore.errors import OperatorError
from wxcore.home import BOARD
from wxcore.models import Membership, OfficialAccount, WeeklyMail
from wxcore.panels import Panel
from wxcore.weekly import mailing, report, weeks

VIEW = "wxcore.view_officialaccount"
SHOWN = 6


class NoMember(OperatorError):
    code = "no_member"
    message = _("The weekly report goes to members of the account, and you are none.")
    fix = _("Add yourself under “Members” on the account's page.")


class WeeklyPage(Admin):
    """Part of the page of an account."""

    @action(description=_("Weekly report"), url_path="weekly", icon="summarize", permissions=["view"])
    def weekly(self, request: HttpRequest, object_id: str) -> HttpResponse:
        account = self.load(request, object_id)
        week = weeks.read(request.GET.get("week", ""), account.zone, timezone.now())
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
            memberships=_memberships(request.user, account).count(),
            is_subscribed=_memberships(request.user, account).filter(weekly_report=True).exists(),
            problem=WeeklyMail.objects.filter(account=account, user=request.user.pk).exclude(error_code="")
            .order_by("-week").first(),
        )  # fmt: skip

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
    if not user.email:
        raise mailing.NoMailAddress(name=user.get_username())
    mine = _memberships(user, account)
    if not mine.update(weekly_report=True, weekly_language=translation.get_language()):
        raise NoMember
    return _("From now on you get it every Monday.")


def _unsubscribe(user: Any, account: OfficialAccount, _week: weeks.Week) -> str:
    _memberships(user, account).update(weekly_report=False)
    return _("You do not get it any more.")


_DEEDS = {"send": _send, "subscribe": _subscribe, "unsubscribe": _unsubscribe}


def _memberships(user: User | Any, account: OfficialAccount) -> Any:
    return Membership.objects.filter(user=user.pk, account=account)


def links(request: HttpRequest) -> dict[str, Any] | None:
    """This will be where the reports of the person's accounts are."""
    accounts = list(rights.accounts_of(request.user, VIEW).filter(is_active=True).order_by("name")[:SHOWN])
    return {"accounts": accounts} if accounts else None


BOARD.pin(Panel(40, "weekly/home.html", VIEW, links))
