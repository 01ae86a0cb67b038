"""The page that shows once more who gets what, before somebody submits, approves, schedules or sends it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns import audience, phone, preflight, quota, services
from campaigns.admin.words import meant, to_whom
from campaigns.models import Campaign
from campaigns.preflight import Level
from campaigns.states import NotAllowedNow, Status
from wxcore import zones
from wxcore.admin.base import Admin
from wxcore.errors import OperatorError


class AskAboutCampaign(Admin):
    """Part of the campaigns' admin."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.forecast_view)
        return [path("<int:object_id>/forecast/", view, name="campaigns_campaign_forecast"), *super().get_urls()]

    def ask(
        self,
        request: HttpRequest,
        campaign: Campaign,
        *,
        statuses: Sequence[Status],
        button: Callable[[int], str],
        forecasts: bool = False,
        **page: Any,
    ) -> HttpResponse:
        """This will show the message, its audience and what stands in the way; `button` makes a label of a head count.

        The page posts the fingerprint of what it showed as `seen`. With `forecasts` it fetches what the quota will say.
        """
        if campaign.status not in statuses:
            error = NotAllowedNow(subject=str(campaign), status=campaign.get_status_display())
            return self.refuse(request, error, self.url_of(campaign))
        findings = preflight.local(campaign, now=timezone.now())
        problems = [finding for finding in findings if finding.level is Level.ERROR]
        warnings = [finding.message for finding in findings if finding.level is Level.WARNING]
        facts = [(_("official account"), campaign.account), (_("audience"), to_whom(campaign))]
        if words := meant(campaign):
            facts.append((_("who it includes"), words))
        heads = 0 if problems else audience.count(campaign)
        if heads:
            calls = audience.calls(campaign, heads)
            facts.append((_("followers who will be addressed"), f"{heads:,}"))
            facts.append((_("calls of WeChat"), ngettext("%(n)d call", "%(n)d calls", calls) % {"n": calls}))
        return self.confirm(
            request,
            row=campaign,
            template="campaigns/confirm_send.html",
            facts=facts,
            problems=problems,
            warnings=warnings,
            preflight_url=self.url("preflight", campaign.pk),
            forecast_url=self.url("forecast", campaign.pk) if forecasts and heads else "",
            shown=phone.message(campaign),
            button=button(heads),
            hidden={"seen": services.fingerprint(campaign)},
            **page,
        )

    def forecast_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What the quota allows if it goes out now, or `at`; it may read a month of recipients, so it comes later."""
        campaign = self.load(request, str(object_id))
        now, asked = timezone.now(), request.GET.get("at", "")
        try:
            at = zones.read(asked, campaign.account.zone) if asked else now
            context: dict[str, Any] = {"forecast": quota.forecast(campaign, at=max(at, now))}
        except OperatorError as error:
            context = {"problem": error}
        return render(request, "campaigns/forecast.html", context)
