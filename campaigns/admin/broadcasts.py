"""The broadcasts: what was handed to WeChat, and the two buttons for an outcome that only a person can know."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from campaigns import services
from campaigns.admin.verbs import SEND
from campaigns.admin.words import BROADCAST_LABELS
from campaigns.models import Broadcast, Door
from campaigns.states import BroadcastStatus, NotAllowedNow
from wxcore.admin.base import ReadOnlyAdmin, badge, figure, moment
from wxcore.admin.filters import AccountFilter
from wxcore.errors import OperatorError
from wxcore.wechat.messages import Outcome, parse_status

FIGURES = ("total", "filtered", "sent", "errors")
OUTCOMES = {
    Outcome.SUCCESS: _("sent successfully"),
    Outcome.FAIL: _("sending failed"),
    Outcome.REJECTED: _("refused by WeChat's review"),
    Outcome.UNKNOWN: _("a word that is not documented"),
}
# Lines of the page by what they would show.
SILENT_WHEN_EMPTY = {
    "problem": "error_message",
    "reported": "result_status",
    "uncertain": "uncertain",
    "next_step": "due_at",
}


@admin.register(Broadcast)
class BroadcastAdmin(ReadOnlyAdmin):
    empty_hint = _("Once a campaign goes out, each call of WeChat's mass sending stands here with its figures.")
    list_display = ("label", "status_label", "account_name", "recipients", *FIGURES, "accepted")
    list_select_related = ("account", "campaign")
    list_filter = (AccountFilter, ("status", ChoicesDropdownFilter))
    search_fields = ("clientmsgid", "=msg_id")
    search_help_text = _("Job number (msg_id) or clientmsgid")
    actions_detail = ("was_sent", "was_not_sent")
    fieldsets = (
        (None, {"fields": ("campaign_link", "position", "account_name", "status_label", "problem", "reported")}),
        (
            _("Figures"),
            {
                "fields": ("recipients", *FIGURES),
                "description": _(
                    "What WeChat reported, in its words: TotalCount, FilterCount (what was left after filtering), "
                    "SentCount and ErrorCount."
                ),
            },
        ),
        (
            _("Course"),
            {"fields": ("attempts", "uncertain", "first_tried", "accepted", "ended", "next_step")},
        ),
        (_("At WeChat"), {"fields": ("job_number", "data_number", "own_key")}),
    )

    recipients = figure("recipient_count", _("recipients"))
    total = figure("total_count", _("counted by WeChat"))
    filtered = figure("filter_count", _("left after filtering"))
    sent = figure("sent_count", _("delivered"))
    errors = figure("error_count", _("failed"))

    @display(description=_("broadcast"))
    def label(self, broadcast: Broadcast) -> str:
        return str(broadcast)

    @display(description=_("official account"))
    def account_name(self, broadcast: Broadcast) -> str:
        return broadcast.account.name

    @display(description=_("status"))
    def status_label(self, broadcast: Broadcast) -> SafeString:
        return badge(broadcast.get_status_display(), BROADCAST_LABELS[broadcast.status])

    @display(description=_("accepted"))
    def accepted(self, broadcast: Broadcast) -> SafeString | str:
        return moment(broadcast.submitted_at)

    @display(description=_("campaign"))
    def campaign_link(self, broadcast: Broadcast) -> SafeString:
        url = broadcast.campaign.get_absolute_url()
        return format_html('<a class="q-link" href="{}">{}</a>', url, broadcast.campaign)

    @display(description=_("error"))
    def problem(self, broadcast: Broadcast) -> SafeString | str:
        if not broadcast.error_message:
            return ""
        return format_html("<p>{}</p><p>{}</p>", broadcast.error_message, broadcast.error_fix)

    @display(description=_("WeChat's result"))
    def reported(self, broadcast: Broadcast) -> SafeString:
        """In words, and as WeChat wrote it: that is what one looks for in its documents."""
        meaning = OUTCOMES[parse_status(broadcast.result_status)[0]]
        return format_html('{} <span class="q-quiet">{}</span>', meaning, broadcast.result_status)

    @display(description=_("first attempt"))
    def first_tried(self, broadcast: Broadcast) -> SafeString | str:
        return moment(broadcast.first_attempt_at)

    @display(description=_("next step"))
    def next_step(self, broadcast: Broadcast) -> SafeString | str:
        return moment(broadcast.due_at)

    @display(description=_("ended at"))
    def ended(self, broadcast: Broadcast) -> SafeString | str:
        return moment(broadcast.finished_at)

    @display(description=_("mass send job (msg_id)"))
    def job_number(self, broadcast: Broadcast) -> int | str:
        return broadcast.msg_id or "–"

    @display(description=_("message data (msg_data_id)"))
    def data_number(self, broadcast: Broadcast) -> int | str:
        return broadcast.msg_data_id or "–"

    @display(description=_("our key against sending twice (clientmsgid)"))
    def own_key(self, broadcast: Broadcast) -> SafeString:
        return format_html('<span class="q-wrap">{}</span>', broadcast.clientmsgid)

    def get_fieldsets(self, request: HttpRequest, obj: Broadcast | None = None) -> Any:
        """This will leave out what says nothing: an error that is none, a next step after the last."""
        silent = {name for name in SILENT_WHEN_EMPTY if obj is not None and not getattr(obj, SILENT_WHEN_EMPTY[name])}
        return [
            (title, options | {"fields": tuple(name for name in options["fields"] if name not in silent)})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def has_send_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, SEND, object_id)

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        is_unknown = Broadcast.objects.filter(pk=object_id, status=BroadcastStatus.UNKNOWN).exists()
        return super().get_actions_detail(request, object_id) if is_unknown else []

    @action(
        description=_("It was sent"),
        url_path="was-sent",
        icon="check_circle",
        variant=ActionVariant.SUCCESS,
        permissions=["send"],
    )
    def was_sent(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._resolve(
            request,
            object_id,
            was_sent=True,
            title=_("Record that it was sent?"),
            lead=_("Choose this if WeChat's console lists the message as sent. Nothing is sent by this."),
            button=_("It was sent"),
        )

    @action(
        description=_("It was not sent"),
        url_path="was-not-sent",
        icon="cancel",
        variant=ActionVariant.DANGER,
        permissions=["send"],
    )
    def was_not_sent(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._resolve(
            request,
            object_id,
            was_sent=False,
            title=_("Record that it was not sent?"),
            lead=_(
                "Choose this if the message is nowhere in WeChat's console. Nothing is sent by this; to send it, copy "
                "the campaign afterwards."
            ),
            button=_("It was not sent"),
            danger=True,
        )

    def _resolve(self, request: HttpRequest, object_id: str, *, was_sent: bool, **page: Any) -> HttpResponse:
        broadcast = self.load(request, object_id)
        back = broadcast.campaign.get_absolute_url()
        if request.method == "POST":
            try:
                services.resolve(broadcast, was_sent=was_sent, now=timezone.now(), by=request.user, door=Door.ADMIN)
            except OperatorError as error:
                return self.refuse(request, error, back)
            message = _("Recorded as sent.") if was_sent else _("Recorded as not sent.")
            return self.done(request, message, back, row=broadcast.campaign)
        facts: list[tuple[Any, Any]] = [
            (_("broadcast"), str(broadcast)),
            (_("recipients"), f"{broadcast.recipient_count:,}"),
            (_("first attempt"), moment(broadcast.first_attempt_at)),
        ]
        if broadcast.error_message:
            facts.append((_("error"), f"{broadcast.error_message} {broadcast.error_fix}"))
        problems = []
        if broadcast.status != BroadcastStatus.UNKNOWN:
            problems = [NotAllowedNow(subject=str(broadcast), status=broadcast.get_status_display())]
        return self.confirm(request, row=broadcast, facts=facts, problems=problems, back=back, **page)
