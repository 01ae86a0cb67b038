"""The callbacks: what WeChat posted, raw, and “process again”."""

from __future__ import annotations

import json
import re
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from callbacks import services, tasks, words
from callbacks.admin.filters import EventFilter, ReceivedFilter
from callbacks.models import Callback
from callbacks.states import OPEN, CallbackStatus
from wxcore import rights
from wxcore.admin.base import EXPORT_PEOPLE, ReadOnlyAdmin, badge, moment
from wxcore.admin.filters import AccountFilter
from wxcore.celery import nudge

PROCESS = "callbacks.process_callback"
# Not around CDATA: a field and its value belong on one line.
BETWEEN_FIELDS = re.compile(r"(?<!\]\])><(?!!)")
LABELS = {
    CallbackStatus.STORED: "info",
    CallbackStatus.PROCESSING: "info",
    CallbackStatus.PROCESSED: "success",
    CallbackStatus.UNKNOWN: "",
    CallbackStatus.FAILED: "danger",
}


@admin.register(Callback)
class CallbackAdmin(ReadOnlyAdmin):
    empty_hint = _(
        "What WeChat pushes stands here. If nothing comes, compare the callback address on the "
        "account's page with WeChat's."
    )
    export_permission = EXPORT_PEOPLE
    list_display = ("label", "status_label", "openid", "received", "error_shown", "account")
    list_filter = (
        AccountFilter,
        ("status", ChoicesDropdownFilter),
        EventFilter,
        ("received_at", ReceivedFilter),
    )
    search_fields = ("openid",)
    search_help_text = _("The whole OpenID")
    actions = ("process_selected",)
    # All that a filter finds may be processed again: the service takes as many as the list can count.
    list_disable_select_all = False
    actions_detail = ("process_again",)
    fieldsets = (
        (None, {"fields": ("label", "account", "status_label", "problem", "openid")}),
        (_("Times"), {"fields": ("pushed", "received", "processed", "attempts", "next_step")}),
        (_("Technical details"), {"fields": ("dedup_key", "answer_shown", "pretty_body")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Callback]:
        queryset = super().get_queryset(request).prefetch_related("account")
        is_list = request.resolver_match is not None and request.resolver_match.url_name.endswith("changelist")
        return queryset.defer("body") if is_list else queryset

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Callback], search_term: str
    ) -> tuple[QuerySet[Callback], bool]:
        term = search_term.strip()
        return (queryset.filter(openid=term) if term else queryset), False

    @display(description=_("event"))
    def label(self, callback: Callback) -> SafeString:
        name = words.spelled(callback.msg_type, callback.event)
        return format_html('{} <span class="q-quiet q-own-name">{}</span>', callback, name)

    @display(description=_("status"))
    def status_label(self, callback: Callback) -> SafeString:
        return badge(callback.get_status_display(), LABELS[callback.status])

    @display(description=_("sent by WeChat"))
    def pushed(self, callback: Callback) -> SafeString | str:
        return moment(callback.pushed_at)

    @display(description=_("processed at"))
    def processed(self, callback: Callback) -> SafeString | str:
        return moment(callback.processed_at)

    @display(description=_("received"))
    def received(self, callback: Callback) -> SafeString | str:
        return moment(callback.received_at)

    @display(description=_("error"))
    def error_shown(self, callback: Callback) -> SafeString | str:
        if not callback.error_code:
            return "-"
        again = _("Tried again: %(time)s") % {"time": moment(callback.due_at)} if callback.due_at else ""
        shown = '<div class="q-column">{} <span class="q-quiet">{}</span></div>'
        return format_html(shown, callback.error_message, mark_safe(again))  # noqa: S308 - a translation and a time

    @display(description=_("error"))
    def problem(self, callback: Callback) -> SafeString | str:
        if not callback.error_message:
            return "-"
        return format_html("{} <span class='q-quiet'>{}</span>", callback.error_message, callback.error_fix)

    @display(description=_("raw body"))
    def pretty_body(self, callback: Callback) -> SafeString:
        if not callback.body:
            return format_html('<span class="q-quiet">{}</span>', services.Erased.message)
        return format_html('<pre class="q-raw">{}</pre>', BETWEEN_FIELDS.sub(">\n<", callback.body))

    @display(description=_("answered at once"))
    def answer_shown(self, callback: Callback) -> SafeString | str:
        if not callback.answer:
            return "success"
        answer = json.dumps(callback.answer, ensure_ascii=False, indent=2)
        return format_html('<pre class="q-raw">{}</pre>', answer)

    @display(description=_("next step"))
    def next_step(self, callback: Callback) -> SafeString | str:
        return moment(callback.due_at)

    def has_process_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, PROCESS, object_id)

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        idle = Callback.objects.filter(Q(status__in=OPEN) | Q(body=""), pk=object_id).exists()
        return [] if idle else super().get_actions_detail(request, object_id)

    @admin.action(description=_("Process again"), permissions=["process"])
    def process_selected(self, request: HttpRequest, queryset: QuerySet[Callback]) -> None:
        self._process(request, rights.scoped(queryset, request.user, PROCESS))

    @action(
        description=_("Process again"),
        url_path="process",
        icon="replay",
        variant=ActionVariant.PRIMARY,
        permissions=["process"],
    )
    def process_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        callback = self.load(request, object_id)
        if request.method == "POST" and callback.body:
            message = self._queue(Callback.objects.filter(pk=callback.pk))
            return self.done(request, message, self.url_of(callback), row=callback)
        return self.confirm(
            request,
            title=_("Process this callback again?"),
            lead=_("What was processed before is not done twice: an event that is already known changes nothing."),
            problems=[] if callback.body else [services.Erased()],
            facts=[(_("event"), str(callback)), (_("error"), callback.error_message or "–")],
            button=_("Process again"),
            row=callback,
        )

    def _process(self, request: HttpRequest, queryset: QuerySet[Callback]) -> None:
        self.message_user(request, self._queue(queryset))

    def _queue(self, queryset: QuerySet[Callback]) -> str:
        number = services.process_again(queryset, now=timezone.now())
        nudge(tasks.tick)
        return ngettext("%(n)d callback is queued.", "%(n)d callbacks are queued.", number) % {"n": number}
