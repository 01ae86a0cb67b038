"""The calendar: what goes out when, over all accounts that a person may see; part of the campaigns' admin.

The page speaks in times on the wall of each campaign's account. They travel without an offset, both ways, and only the
server turns them into moments: a browser elsewhere, or a summer time, changes nothing.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from campaigns import services
from campaigns.admin.calendar_words import calendar_words, day_words, event, legend
from campaigns.models import Campaign, Door
from campaigns.states import Status
from campaigns.widgets import numbers
from wxcore import rights, zones
from wxcore.admin.base import Admin
from wxcore.admin.json import in_words, json_view
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

SCRIPTS = (
    "vendor/fullcalendar/index.global.min.js",
    "vendor/fullcalendar/locales/zh-cn.global.min.js",
    "wxcore/calendar.js",
)
SEND = "campaigns.send_campaign"
# A month with the weeks that it shares with its neighbours is six weeks.
LONGEST = dt.timedelta(days=62)
SHOWN = 500
WAITING = 8
# The hour that a day is offered with.
HOUR = 20
# The wall of some account may be this far from UTC.
FAR = dt.timedelta(hours=14)


class BadRange(OperatorError):
    code = "bad_range"
    message = gettext_lazy("The calendar shows at most 62 days at once, from `start` until before `end`.")
    fix = gettext_lazy("Write both like 2026-11-30.")


class CampaignCalendar(Admin):
    """The page, its feed, what a click on a day offers, and the drop at another time."""

    def get_urls(self) -> list[URLPattern]:
        site, name = self.admin_site, "campaigns_campaign"
        return [
            path("calendar/", site.admin_view(self.calendar_view), name=f"{name}_calendar"),
            path("calendar/events/", site.admin_view(self.events_view), name=f"{name}_events"),
            path("calendar/day/", site.admin_view(self.day_view), name=f"{name}_day"),
            path("<int:object_id>/drop/", site.admin_view(self.drop_view), name=f"{name}_drop"),
            *super().get_urls(),
        ]

    def calendar_view(self, request: HttpRequest) -> HttpResponse:
        self._require_viewer(request)
        accounts = list(self._accounts(request).order_by("name"))
        data = {
            "language": "zh-cn" if (get_language() or "zh").startswith("zh") else "en",
            "zone": timezone.get_current_timezone_name(),
            "zones": {account.pk: account.time_zone for account in accounts},
            "hour": HOUR,
            "words": calendar_words(),
            "urls": {"events": self.url("events"), "day": self.url("day")},
        }
        return self.page(
            request,
            "campaigns/calendar.html",
            title=_("Calendar"),
            content_title=_("Calendar"),
            opts=None,  # or the frame would name the list of campaigns
            held=self._held(request),
            accounts=accounts,
            chosen=_chosen(request),
            data=data,
            legend=legend(),
            calendar_scripts=SCRIPTS,
        )

    def events_view(self, request: HttpRequest) -> JsonResponse:
        """What is on the walls from `start` until before `end`, at most SHOWN; a fixed number of queries."""
        self._require_viewer(request)
        try:
            start, end = _range(request)
        except OperatorError as error:
            return JsonResponse(in_words(error), status=400)
        found = self._between(request, start, end)
        movable, now = self._movable(request), timezone.now()
        events = [self._event(campaign, campaign.account_id in movable, now) for campaign in found[:SHOWN]]
        shown = [one for one in events if start.isoformat() <= one["start"][:10] < end.isoformat()]
        return JsonResponse({"events": shown, "more": len(found) > SHOWN})

    def _between(self, request: HttpRequest, start: dt.date, end: dt.date) -> list[Campaign]:
        begin, until = (dt.datetime.combine(day, dt.time(), dt.UTC) for day in (start, end))
        # Naming the accounts opens the index, whose first column they are.
        accounts = self._accounts(request)
        chosen = _chosen(request)
        if chosen is not None:
            accounts = accounts.filter(pk=chosen)
        found = self.get_queryset(request).filter(account__in=list(accounts.values_list("pk", flat=True)))
        found = found.filter(scheduled_at__gte=begin - FAR, scheduled_at__lt=until + FAR)
        return list(found.select_related("account", "tag", "segment").order_by("scheduled_at", "pk")[: SHOWN + 1])

    def _event(self, campaign: Campaign, may_move: bool, now: dt.datetime) -> dict[str, Any]:
        can_move = may_move and campaign.status == Status.SCHEDULED and campaign.scheduled_at > now
        names = ("move", "drop", "timing") if can_move else ()
        return event(campaign) | {
            "url": self.url_of(campaign),
            "editable": can_move,
            **{f"{name}Url": self.url(name, campaign.pk) for name in names},
        }

    def day_view(self, request: HttpRequest) -> HttpResponse:
        """What can be begun for the day or the time (`at`, on the wall) that somebody clicked on."""
        self._require_viewer(request)
        text = request.GET.get("at", "")
        try:
            at = zones.read(text if "T" in text else f"{text}T{HOUR:02d}:00", ZoneInfo("UTC"))
        except OperatorError as error:
            return JsonResponse(in_words(error), status=400)
        chosen = _chosen(request)
        ready = self.get_queryset(request).filter(status=Status.APPROVED, account__in=self._movable(request))
        if chosen is not None:
            ready = ready.filter(account=chosen)
        context = {
            "day": day_words(at),
            "at": at.strftime(zones.WALL_FORMAT),
            "account": chosen,
            "ready": ready.select_related("account").order_by("-pk")[:WAITING],
            "may_add": self.has_add_permission(request),
        }
        return render(request, "campaigns/calendar_day.html", context)

    @json_view
    def drop_view(self, request: HttpRequest, data: dict[str, Any], object_id: int) -> dict[str, Any]:
        """Moves a scheduled campaign to the time `at`, provided that it still has the one that was `seen`."""
        campaign = self.load(request, str(object_id))
        if not self.may(request, SEND, campaign):
            raise PermissionDenied
        at, seen = (zones.read(str(data.get(name, "")), campaign.account.zone) for name in ("at", "seen"))
        services.reschedule(campaign, at=at, seen=seen, by=request.user, door=Door.ADMIN, now=timezone.now())
        shown = zones.shown(at, campaign.account.zone)
        self.log_change(request, campaign, _("Moved to %(when)s") % {"when": shown})
        said = _("“%(name)s” will be sent %(when)s.") % {"name": campaign.name, "when": shown}
        return {"message": said, "event": self._event(campaign, True, timezone.now())}

    def _held(self, request: HttpRequest) -> list[Campaign]:
        """The newest that missed their time and wait for a person; they have no place on the calendar any more."""
        held = self.get_queryset(request).filter(
            status=Status.APPROVED, scheduled_at=None, error_code=services.ScheduleMissed.code
        )
        return list(held.select_related("account").order_by("-pk")[:WAITING])

    def _require_viewer(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _accounts(self, request: HttpRequest) -> QuerySet[OfficialAccount]:
        """The accounts that the person may see."""
        return rights.accounts_of(request.user, self.permission("view"), self.permission("change"))

    def _movable(self, request: HttpRequest) -> set[int]:
        """The accounts whose schedules the person may change."""
        return set(rights.accounts_of(request.user, SEND).values_list("pk", flat=True))


def _chosen(request: HttpRequest) -> int | None:
    return next(iter(numbers(request.GET.get("account", ""))), None)


def _range(request: HttpRequest) -> tuple[dt.date, dt.date]:
    """This will be the two days that the page asks for. Raises BadRange."""
    try:
        start, end = (parse_date(request.GET.get(name, "")[:10]) for name in ("start", "end"))
    except ValueError:
        raise BadRange from None
    if start is None or end is None or not dt.timedelta(0) < end - start <= LONGEST or not 2000 < start.year < 2200:
        raise BadRange
    return start, end
