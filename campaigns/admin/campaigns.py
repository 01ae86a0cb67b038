"""The campaigns: list, draft, and what became of it."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from campaigns import audience, phone, services
from campaigns.admin import statistics
from campaigns.admin.calendar import CampaignCalendar
from campaigns.admin.events import history
from campaigns.admin.fragments import SHOWN_MALFORMED, CampaignFragments, progress
from campaigns.admin.results import CampaignResults
from campaigns.admin.splits import variants
from campaigns.admin.verbs import CampaignVerbs
from campaigns.admin.words import LABELS, meant, to_whom
from campaigns.composition import NEEDED_FOR
from campaigns.forms import CampaignForm
from campaigns.models import Audience, Campaign, Door, MsgType
from campaigns.states import NotAllowedNow, Status
from followers import openids
from wxcore.admin.base import badge, figure, moment
from wxcore.admin.filters import AccountFilter
from wxcore.errors import OperatorError

SHOWN_UNKNOWN = 10


@admin.register(Campaign)
class CampaignAdmin(CampaignVerbs, CampaignFragments, CampaignCalendar, CampaignResults):
    empty_hint = gettext_lazy(
        "A campaign is a message, the people who get it, and a time. Write one, check it, have it approved, send it."
    )
    form = CampaignForm
    change_form_template = "campaigns/change_form.html"
    list_display = ("name", "status_label", "kind", "account", "audience_label", "when", "total", "sent", "errors")
    list_select_related = ("account", "tag", "segment")
    list_filter = (
        AccountFilter,
        ("status", ChoicesDropdownFilter),
        ("msgtype", ChoicesDropdownFilter),
        ("audience", ChoicesDropdownFilter),
    )
    search_fields = ("name", "text")
    search_help_text = gettext_lazy("Name or text")
    actions = None
    warn_unsaved_form = True
    fieldsets = (
        (None, {"fields": ("account", "name")}),
        (gettext_lazy("Message"), {"fields": ("msgtype", *NEEDED_FOR)}),
        (gettext_lazy("To whom"), {"fields": ("audience", "tag", "conditions", "segment", "openids", "upload")}),
    )

    class Media:
        js = ("wxcore/media-picker.js", "wxcore/chips.js", "wxcore/campaign-form.js", "wxcore/campaign-files.js")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        return super().get_queryset(request).with_figures(recipients="recipient_count")

    @display(description=gettext_lazy("status"))
    def status_label(self, campaign: Campaign) -> SafeString:
        return badge(campaign.get_status_display(), LABELS[campaign.status])

    @display(description=gettext_lazy("message type"), ordering="msgtype")
    def kind(self, campaign: Campaign) -> str:
        return capfirst(campaign.get_msgtype_display())

    @display(description=gettext_lazy("audience"))
    def audience_label(self, campaign: Campaign) -> str:
        return to_whom(campaign)

    @display(description=gettext_lazy("time"))
    def when(self, campaign: Campaign) -> SafeString | str:
        """When it started; else when it will. On the wall of its account, as everywhere."""
        return moment(campaign.started_at or campaign.scheduled_at, campaign.account.zone)

    @display(description=gettext_lazy("addressed"))
    def total(self, campaign: Campaign) -> str | None:
        number = campaign.total_count if campaign.total_count is not None else campaign.recipients
        return None if number is None else f"{number:,}"

    sent = figure("sent_count", gettext_lazy("delivered"))
    errors = figure("error_count", gettext_lazy("failed"))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_editable(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_editable(obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"audience": Audience.ALL} | super().get_changeform_initial_data(request)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        campaign = self.load(request, object_id) if object_id else None
        if request.method == "POST" and campaign is not None and not campaign.is_editable:
            error = NotAllowedNow(subject=str(campaign), status=campaign.get_status_display())
            return self.refuse(request, error, self.url_of(campaign))
        # The page has a history of its own, with the doors and the deeds of WeChat.
        hidden = dict.fromkeys(("show_save_and_continue", "show_save_and_add_another", "show_history"), False)
        context = hidden | (extra_context or {})
        try:
            return super().changeform_view(request, object_id, form_url, context | self._page(request, campaign))
        except OperatorError as error:
            # Raised while saving: the transaction is rolled back, nothing of the form was kept.
            return self.refuse(request, error, self.url_of(campaign) if campaign else self.url("changelist"))

    def _page(self, request: HttpRequest, campaign: Campaign | None) -> dict[str, Any]:
        """What the page shows beside the form, or instead of it."""
        if campaign is None:
            return {"edits": True, "shown": {"msgtype": MsgType.TEXT}}
        if self.has_change_permission(request, campaign):
            return {"edits": True, "shown": phone.message(campaign), **history(campaign), **variants(campaign)}
        return {
            **history(campaign),
            **variants(campaign),
            "to_whom": to_whom(campaign),
            "meant": meant(campaign),
            "shown": phone.message(campaign),
            **progress(self, campaign),
            **self.results_of(request, campaign),
            **self.recalls_of(campaign),
            **statistics.section(campaign),
        }

    def save_model(self, request: HttpRequest, obj: Campaign, form: CampaignForm, change: bool) -> None:
        pictures = form.cleaned_data["pictures"]
        if change:
            services.save_draft(obj, pictures=pictures, by=request.user, door=Door.ADMIN)
        else:
            services.create(obj, pictures=pictures, by=request.user, door=Door.ADMIN)
        if form.parsed is not None:
            audience.replace_list(obj, form.parsed.openids)
            self._report(request, obj, form.parsed)

    def _report(self, request: HttpRequest, campaign: Campaign, parsed: openids.ParsedList) -> None:
        """This will say what became of a list, so that nobody wonders later where followers went."""
        report = audience.report(campaign)
        words = _(
            "The list has %(listed)d OpenIDs: %(following)d follow, %(left)d have left, %(unknown)d are unknown. "
            "%(repeated)d repetitions and %(malformed)d malformed lines were dropped."
        ) % {
            "listed": report.listed,
            "following": report.following,
            "left": report.left,
            "unknown": report.unknown,
            "repeated": parsed.repeated,
            "malformed": len(parsed.malformed),
        }
        clean = not (parsed.malformed or report.left or report.unknown)
        messages.add_message(request, messages.INFO if clean else messages.WARNING, words)
        if parsed.malformed:
            _examples(request, _("Malformed: %(examples)s"), parsed.malformed[:SHOWN_MALFORMED])
        if report.left or report.unknown:
            _examples(request, _("Do not follow: %(examples)s"), audience.unknown_openids(campaign, SHOWN_UNKNOWN))

    def response_post_save_add(self, request: HttpRequest, obj: Campaign) -> HttpResponse:
        return HttpResponseRedirect(self.after_adding(request, obj))

    def response_post_save_change(self, request: HttpRequest, obj: Campaign) -> HttpResponse:
        return HttpResponseRedirect(self.url_of(obj))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The usual page lists every openid of the campaign's list: here a million."""
        campaign = self.load(request, object_id)
        if not self.may(request, self.permission("delete"), campaign):
            raise PermissionDenied
        if request.method == "POST":
            name = campaign.name
            try:
                with transaction.atomic():
                    self.log_deletions(request, Campaign.objects.filter(pk=campaign.pk))
                    services.delete_draft(campaign)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(campaign))
            return self.done(request, _("“%(name)s” was deleted.") % {"name": name}, self.url("changelist"))
        return self.confirm(
            request,
            title=_("Delete this draft?"),
            lead=_("The campaign and its history are gone for good. Its articles and files stay in the library."),
            facts=[(_("campaign"), campaign.name), (_("audience"), to_whom(campaign))],
            button=_("Delete"),
            danger=True,
            row=campaign,
            check=partial(services.require, campaign, Status.DRAFT),
        )


def _is_editable(campaign: Any) -> bool:
    return campaign is None or campaign.is_editable


def _examples(request: HttpRequest, words: str, examples: list[str]) -> None:
    messages.warning(request, words % {"examples": ", ".join(example[:64] for example in examples)})
