"""The pre-flight page of a campaign: what is wrong, what to look at, what is fine; part of the campaigns' admin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from campaigns import preflight, services
from campaigns.models import Campaign
from campaigns.preflight import Finding, Level
from campaigns.states import Status
from wxcore.admin.base import Admin
from wxcore.errors import OperatorError

# What the buttons say; the words are those of `Finding.action`.
FIX_LABELS = {
    "bring_pictures": gettext_lazy("Bring them over"),
    "shorten_digest": gettext_lazy("Shorten the digest"),
    "upload_media": gettext_lazy("Upload now"),
    "allow_reprint": gettext_lazy("Allow reprints"),
}
# Afterwards there is nothing left to check.
BEFORE_SENDING = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.SCHEDULED)
# What is asked of others, and takes longer than a page may.
SLOW = {"wechat": preflight.wechat, "links": preflight.links}


class PreflightPages(Admin):
    """The button, its page, its slow parts as fragments, and the fixes."""

    def get_urls(self) -> list[URLPattern]:
        site, name = self.admin_site, "campaigns_campaign"
        return [
            path("<int:object_id>/preflight/fix/", site.admin_view(self.fix_view), name=f"{name}_fix"),
            path("<int:object_id>/preflight/<slug:part>/", site.admin_view(self.part_view), name=f"{name}_part"),
            *super().get_urls(),
        ]

    @action(description=gettext_lazy("Pre-flight"), url_path="preflight", icon="fact_check", permissions=["view"])
    def preflight(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        try:
            services.require(campaign, *BEFORE_SENDING)
        except OperatorError as error:
            return self.refuse(request, error, self.url_of(campaign))
        findings = preflight.local(campaign, now=timezone.now())
        groups = {
            level.value: [finding for finding in findings if finding.level is level]
            for level in (Level.ERROR, Level.WARNING, Level.OK)
        }
        return self.page(
            request,
            "campaigns/preflight.html",
            title=_("Pre-flight"),
            row=campaign,
            groups=groups,
            back=self.url_of(campaign),
            wechat_url=self.url("part", campaign.pk, "wechat"),
            links_url=self.url("part", campaign.pk, "links"),
            onward=self._onward(request, campaign),
            **self._buttons(request, campaign),
        )

    def _onward(self, request: HttpRequest, campaign: Campaign) -> dict[str, str]:
        """Where somebody goes on for whom everything is in order: to the sending, else to the review."""
        alone = services.may_send_alone(campaign, request.user)
        ready = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED) if alone else (Status.APPROVED,)
        if campaign.status in ready and self.may(request, "campaigns.send_campaign", campaign):
            return {"url": self.url("send_now", campaign.pk), "label": _("Go on to send")}
        if campaign.status == Status.DRAFT and self.may(request, self.permission("change"), campaign):
            return {"url": self.url("submit", campaign.pk), "label": _("Submit for review")}
        return {}

    def part_view(self, request: HttpRequest, object_id: int, part: str) -> HttpResponse:
        """One of the slow parts; the page fetches it when it is open."""
        campaign = self.load(request, str(object_id))
        if part not in SLOW:
            raise Http404
        findings = _worst_first(SLOW[part](campaign))
        context = {"findings": findings, "original": campaign, **self._buttons(request, campaign)}
        return render(request, "campaigns/preflight_findings.html", context)

    def fix_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        campaign = self.load(request, str(object_id))
        if not self.may(request, self.permission("change"), campaign):
            raise PermissionDenied
        here = self.url("preflight", campaign.pk)
        try:
            said = preflight.fix(campaign, request.POST.get("action", ""), by=request.user, now=timezone.now())
        except OperatorError as error:
            return self.refuse(request, error, here)
        return self.done(request, said, here, row=campaign)

    def _buttons(self, request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
        may_fix = campaign.is_editable and self.has_change_permission(request, campaign)
        return {"fix_url": self.url("fix", campaign.pk) if may_fix else "", "fix_labels": FIX_LABELS}


def _worst_first(findings: Sequence[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: list(Level).index(finding.level))
