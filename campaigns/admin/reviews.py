"""Submit, approve, reject, back to draft; part of the campaigns' admin."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.enums import ActionVariant

from campaigns import services
from campaigns.admin.asking import AskAboutCampaign
from campaigns.admin.words import to_whom
from campaigns.models import Door
from campaigns.send_forms import RejectForm
from campaigns.states import Status
from wxcore.errors import OperatorError

APPROVE, CHANGE, SEND = "campaigns.approve_campaign", "campaigns.change_campaign", "campaigns.send_campaign"


class ReviewVerbs(AskAboutCampaign):
    def has_approve_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, APPROVE, object_id)

    def has_edit_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """To work on campaigns at all: whether this one may be edited now is another question."""
        return self.may(request, CHANGE, object_id) or self.may(request, SEND, object_id)

    def has_submit_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, CHANGE, object_id)

    @action(
        description=gettext_lazy("Submit"),
        url_path="submit",
        icon="rate_review",
        variant=ActionVariant.PRIMARY,
        permissions=["submit"],
    )
    def submit(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        if request.method == "POST":
            seen = request.POST.get("seen", "")
            try:
                services.submit(campaign, by=request.user, now=timezone.now(), seen=seen, door=Door.ADMIN)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(campaign))
            said = _("Submitted. Whoever may approve finds it on the home page.")
            return self.done(request, said, self.url_of(campaign), row=campaign)
        return self.ask(
            request,
            campaign,
            statuses=(Status.DRAFT,),
            title=_("Submit this campaign for review?"),
            lead=_("Nothing is sent. While it is in review it cannot be edited; you can take it back."),
            button=lambda _heads: _("Submit for review"),
            forecasts=True,
        )

    @action(
        description=gettext_lazy("Approve"),
        url_path="approve",
        icon="check",
        variant=ActionVariant.PRIMARY,
        permissions=["approve"],
    )
    def approve(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        if request.method == "POST":
            seen = request.POST.get("seen", "")
            try:
                services.approve(campaign, by=request.user, now=timezone.now(), seen=seen, door=Door.ADMIN)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(campaign))
            said = _("Approved. It can be scheduled or sent now.")
            return self.done(request, said, self.url_of(campaign), row=campaign)
        return self.ask(
            request,
            campaign,
            statuses=(Status.IN_REVIEW,),
            title=_("Approve this campaign?"),
            lead=_("The approval is for exactly this content and this audience. Any later change voids it."),
            button=lambda _heads: _("Approve"),
            forecasts=True,
        )

    @action(description=gettext_lazy("Reject"), url_path="reject", icon="close", permissions=["approve"])
    def reject(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        form = RejectForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                services.reject(campaign, reason=form.cleaned_data["reason"], by=request.user, door=Door.ADMIN)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(campaign))
            said = _("Rejected. The author finds the reason on the campaign.")
            return self.done(request, said, self.url_of(campaign), row=campaign)
        return self.confirm(
            request,
            title=_("Reject this campaign?"),
            lead=_("It becomes a draft again, with your reason on it."),
            facts=[(_("campaign"), campaign.name), (_("audience"), to_whom(campaign))],
            form=form,
            button=_("Reject"),
            danger=True,
            row=campaign,
            check=partial(services.require, campaign, Status.IN_REVIEW),
        )

    @action(description=gettext_lazy("Edit again"), url_path="take-back", icon="undo", permissions=["edit"])
    def back_to_draft(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        if request.method == "POST":
            try:
                services.take_back(campaign, by=request.user, door=Door.ADMIN)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(campaign))
            return self.done(request, _("The campaign is a draft again."), self.url_of(campaign), row=campaign)
        return self.confirm(
            request,
            title=_("Make this campaign a draft again?"),
            lead=_("Nothing was sent. Review and approval begin anew when it is submitted again."),
            facts=[(_("campaign"), campaign.name), (_("status"), capfirst(campaign.get_status_display()))],
            button=_("Back to draft"),
            row=campaign,
            check=partial(services.require, campaign, Status.IN_REVIEW, Status.APPROVED),
        )
