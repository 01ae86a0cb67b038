"""Pause, continue, cancel; part of the campaigns' admin."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action
from unfold.enums import ActionVariant

from campaigns import services, tasks
from campaigns.admin.words import to_whom
from campaigns.models import Campaign, Door
from campaigns.states import BroadcastStatus, Status
from wxcore import zones
from wxcore.admin.base import Admin
from wxcore.celery import nudge
from wxcore.errors import OperatorError


class RunningVerbs(Admin):
    @action(description=gettext_lazy("Pause"), url_path="pause", icon="pause", permissions=["send"])
    def pause(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        if request.method == "POST":
            said = _("Paused. Nothing more goes out until somebody continues.")
            return self._do(request, campaign, services.pause, said)
        return self.confirm(
            request,
            title=_("Pause this campaign?"),
            lead=_("The call that is under way is the last. What WeChat has accepted cannot be stopped."),
            facts=_progress(campaign),
            button=_("Pause"),
            row=campaign,
            check=partial(services.check_pause, campaign),
        )

    @action(
        description=gettext_lazy("Continue"),
        url_path="resume",
        icon="play_arrow",
        variant=ActionVariant.PRIMARY,
        permissions=["send"],
    )
    def resume(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        if request.method == "POST":
            response = self._do(request, campaign, services.resume, _("Sending goes on."), now=timezone.now())
            nudge(tasks.tick)
            return response
        return self.confirm(
            request,
            title=_("Continue this campaign?"),
            lead=_("What has not gone out is sent now, to the audience that was frozen at the start."),
            facts=_progress(campaign),
            warnings=[campaign.error_message] if campaign.error_message else [],
            button=_("Continue"),
            row=campaign,
            check=partial(services.require, campaign, Status.PAUSED),
        )

    @action(description=gettext_lazy("Cancel campaign"), url_path="cancel", icon="block", permissions=["send"])
    def cancel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        if request.method == "POST":
            return self._do(request, campaign, services.cancel, _("Cancelled."), now=timezone.now())
        return self.confirm(
            request,
            title=_("Cancel this campaign for good?"),
            lead=_("Nothing was sent, and nothing will be. There is no way back; a copy of it can be sent instead.")
            if campaign.status == Status.SCHEDULED
            else _("What has not gone out never will. What WeChat has accepted stays sent. There is no way back."),
            facts=_progress(campaign),
            button=_("Cancel for good"),
            danger=True,
            row=campaign,
            check=partial(services.check_cancel, campaign),
        )

    def _do(
        self, request: HttpRequest, campaign: Campaign, verb: Callable[..., None], said: str, **when: object
    ) -> HttpResponse:
        try:
            verb(campaign, by=request.user, door=Door.ADMIN, **when)
        except OperatorError as error:
            return self.refuse(request, error, self.url_of(campaign))
        return self.done(request, said, self.url_of(campaign), row=campaign)


def _progress(campaign: Campaign) -> list[tuple[str, str]]:
    """Which it is, and how much of it is out, in calls and in followers."""
    facts = [(_("campaign"), campaign.name), (_("audience"), to_whom(campaign))]
    if campaign.status == Status.SCHEDULED and campaign.scheduled_at:
        return [*facts, (_("scheduled for"), zones.shown(campaign.scheduled_at, campaign.account.zone))]
    waiting = campaign.broadcasts.filter(status=BroadcastStatus.PENDING)
    total = campaign.broadcasts.count()
    if not total:
        return facts
    left = waiting.aggregate(heads=Sum("recipient_count"))["heads"] or 0
    calls = waiting.count()
    facts.append((_("handed to WeChat"), _("%(done)d of %(total)d calls") % {"done": total - calls, "total": total}))
    followers = ngettext("%(heads)s follower", "%(heads)s followers", left) % {"heads": f"{left:,}"}
    return [*facts, (_("not sent yet"), followers)]
