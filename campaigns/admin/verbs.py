"""What a person does with a campaign. Each verb is a page that asks and one service call."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action
from unfold.enums import ActionVariant

from campaigns import services, tasks
from campaigns.admin.asking import AskAboutCampaign
from campaigns.admin.checks import PreflightPages
from campaigns.admin.phones import PhonePreviews
from campaigns.admin.recalls import CampaignRecall
from campaigns.admin.reviews import ReviewVerbs
from campaigns.admin.running import RunningVerbs
from campaigns.admin.splits import CampaignSplits
from campaigns.admin.timing import TimingPages
from campaigns.admin.words import to_whom, whole_audience
from campaigns.models import Campaign, Door
from campaigns.send_forms import SendForm, SendLaterForm
from campaigns.states import Status
from wxcore import zones
from wxcore.celery import nudge
from wxcore.errors import OperatorError

SEND = "campaigns.send_campaign"
LOOK = ("preflight", "preview_on_phone")


class CampaignVerbs(
    ReviewVerbs,
    RunningVerbs,
    AskAboutCampaign,
    TimingPages,
    PreflightPages,
    PhonePreviews,
    CampaignRecall,
    CampaignSplits,
):
    """The buttons at the top of a campaign's page; part of the campaigns' admin."""

    actions_detail = (
        "send_now",
        "schedule",
        "submit",
        "approve",
        "reject",
        "resume",
        "pause",
        "move",
        "unschedule",
        "back_to_draft",
        "cancel",
        "recall",
        "preflight",
        "preview_on_phone",
        "split",
        "copy",
    )
    # Which buttons a status shows.
    VERBS: dict[str, tuple[str, ...]] = {
        Status.DRAFT: ("submit", *LOOK, "split", "copy"),
        Status.IN_REVIEW: ("approve", "reject", "back_to_draft", *LOOK, "copy"),
        Status.APPROVED: ("send_now", "schedule", "back_to_draft", "preflight", "copy"),
        Status.SCHEDULED: ("move", "unschedule", "cancel", "preflight", "copy"),
        Status.SENDING: ("pause", "cancel", "copy"),
        Status.PAUSED: ("resume", "cancel", "copy"),
        Status.FINISHED: ("recall", "copy"),
        Status.CANCELLED: ("recall", "copy"),
    }

    def has_send_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, SEND, object_id)

    def has_copy_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, self.permission("add"), object_id)

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        campaign = Campaign.objects.select_related("account").filter(pk=object_id).first()
        shown = self.VERBS.get(campaign.status, ("copy",)) if campaign else ()
        if campaign and campaign.status == Status.DRAFT and services.may_send_alone(campaign, request.user):
            shown = ("send_now", "schedule", *LOOK, "split", "copy")
        if campaign and (campaign.split_id or not campaign.account.may_send_to_list):
            shown = tuple(name for name in shown if name != "split")
        if campaign and campaign.status == Status.APPROVED and not services.is_approval_current(campaign):
            # Both would be refused; the page says why, and that it has to be edited again.
            shown = tuple(name for name in shown if name not in ("send_now", "schedule"))
        if campaign and campaign.status == Status.SENDING and not services.is_left(campaign):
            # Most of the time until WeChat reports: neither could be done any more.
            shown = tuple(name for name in shown if name not in ("pause", "cancel"))
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
        form = SendForm(request.POST or None, campaign=campaign)
        if request.method == "POST" and form.is_valid():
            try:
                services.send(campaign, now=timezone.now(), **self._confirmed(request, form))
            except services.HeadCountDiffers as error:
                form.add_error("heads", str(error))
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(campaign))
            else:
                nudge(tasks.tick)
                return self.done(request, _("Sending begins within seconds."), self.url_of(campaign), row=campaign)
        title = _("Send this campaign now?")
        return self._ask_to_send(request, campaign, title=title, button=_send_button, form=form)

    @action(description=gettext_lazy("Send later"), url_path="schedule", icon="schedule_send", permissions=["send"])
    def schedule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        now = timezone.now()
        form = self.ask_when(request, campaign, now=now, asks=SendLaterForm)
        findings = self.unseen(request, campaign, form, now=now)
        if findings == []:
            at = form.cleaned_data["at"]
            try:
                services.schedule(campaign, at=at, now=now, **self._confirmed(request, form))
            except services.HeadCountDiffers as error:
                form.add_error("heads", str(error))
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(campaign))
            else:
                message = _("Scheduled: %(when)s") % {"when": zones.shown(at, campaign.account.zone)}
                return self.done(request, message, self.url_of(campaign), row=campaign)
        title, about = _("Schedule this campaign?"), self.about_when(campaign, findings)
        return self._ask_to_send(request, campaign, title=title, button=_schedule_button, form=form, **about)

    def _confirmed(self, request: HttpRequest, form: SendForm | SendLaterForm) -> dict[str, Any]:
        """What the person said on the page that asked."""
        heads = form.cleaned_data.get("heads")
        return {"by": request.user, "door": Door.ADMIN, "seen": request.POST.get("seen", ""), "heads": heads}

    def _ask_to_send(self, request: HttpRequest, campaign: Campaign, *, form: Any, **page: Any) -> HttpResponse:
        shown = form if form.fields else None
        statuses = (Status.APPROVED,)
        if services.may_send_alone(campaign, request.user):
            statuses = (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED)
        return self.ask(request, campaign, statuses=statuses, form=shown, forecasts=True, **page)

    @action(description=gettext_lazy("Unschedule"), url_path="unschedule", icon="event_busy", permissions=["send"])
    def unschedule(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        if request.method == "POST":
            try:
                services.unschedule(campaign, by=request.user, door=Door.ADMIN)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(campaign))
            said = _("The campaign is off the schedule. It is still approved.")
            return self.done(request, said, self.url_of(campaign), row=campaign)
        when = zones.shown(campaign.scheduled_at, campaign.account.zone) if campaign.scheduled_at else "–"
        return self.confirm(
            request,
            title=_("Take this campaign off the schedule?"),
            lead=_("Nothing was sent yet, and nothing will be until somebody sends or schedules it again."),
            facts=[(_("campaign"), campaign.name), (_("audience"), to_whom(campaign)), (_("scheduled for"), when)],
            button=_("Unschedule"),
            row=campaign,
            check=partial(services.require, campaign, Status.SCHEDULED),
        )

    @action(description=gettext_lazy("Duplicate"), url_path="copy", icon="content_copy", permissions=["copy"])
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        if request.method == "POST":
            name = services.name_of_copy(campaign)
            copied = services.duplicate(campaign, name=name, by=request.user, door=Door.ADMIN)
            return self.done(request, _("This is the new draft."), self.url_of(copied), row=copied)
        return self.confirm(
            request,
            title=_("Copy as new draft?"),
            lead=_("The copy has the same content, but is no variant: it goes to the whole audience. Nothing is sent.")
            if campaign.split_id
            else _("The copy has the same content and the same audience. Nothing is sent."),
            facts=[(_("campaign"), campaign.name), (_("audience"), whole_audience(campaign))],
            button=_("Copy"),
            row=campaign,
        )


def _send_button(heads: int) -> str:
    words = ngettext("Send to %(heads)s follower", "Send to %(heads)s followers", heads)
    return words % {"heads": f"{heads:,}"}


def _schedule_button(heads: int) -> str:
    words = ngettext("Schedule for %(heads)s follower", "Schedule for %(heads)s followers", heads)
    return words % {"heads": f"{heads:,}"}
