"""What a person does with a campaign. Each verb is a page that asks and one service call."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import localize
from django.utils.timezone import template_localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action
from unfold.enums import ActionVariant

from campaigns import audience, phone, preflight, services, tasks
from campaigns.admin.checks import PreflightPages
from campaigns.admin.phones import PhonePreviews
from campaigns.admin.words import to_whom
from campaigns.forms import ScheduleForm
from campaigns.models import Campaign
from campaigns.preflight import Level
from campaigns.states import NotAllowedNow, Status
from wxcore.celery import nudge
from wxcore.errors import OperatorError

SEND = "campaigns.send_campaign"


class CampaignVerbs(PreflightPages, PhonePreviews):
    """The buttons at the top of a campaign's page; part of the campaigns' admin."""

    actions_detail = ("send_now", "schedule", "preflight", "preview_on_phone", "back_to_draft", "copy")
    # Which buttons a status shows.
    VERBS: dict[str, tuple[str, ...]] = {
        Status.DRAFT: ("send_now", "schedule", "preflight", "preview_on_phone", "copy"),
        Status.SCHEDULED: ("back_to_draft", "preflight", "copy"),
    }

    def has_send_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm(SEND)

    def has_copy_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_add_permission(request)

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        campaign = Campaign.objects.only("status").filter(pk=object_id).first()
        shown = self.VERBS.get(campaign.status, ("copy",)) if campaign else ()
        return [
            button
            for button in super().get_actions_detail(request, object_id)
            if button.method.original_function_name in shown
        ]

    @action(
        description=gettext_lazy("Send now"),
        url_path="send",
        icon="send",
        variant=ActionVariant.PRIMARY,
        permissions=["send"],
    )
    def send_now(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        if request.method == "POST":
            seen = request.POST.get("seen", "")
            try:
                services.send(campaign, by=request.user, now=timezone.now(), seen=seen)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(campaign))
            nudge(tasks.tick)
            return self.done(request, _("Sending begins within seconds."), self.url_of(campaign), row=campaign)
        return self._ask_to_send(request, campaign, title=_("Send this campaign now?"))

    @action(description=gettext_lazy("Send later"), url_path="schedule", icon="schedule_send", permissions=["send"])
    def schedule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        form = ScheduleForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            at, seen = form.cleaned_data["at"], request.POST.get("seen", "")
            try:
                services.schedule(campaign, at=at, by=request.user, seen=seen)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(campaign))
            when = localize(template_localtime(at))
            message = _("Scheduled: %(when)s") % {"when": when}
            return self.done(request, message, self.url_of(campaign), row=campaign)
        return self._ask_to_send(request, campaign, title=_("Schedule this campaign?"), form=form)

    def _ask_to_send(self, request: HttpRequest, campaign: Campaign, **page: Any) -> HttpResponse:
        """This will show once more who gets what, or what stands in the way. Only a draft is asked about."""
        if campaign.status != Status.DRAFT:
            error = NotAllowedNow(subject=str(campaign), status=campaign.get_status_display())
            return self.refuse(request, error, self.url_of(campaign))
        findings = preflight.local(campaign, now=timezone.now())
        problems = [finding for finding in findings if finding.level is Level.ERROR]
        warnings = [finding.message for finding in findings if finding.level is Level.WARNING]
        facts = [(_("official account"), campaign.account), (_("audience"), to_whom(campaign))]
        heads = 0 if problems else audience.count(campaign)
        if heads:
            calls = audience.calls(campaign, heads)
            facts.append((_("followers who will be addressed"), f"{heads:,}"))
            facts.append((_("calls of WeChat"), ngettext("%(n)d call", "%(n)d calls", calls) % {"n": calls}))
        button = ngettext("Send to %(heads)s follower", "Send to %(heads)s followers", heads)
        if "form" in page:
            button = ngettext("Schedule for %(heads)s follower", "Schedule for %(heads)s followers", heads)
        return self.confirm(
            request,
            row=campaign,
            template="campaigns/confirm_send.html",
            facts=facts,
            problems=problems,
            warnings=warnings,
            preflight_url=self.url("preflight", campaign.pk),
            shown=phone.message(campaign),
            button=button % {"heads": f"{heads:,}"},
            hidden={"seen": services.fingerprint(campaign)},
            **page,
        )

    @action(description=gettext_lazy("Back to draft"), url_path="unschedule", icon="undo", permissions=["send"])
    def back_to_draft(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        if request.method == "POST":
            try:
                services.unschedule(campaign)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(campaign))
            return self.done(request, _("The campaign is a draft again."), self.url_of(campaign), row=campaign)
        when = localize(template_localtime(campaign.scheduled_at)) if campaign.scheduled_at else "–"
        return self.confirm(
            request,
            title=_("Take this campaign off the schedule?"),
            lead=_("Nothing was sent yet, and nothing will be until somebody sends or schedules it again."),
            facts=[(_("scheduled for"), when)],
            button=_("Back to draft"),
            row=campaign,
        )

    @action(description=gettext_lazy("Duplicate"), url_path="copy", icon="content_copy", permissions=["copy"])
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        if request.method == "POST":
            name = _("%(name)s (copy)") % {"name": campaign.name[:90]}
            copied = services.duplicate(campaign, name=name, by=request.user)
            return self.done(request, _("This is the new draft."), self.url_of(copied), row=copied)
        return self.confirm(
            request,
            title=_("Copy as new draft?"),
            lead=_("The copy has the same content and the same audience. Nothing is sent."),
            facts=[(_("campaign"), campaign.name), (_("audience"), to_whom(campaign))],
            button=_("Copy"),
            row=campaign,
        )
