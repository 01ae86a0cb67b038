"""Taking a campaign back: the page that asks, and how far it has come."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action
from unfold.widgets import UnfoldAdminRadioSelectWidget

from campaigns import recalling, tasks
from campaigns.models import Campaign, Door, MsgType, Recall
from campaigns.models.recall import WHOLE
from campaigns.states import RecallStatus
from wxcore.admin.base import Admin
from wxcore.celery import nudge
from wxcore.errors import OperatorError

RECALL = "campaigns.recall_campaign"
LABELS = {
    RecallStatus.PENDING: "info",
    RecallStatus.DONE: "success",
    RecallStatus.FAILED: "danger",
    RecallStatus.UNKNOWN: "warning",
}
SHOWN = 100


def taken_back(campaign: Campaign) -> set[tuple[int, int]]:
    """This will be what is gone for good, by the broadcast's position and the article's number or WHOLE; one query."""
    done = campaign.recalls.filter(status=RecallStatus.DONE)
    return set(done.order_by().values_list("broadcast__position", "article"))


class RecallForm(forms.Form):
    """Which part: everything, or one of several articles."""

    article = forms.TypedChoiceField(
        label=gettext_lazy("What to recall"), coerce=int, widget=UnfoldAdminRadioSelectWidget, initial=WHOLE
    )

    def __init__(self, campaign: Campaign, data: Any = None) -> None:
        super().__init__(data)
        articles = [
            (
                number,
                _("Article %(number)d: %(title)s") % {"number": number, "title": recalling.title(campaign, number)},
            )
            for number in range(1, recalling.article_count(campaign) + 1)
        ]
        self.fields["article"].choices = [(WHOLE, _("The whole message")), *(articles if len(articles) > 1 else [])]


class CampaignRecall(Admin):
    """The button “Recall” and its page; part of the campaigns' admin."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.recalls_view)
        return [path("<int:object_id>/recalls/", view, name="campaigns_campaign_recalls"), *super().get_urls()]

    def has_recall_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, RECALL, object_id)

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        buttons = super().get_actions_detail(request, object_id)
        if Campaign.objects.filter(pk=object_id, msgtype__in=recalling.RECALLABLE).exists():
            return buttons
        return [button for button in buttons if button.method.original_function_name != "recall"]

    @action(
        description=gettext_lazy("Recall"),
        url_path="recall",
        icon="settings_backup_restore",
        permissions=["recall"],
    )
    def recall(self, request: HttpRequest, object_id: str) -> HttpResponse:
        campaign = self.load(request, object_id)
        if not self.may(request, RECALL, campaign):
            raise PermissionDenied
        form = RecallForm(campaign, request.POST or None)
        try:
            if request.method == "POST" and form.is_valid():
                chosen = form.cleaned_data["article"]
                recalling.recall(campaign, article=chosen, by=request.user, door=Door.ADMIN, now=timezone.now())
                nudge(tasks.tick)
                return self.done(request, _("The recall begins within seconds."), self.url_of(campaign), row=campaign)
            extent = recalling.extent(campaign, now=timezone.now())
        except OperatorError as error:
            return self.refuse(request, error, self.url_of(campaign))
        return self._ask(request, campaign, form, extent)

    def _ask(
        self, request: HttpRequest, campaign: Campaign, form: RecallForm, extent: recalling.Extent
    ) -> HttpResponse:
        delivered = f"{extent.delivered:,}" if extent.delivered is not None else _("not reported")
        warnings = [
            _("This cannot be undone. The card stays in the chats; who opens it reads that the content was deleted."),
            _("Copies of the same draft that went out at another time may stop working too."),
        ]
        if extent.days > 1:
            words = ngettext(
                "WeChat allows ten recalls a day: this takes %(n)d day.",
                "WeChat allows ten recalls a day: this takes %(n)d days.",
                extent.days,
            )
            warnings.append(words % {"n": extent.days})
        button = ngettext("Recall from %(heads)s follower", "Recall from %(heads)s followers", extent.recipients)
        return self.confirm(
            request,
            title=_("Recall this campaign?"),
            lead=_("The pages of the articles stop working for everybody.")
            if campaign.msgtype == MsgType.MPNEWS
            else _("The video stops playing for everybody."),
            facts=[
                (_("campaign"), campaign.name),
                (_("official account"), campaign.account),
                (_("broadcasts"), f"{extent.broadcasts:,}"),
                (_("recipients"), f"{extent.recipients:,}"),
                (_("delivered"), delivered),
            ],
            warnings=warnings,
            form=form,
            button=button % {"heads": f"{extent.recipients:,}"},
            danger=True,
            row=campaign,
        )

    def recalls_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """How far the recall has come; the page shows itself anew when it has ended."""
        campaign = self.load(request, str(object_id))
        shown = self.recalls_of(campaign)
        response = render(request, "campaigns/recalls.html", shown)
        if not shown["recalls_under_way"]:
            response.headers["HX-Refresh"] = "true"
        return response

    def recalls_of(self, campaign: Campaign) -> dict[str, Any]:
        """This will be what the campaign's page shows of its recalls; one query."""
        rows: list[Recall] = list(
            campaign.recalls.select_related("broadcast", "created_by").order_by("-created_at", "broadcast__position")[
                : SHOWN + 1
            ]
        )
        for row in rows:
            row.label = LABELS[RecallStatus(row.status)]
            row.what = recalling.title(campaign, row.article) if row.article else _("The whole message")
        return {
            "recalls": rows[:SHOWN],
            "more_recalls": len(rows) > SHOWN,
            "recalls_under_way": any(row.status == RecallStatus.PENDING for row in rows),
            "recalls_url": self.url("recalls", campaign.pk),
            "copy_url": self.url("copy", campaign.pk) if rows else "",
        }
