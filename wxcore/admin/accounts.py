"""Official accounts: secrets go in and never come out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import PROTECT, ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from wxcore import accounts, zones
from wxcore.admin.base import badge
from wxcore.admin.members import AccountMembers
from wxcore.admin.weekly import WeeklyPage
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

SENDING = ("time_zone", "grace_minutes", "mass_calls_a_day", "allow_self_approval")
SECRETS = ("secret", "token", "aes_key", "previous_aes_key")


class AccountInUse(OperatorError):
    code = "account_in_use"
    message = _("“%(account)s” has campaigns, so it stays: what was sent must remain on record.")
    fix = _("Switch it off instead: take the tick away at “active”.")


class SecretField(forms.CharField):
    """An input that never shows what is stored. Left empty it keeps the stored value."""

    def __init__(self, **kwargs: Any) -> None:
        # "new-password" is the one word that keeps browsers from offering the login password here.
        widget = UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"})
        super().__init__(**(kwargs | {"widget": widget, "required": False}))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(data)


class OfficialAccountForm(forms.ModelForm):
    class Meta:
        model = OfficialAccount
        fields = (
            "name",
            "slug",
            "kind",
            "is_verified",
            "is_active",
            "appid",
            "original_id",
            *SECRETS,
            "message_mode",
            "callback_days",
            "token_endpoint",
            "api_base_url",
            *SENDING,
        )
        field_classes = dict.fromkeys(SECRETS, SecretField)
        widgets = {"time_zone": UnfoldAdminTextInputWidget(attrs={"list": "time-zones", "spellcheck": "false"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.help_text = escape(field.help_text)  # the admin shows it as HTML, and one says <short name>
        self._stored = {name: getattr(self.instance, name) for name in SECRETS}
        for name in SECRETS:
            field = self.fields.get(name)
            if field is None:
                continue
            self.initial.pop(name, None)
            if self._stored[name]:
                field.widget.attrs["placeholder"] = _("Stored. Leave empty to keep it.")
            else:
                field.required = not self.instance._meta.get_field(name).blank

    def _post_clean(self) -> None:
        # Before the model is validated: an empty input must neither erase a secret nor fail the check that needs it.
        for name in SECRETS:
            if not self.cleaned_data.get(name):
                self.cleaned_data[name] = self._stored[name]
        super()._post_clean()


@admin.register(OfficialAccount)
class OfficialAccountAdmin(WeeklyPage):
    form = OfficialAccountForm
    empty_hint = _("Take the AppID and the AppSecret from WeChat's console, then check the connection here.")
    list_display = ("name", "kind_label", "appid", "is_verified", "is_active", "callback")
    search_fields = ("name", "slug", "appid")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("callback_address", "verified_until")
    actions = None
    actions_detail = ("check_connection", "sync_followers", "weekly")
    change_form_template = "admin/account_form.html"
    inlines = (AccountMembers,)
    fieldsets = (
        (None, {"fields": ("name", "slug", "kind", "is_verified", "verified_until", "is_active")}),
        (_("Credentials"), {"fields": ("appid", "secret", "original_id")}),
        (
            _("Server configuration (callbacks)"),
            {
                "fields": (
                    "callback_address",
                    "token",
                    "message_mode",
                    "aes_key",
                    "previous_aes_key",
                    "callback_days",
                )
            },
        ),
        (_("Sending"), {"fields": SENDING}),
        (_("Connection"), {"fields": ("api_base_url", "token_endpoint")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: OfficialAccount | None = None) -> list[Any]:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        # Who may only look gets plain values instead of inputs, and a plain value would be the secret itself.
        return [
            (title, options | {"fields": tuple(name for name in options["fields"] if name not in SECRETS)})
            for title, options in fieldsets
        ]

    @display(description=_("kind"))
    def kind_label(self, account: OfficialAccount) -> SafeString:
        return badge(account.get_kind_display())

    @display(description=_("callback path"))
    def callback(self, account: OfficialAccount) -> str:
        return format_html("<code>{}</code>", account.callback_path)

    @display(description=_("callback address"))
    def callback_address(self, account: OfficialAccount) -> str:
        """With the host under which this page is open; behind another public name only the path counts."""
        address = getattr(account, "callback_url", "")
        if not address:
            return _("Shown after saving.")
        return format_html(
            '<code class="q-copy" data-copy="{}" data-copied="{}" title="{}">{}</code>',
            address,
            _("copied"),
            _("Click to copy"),
            address,
        )

    class Media:
        js = ("wxcore/copy.js",)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = {"time_zones": zones.places()} | (extra_context or {})
        return super().changeform_view(request, object_id, form_url, context)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> OfficialAccount | None:
        account = super().get_object(request, object_id, from_field)
        if account is not None:
            account.callback_url = request.build_absolute_uri(account.callback_path)
        return account

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """The usual page lists every follower and callback that goes with the account: here millions."""
        account = self.load(request, object_id)
        if not self.has_delete_permission(request, account):
            raise PermissionDenied
        if request.method == "POST":
            return self._delete(request, account)
        kept = self._is_kept(account)
        lead = _(
            "What belongs to it is deleted here too: followers, tags, segments, drafts, media, menus, reply rules,"
            " conversations, callbacks and webhooks. This cannot be undone. Nothing changes at WeChat."
        )
        return self.confirm(
            request,
            title=_("Delete this official account?"),
            lead="" if kept else lead,
            facts=[(_("official account"), account.name), ("AppID", account.appid)],
            button=_("Delete"),
            problems=[AccountInUse(account=account.name)] if kept else [],
            danger=True,
            row=account,
        )

    def _is_kept(self, account: OfficialAccount) -> bool:
        """Whether rows of other apps forbid that it goes: known before somebody presses the button."""
        kept = (rows for rows in account._meta.related_objects if rows.on_delete is PROTECT)
        return any(rows.related_model._base_manager.filter(**{rows.field.name: account}).exists() for rows in kept)

    def _delete(self, request: HttpRequest, account: OfficialAccount) -> HttpResponse:
        name = account.name
        try:
            with transaction.atomic():
                self.log_deletions(request, OfficialAccount.objects.filter(pk=account.pk))
                account.delete()
        except ProtectedError:
            return self.refuse(request, AccountInUse(account=name), self.url_of(account))
        return self.done(request, _("“%(name)s” was deleted.") % {"name": name}, self.url("changelist"))

    @action(description=_("Check connection"), url_path="check", icon="network_check", permissions=["view"])
    def check_connection(self, request: HttpRequest, object_id: str) -> HttpResponse:
        account = self.load(request, object_id)
        return self.page(
            request,
            "admin/account_check.html",
            title=_("Check connection"),
            row=account,
            findings=accounts.check(account),
            back=self.url_of(account),
        )

    def has_sync_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, "followers.add_sync", object_id)

    @action(
        description=_("Sync followers now"),
        url_path="sync",
        icon="sync",
        variant=ActionVariant.PRIMARY,
        permissions=["sync"],
    )
    def sync_followers(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The followers' own page asks and acts; this one only leads there."""
        start = reverse(f"{self.admin_site.name}:followers_sync_start")
        return HttpResponseRedirect(f"{start}?account={self.load(request, object_id).pk}")
