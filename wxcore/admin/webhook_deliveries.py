"""What was posted to webhooks, what came back, and “send again”."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter, DropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from wxcore import rights
from wxcore.admin.base import NOTHING, ReadOnlyAdmin, badge, moment
from wxcore.admin.filters import AccountFilter
from wxcore.admin.webhook_words import event_shown, in_words
from wxcore.errors import OperatorError
from wxcore.models import DeliveryStatus, Webhook, WebhookDelivery
from wxcore.webhooks import events, services

CHANGE = "wxcore.change_webhook"
LABELS = {
    DeliveryStatus.PENDING: "info",
    DeliveryStatus.DELIVERING: "info",
    DeliveryStatus.DELIVERED: "success",
    DeliveryStatus.FAILED: "danger",
}


class WebhookFilter(DropdownFilter):
    title = _("webhook")
    parameter_name = "webhook"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        own = rights.scoped(Webhook.objects.order_by("name"), request.user, "wxcore.view_webhook")
        return [(str(pk), name) for pk, name in own.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(webhook=self.value()) if (self.value() or "").isdecimal() else queryset


class EventFilter(DropdownFilter):
    title = _("event")
    parameter_name = "event"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, f"{in_words(name)} ({name})") for name in events.EVENTS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(event=self.value()) if self.value() in events.EVENTS else queryset


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    empty_hint = _(
        "Here stands what was posted to webhooks, what they answered, and when the next try is. It is kept for 30 days"
        " unless this server is set up otherwise."
    )
    list_display = ("event_label", "status_label", "webhook", "code", "attempts", "created", "error_shown")
    list_filter = (AccountFilter, WebhookFilter, ("status", ChoicesDropdownFilter), EventFilter)
    search_fields = ("event_id",)
    search_help_text = _("The whole event ID")
    actions = ("send_selected_again",)
    list_disable_select_all = False
    actions_detail = ("send_again",)
    export_columns = ("event", "status_label", "webhook", "code", "attempts", "created", "error_shown", "account")
    fields = ("event_label", "webhook", "account", "status_label", "problem", "code", "attempts", "next_try", "created",
              "arrived", "event_id", "body", "answered")  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookDelivery]:
        return super().get_queryset(request).prefetch_related("webhook", "account")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[WebhookDelivery], search_term: str
    ) -> tuple[QuerySet[WebhookDelivery], bool]:
        term = search_term.strip().replace("-", "").lower()
        if not term:
            return queryset, False
        is_id = len(term) == 32 and all(letter in "0123456789abcdef" for letter in term)
        return (queryset.filter(event_id=term) if is_id else queryset.none()), False

    def title_of(self, delivery: WebhookDelivery) -> str:
        return in_words(delivery.event)

    @display(description=_("event"))
    def event_label(self, delivery: WebhookDelivery) -> SafeString | str:
        return event_shown(delivery.event)

    @display(description=_("status"))
    def status_label(self, delivery: WebhookDelivery) -> SafeString:
        return badge(delivery.get_status_display(), LABELS[delivery.status])

    @display(description=_("answered"))
    def code(self, delivery: WebhookDelivery) -> str:
        if delivery.duration_ms is None:
            return NOTHING
        return f"{delivery.status_code or _('no answer')} · {delivery.duration_ms:,} ms"

    @display(description=pgettext_lazy("moment", "created"))
    def created(self, delivery: WebhookDelivery) -> SafeString | str:
        return moment(delivery.created_at)

    @display(description=pgettext_lazy("moment", "delivered"))
    def arrived(self, delivery: WebhookDelivery) -> SafeString | str:
        return moment(delivery.delivered_at)

    @display(description=_("next try"))
    def next_try(self, delivery: WebhookDelivery) -> SafeString | str:
        return moment(delivery.due_at)

    @display(description=_("error"))
    def error_shown(self, delivery: WebhookDelivery) -> str | None:
        return delivery.error_message or None

    @display(description=_("error"))
    def problem(self, delivery: WebhookDelivery) -> SafeString | str:
        if not delivery.error_message:
            return NOTHING
        return format_html("{} <span class='q-quiet'>{}</span>", delivery.error_message, delivery.error_fix)

    @display(description=_("body"))
    def body(self, delivery: WebhookDelivery) -> SafeString:
        if not delivery.payload:
            return format_html('<span class="q-quiet">{}</span>', services.NothingLeft.message)
        said = delivery.payload | {"sequence": delivery.pk}
        return format_html('<pre class="q-raw">{}</pre>', json.dumps(said, ensure_ascii=False, indent=2))

    @display(description=_("answer"))
    def answered(self, delivery: WebhookDelivery) -> SafeString | str:
        return format_html('<pre class="q-raw">{}</pre>', delivery.answer) if delivery.answer else NOTHING

    def has_again_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, CHANGE, object_id)

    @admin.action(description=_("Send again"), permissions=["again"])
    def send_selected_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        number = services.send_all_again(rights.scoped(queryset, request.user, CHANGE), now=timezone.now())
        words = ngettext("%(number)d delivery is sent again.", "%(number)d deliveries are sent again.", number)
        self.message_user(request, words % {"number": number})

    @action(
        description=_("Send again"),
        url_path="again",
        icon="replay",
        variant=ActionVariant.PRIMARY,
        permissions=["again"],
    )
    def send_again(self, request: HttpRequest, object_id: str) -> HttpResponse:
        delivery = self.load(request, object_id)
        if request.method == "POST":
            try:
                services.send_again(delivery, now=timezone.now())
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(delivery))
            return self.done(request, _("It is sent again."), self.url_of(delivery), row=delivery)
        return self.confirm(
            request,
            title=_("Send this once more?"),
            lead=_("The receiver gets it with the same event ID, by which it can tell a repetition."),
            facts=[(_("event"), event_shown(delivery.event)), (_("webhook"), delivery.webhook.name)],
            button=_("Send again"),
            row=delivery,
        )
