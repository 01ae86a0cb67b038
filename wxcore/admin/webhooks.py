"""The webhooks: who is told what, whether it arrives, and the secret, shown once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from wxcore import rights
from wxcore.admin.base import Admin, badge, moment
from wxcore.admin.filters import AccountFilter
from wxcore.admin.webhook_words import event_shown
from wxcore.errors import OperatorError
from wxcore.home import BOARD
from wxcore.models import DeliveryStatus, Webhook
from wxcore.panels import Panel
from wxcore.webhooks import addresses, delivering, events, services

VIEW = "wxcore.view_webhook"
SHOWN = 8


class WebhookForm(forms.ModelForm):
    events = forms.MultipleChoiceField(
        label=capfirst(_("events")),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("What is sent to the address. A sync is reported as a whole, not follower by follower."),
    )

    class Meta:
        model = Webhook
        fields = ("account", "name", "url", "events", "is_active")
        labels = {"url": "URL"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "events" in self.fields:
            self.fields["events"].choices = [(name, event_shown(name)) for name, _words in events.CHOICES]
        if self.instance.pk and "account" in self.fields:
            self.fields["account"].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            if cleaned.get("url"):
                addresses.check(cleaned["url"])
            if self.instance.pk is None and cleaned.get("account"):
                services.check_room(cleaned["account"].pk)
        except OperatorError as error:
            self.add_error("url" if error.fields else None, str(error))
        return cleaned


def health(webhook: Webhook) -> SafeString:
    """This will be a word on whether what we post arrives."""
    if webhook.disabled_at is not None and not webhook.is_active:
        return badge(_("switched off by itself"), "danger")
    if not webhook.is_active:
        return badge(_("off"))
    if webhook.failing_since is not None:
        return badge(_("failing"), "warning")
    return badge(_("works"), "success") if webhook.last_success_at else badge(_("nothing posted yet"), "info")


@admin.register(Webhook)
class WebhookAdmin(Admin):
    form = WebhookForm
    empty_hint = _(
        "A webhook tells another system of yours what happens here: a campaign has finished, somebody follows, a"
        " follower waits for an answer. We post a signed JSON document to its address, and try again for a day until it"
        " arrives."
    )
    list_display = ("name", "address", "health", "last", "number_of_events", "account")
    list_select_related = ("account",)
    list_filter = (AccountFilter,)
    search_fields = ("name", "url")
    search_help_text = _("Name or address")
    actions = None
    actions_detail = ("show_deliveries", "ping", "rotate")
    warn_unsaved_form = True
    readonly_fields = ("health", "problem", "last", "failing")
    fieldsets = ((None, {"fields": ("account", "name", "url", "is_active")}), (None, {"fields": ("events",)}))
    state = (_("State"), {"fields": ("health", "problem", "last", "failing")})

    def get_fieldsets(self, request: HttpRequest, obj: Webhook | None = None) -> Any:
        return (self.state, *self.fieldsets) if obj is not None else self.fieldsets

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The account is chosen beforehand if there is only one."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        accounts = list(rights.accounts_of(request.user, self.permission("add")).values_list("pk", flat=True)[:2])
        field.initial = accounts[0] if len(accounts) == 1 else None
        return field

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the menu beside the account, to change what somebody came to choose."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        # What follows a new webhook is its secret, and not the form for another one.
        context = {"show_save_and_continue": False, "show_save_and_add_another": False} | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, context)

    @display(description="URL")
    def address(self, webhook: Webhook) -> SafeString:
        return format_html('<code class="q-column">{}</code>', webhook.url)

    @display(description=_("health"))
    def health(self, webhook: Webhook) -> SafeString:
        return health(webhook)

    @display(description=_("problem"))
    def problem(self, webhook: Webhook) -> SafeString | str:
        if not webhook.error_message:
            return "–"
        return format_html("{} <span class='q-quiet'>{}</span>", webhook.error_message, webhook.error_fix)

    @display(description=_("last delivered"))
    def last(self, webhook: Webhook) -> SafeString | str:
        return moment(webhook.last_success_at)

    @display(description=_("failing since"))
    def failing(self, webhook: Webhook) -> SafeString | str:
        return moment(webhook.failing_since)

    @display(description=_("events"))
    def number_of_events(self, webhook: Webhook) -> str:
        return str(len(webhook.events))

    def save_model(self, request: HttpRequest, obj: Webhook, form: WebhookForm, change: bool) -> None:
        obj.shown_once = services.save(obj, by=request.user, now=timezone.now())

    def response_add(self, request: HttpRequest, obj: Webhook, post_url_continue: str | None = None) -> HttpResponse:
        return self._show(request, obj, obj.shown_once, title=_("The webhook was made"))

    def _show(self, request: HttpRequest, webhook: Webhook, secret: str, *, title: Any) -> HttpResponse:
        """The answer to the POST itself: a page with an address of its own would show the secret again."""
        return self.page(
            request,
            "admin/webhook_secret.html",
            title=title,
            row=webhook,
            secret=secret,
            until=webhook.previous_until,
            ping=self.url("ping", webhook.pk),
            back=self.url_of(webhook),
        )

    def has_change_verb_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, self.permission("change"), object_id)

    @action(description=_("Deliveries"), url_path="deliveries", icon="history", permissions=["view"])
    def show_deliveries(self, request: HttpRequest, object_id: str) -> HttpResponse:
        webhook = self.load(request, object_id)
        return HttpResponseRedirect(f"{reverse('admin:wxcore_webhookdelivery_changelist')}?webhook={webhook.pk}")

    @action(
        description=_("Send a ping"),
        url_path="ping",
        icon="wifi_tethering",
        variant=ActionVariant.PRIMARY,
        permissions=["change_verb"],
    )
    def ping(self, request: HttpRequest, object_id: str) -> HttpResponse:
        webhook = self.load(request, object_id)
        if request.method == "POST":
            delivery = delivering.ping(webhook, now=timezone.now())
            to = reverse("admin:wxcore_webhookdelivery_change", args=[delivery.pk])
            if delivery.status == DeliveryStatus.DELIVERED:
                return self.done(request, _("The ping arrived."), to)
            return self.refuse(request, OperatorError(delivery.error_message, delivery.error_fix), to)
        return self.confirm(
            request,
            title=_("Send a ping?"),
            lead=_("A webhook.ping event is sent to the address now. This may take up to 15 seconds."),
            facts=[(_("webhook"), webhook.name), (pgettext("webhook", "address"), webhook.url)],
            button=_("Send a ping"),
            row=webhook,
        )

    @action(description=_("New secret"), url_path="rotate", icon="key", permissions=["change_verb"])
    def rotate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        webhook = self.load(request, object_id)
        if request.method == "POST":
            secret = services.rotate(webhook, now=timezone.now())
            webhook.refresh_from_db()
            self.log_change(request, webhook, str(_("The secret was changed.")))
            return self._show(request, webhook, secret, title=_("The new secret"))
        return self.confirm(
            request,
            title=_("Make a new secret?"),
            lead=_("For 24 hours we sign with both secrets, so that the receiver can change over. After that the old "
                   "one no longer works."),
            facts=[(_("webhook"), webhook.name), (pgettext("webhook", "address"), webhook.url)],
            button=_("New secret"),
            row=webhook,
        )  # fmt: skip

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The usual page would list every delivery."""
        webhook = self.load(request, object_id)
        if not self.has_delete_permission(request, webhook):
            raise PermissionDenied
        if request.method == "POST":
            self.log_deletions(request, Webhook.objects.filter(pk=webhook.pk))
            services.remove(webhook)
            return self.done(request, _("“%(name)s” was deleted.") % {"name": webhook.name}, self.url("changelist"))
        return self.confirm(
            request,
            title=_("Delete this webhook?"),
            lead=_("It receives no more events, waiting ones are not sent, and the record of deliveries is deleted."),
            facts=[(_("webhook"), webhook.name), (pgettext("webhook", "address"), webhook.url)],
            button=_("Delete"),
            danger=True,
            row=webhook,
        )


def in_trouble(request: HttpRequest) -> dict[str, Any] | None:
    """This will be the webhooks that were switched off by themselves, and those to which nothing arrives."""
    found = Webhook.objects.filter(Q(disabled_at__isnull=False) | Q(is_active=True, failing_since__isnull=False))
    shown = list(rights.scoped(found, request.user, VIEW).select_related("account").order_by("failing_since")[:SHOWN])
    return {"webhooks": shown} if shown else None


BOARD.pin(Panel(9, "admin/home_webhooks.html", VIEW, in_trouble))
