"""When a campaign goes out: the input of a time, what speaks against it, and the move to another one.

Part of the campaigns' admin.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from campaigns import preflight, services
from campaigns.admin.words import to_whom
from campaigns.models import Campaign, Door
from campaigns.preflight import Finding
from campaigns.schedule_form import ScheduleForm
from campaigns.states import NotAllowedNow, Status
from wxcore import zones
from wxcore.admin.base import Admin
from wxcore.errors import OperatorError


class TimingPages(Admin):
    """The fragment that judges a time, and the page that moves a scheduled campaign without a mouse."""

    def get_urls(self) -> list[URLPattern]:
        site, name = self.admin_site, "campaigns_campaign"
        return [
            path("<int:object_id>/timing/", site.admin_view(self.timing_view), name=f"{name}_timing"),
            *super().get_urls(),
        ]

    def timing_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What speaks against the time `at`; the forms and the calendar show it before anybody confirms."""
        campaign = self.load(request, str(object_id))
        try:
            at = zones.read(request.GET.get("at", ""), campaign.account.zone)
        except OperatorError as error:
            return render(request, "campaigns/timing.html", {"problem": error})
        return render(
            request, "campaigns/timing.html", {"findings": preflight.timing(campaign, at, now=timezone.now())}
        )

    @action(description=gettext_lazy("Move"), url_path="move", icon="event_repeat", permissions=["send"])
    def move(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign, now = self.load(request, object_id), timezone.now()
        if campaign.status != Status.SCHEDULED:
            error = NotAllowedNow(subject=str(campaign), status=campaign.get_status_display())
            return self.refuse(request, error, self.url_of(campaign))
        form = self.ask_when(request, campaign, now=now, at=campaign.scheduled_at)
        findings = self.unseen(request, campaign, form, now=now)
        if findings == []:
            at = form.cleaned_data["at"]
            try:
                seen = zones.read(request.POST.get("seen", ""), campaign.account.zone)
                services.reschedule(campaign, at=at, seen=seen, by=request.user, door=Door.ADMIN, now=now)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(campaign))
            message = _("Moved to %(when)s") % {"when": zones.shown(at, campaign.account.zone)}
            return self.done(request, message, self.url_of(campaign), row=campaign)
        return self.confirm(
            request,
            title=_("Move this campaign?"),
            lead=_("Message, audience and approval stay as they are."),
            facts=[
                (_("campaign"), campaign.name),
                (_("official account"), campaign.account),
                (_("audience"), to_whom(campaign)),
                (_("currently scheduled for"), zones.shown(campaign.scheduled_at, campaign.account.zone)),
            ],
            button=_("Move"),
            row=campaign,
            template="campaigns/move.html",
            form=form,
            hidden={"seen": campaign.scheduled_at.isoformat()},
            **self.about_when(campaign, findings),
        )

    def after_adding(self, request: HttpRequest, campaign: Campaign) -> str:
        """This will be where somebody goes on who began a campaign on a day of the calendar (`?at=`)."""
        asked = request.GET.get("at", "")[: zones.LONGEST]
        try:
            at = zones.read(asked, campaign.account.zone)
        except OperatorError:
            return self.url_of(campaign)
        if services.may_send_alone(campaign, request.user) and self.may(request, "campaigns.send_campaign", campaign):
            return f"{self.url('schedule', campaign.pk)}?{urlencode({'at': asked})}"
        when = zones.shown(at, campaign.account.zone)
        messages.info(request, _("Meant for %(when)s. It can be scheduled when it has been approved.") % {"when": when})
        return self.url_of(campaign)

    def ask_when(
        self,
        request: HttpRequest,
        campaign: Campaign,
        *,
        now: dt.datetime,
        at: dt.datetime | None = None,
        asks: type[ScheduleForm] = ScheduleForm,
    ) -> ScheduleForm:
        """This will be the form for a time: as posted, or with the time that the address asks for (`?at=`), or `at`."""
        asked = request.GET.get("at", "")[: zones.LONGEST]
        return asks(request.POST or None, campaign=campaign, now=now, initial={"at": asked or at})

    def unseen(
        self, request: HttpRequest, campaign: Campaign, form: ScheduleForm, *, now: dt.datetime
    ) -> list[Finding] | None:
        """This will be what speaks against the posted time and was not on the page that was posted, then all of it.

        An empty list is a yes; None means that there is no time yet, or none that is possible.
        """
        if request.method != "POST" or not form.is_valid():
            return None
        known = set(request.POST.getlist("known"))
        findings = preflight.timing(campaign, form.cleaned_data["at"], now=now)
        if all(finding.message in known and finding.level is not preflight.Level.ERROR for finding in findings):
            return []
        return findings

    def about_when(self, campaign: Campaign, findings: list[Finding] | None) -> dict[str, Any]:
        """What `campaigns/when.html` shows below the input."""
        return {
            "timing_url": self.url("timing", campaign.pk),
            "zone": campaign.account.time_zone,
            "findings": findings,
        }
