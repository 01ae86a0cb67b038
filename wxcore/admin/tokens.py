"""API tokens: everybody has their own, superusers see all. A secret is shown once, and never again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from wxcore import apitokens, rights
from wxcore.admin.base import Downloads, Pages, badge, moment
from wxcore.admin.token_forms import NewTokenForm, RotateForm
from wxcore.errors import OperatorError
from wxcore.models import ApiToken

SCOPES = {
    "read": (pgettext_lazy("scope", "read"), ""),
    "write": (pgettext_lazy("scope", "write"), "info"),
    "send": (pgettext_lazy("scope", "send"), "warning"),
}


@admin.register(ApiToken)
class ApiTokenAdmin(Downloads, Pages):
    empty_hint = _("A program signs in to the API with a token, instead of with somebody's password.")
    delete_hint = _(
        "The program that uses it is refused from now on. A revoked token can still be looked up; this one cannot."
    )
    list_display = ("name", "shown", "for_what", "where", "state", "used")
    list_per_page = 50
    ordering = ("-pk",)
    actions = None
    actions_detail = ("rotate", "revoke")
    fieldsets = (
        (None, {"fields": ("name", "owner", "shown", "for_what", "where")}),
        (_("Life"), {"fields": ("state", "created", "expires", "old_secret", "used", "last_address")}),
    )
    add_fieldsets = ((None, {"fields": ("name", "scopes", "reach", "accounts", "days")}),)

    # Rights: they are nobody's business but their owner's.

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        rows = super().get_queryset(request).select_related("user").prefetch_related("accounts")
        return rows if rights.is_unlimited(request.user) else rows.filter(user=request.user.pk)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        if not self.has_module_permission(request):
            return False
        return obj is None or obj.user_id == request.user.pk or rights.is_unlimited(request.user)

    has_change_permission = has_view_permission

    def has_delete_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return rights.is_unlimited(request.user)  # and everybody else revokes, so that a leak can be followed up

    def has_alive_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        token = self.get_object(request, object_id) if object_id is not None else None
        return token is None or token.is_alive(timezone.now())

    # Columns

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*self.list_display, "owner") if rights.is_unlimited(request.user) else self.list_display

    @display(description=_("owner"))
    def owner(self, token: ApiToken) -> str:
        return token.user.get_username()

    @display(description=_("key"))
    def shown(self, token: ApiToken) -> SafeString:
        return format_html("<code>{}</code>", token.shown)

    @display(description=_("scopes"))
    def for_what(self, token: ApiToken) -> SafeString:
        return format_html_join(" ", "{}", ((badge(*SCOPES.get(scope, (scope, ""))),) for scope in token.scopes))

    @display(description=_("official accounts"))
    def where(self, token: ApiToken) -> str:
        if not token.is_limited:
            return _("all of the owner")
        return ", ".join(account.name for account in token.accounts.all()) or _("none: they are deleted")

    @display(description=_("status"))
    def state(self, token: ApiToken) -> SafeString:
        if token.revoked_at is not None:
            return badge(pgettext_lazy("token", "revoked"), "danger")
        if not token.is_alive(timezone.now()):
            return badge(_("expired"), "danger")
        return badge(_("works"), "success")

    @display(description=_("last used"), empty_value=_("never"))
    def used(self, token: ApiToken) -> SafeString | str | None:
        return moment(token.last_used_at) if token.last_used_at else None

    @display(description=pgettext_lazy("moment", "created"))
    def created(self, token: ApiToken) -> SafeString | str:
        return moment(token.created_at)

    @display(description=_("expires"))
    def expires(self, token: ApiToken) -> SafeString | str:
        return moment(token.expires_at)

    @display(description=_("the old secret works until"))
    def old_secret(self, token: ApiToken) -> SafeString | str:
        still = token.previous_until is not None and token.previous_until > timezone.now()
        return moment(token.previous_until) if still else "-"

    # The form

    def get_fieldsets(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        return self.add_fieldsets if obj is None else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> Any:
        if obj is None:
            return ()
        return tuple(name for _title, part in self.fieldsets for name in part["fields"] if name != "name")

    def get_form(self, request: HttpRequest, obj: ApiToken | None = None, change: bool = False, **options: Any) -> Any:
        if change:
            return super().get_form(request, obj, change=change, **options)
        return type("NewTokenForm", (NewTokenForm,), {"owner": request.user})

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=["name"])
            return
        given = form.cleaned_data
        token, secret = apitokens.issue(request.user, name=obj.name, **given["asked"], now=given["now"])
        obj.pk, obj.key, obj.secret = token.pk, token.key, secret

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The accounts are part of what was issued."""

    def response_add(self, request: HttpRequest, obj: ApiToken, post_url_continue: Any = None) -> HttpResponse:
        return self._tell(request, obj, obj.secret, _("Your new token"))

    # Verbs

    @action(description=_("New secret"), url_path="rotate", icon="autorenew", permissions=["alive"])
    def rotate(self, request: HttpRequest, object_id: str) -> HttpResponse:
        token = self.load(request, object_id)
        form = RotateForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            try:
                at_once = form.cleaned_data["old"] == "now"
                secret = apitokens.rotate(token, now=timezone.now(), end_old_at_once=at_once)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(token))
            self.log_change(request, token, str(_("New secret")))
            return self._tell(request, token, secret, _("The new secret"))
        return self.confirm(
            request,
            title=_("Give this token a new secret?"),
            lead=_("Name, scopes and accounts stay, and so does the day on which it expires."),
            facts=self._facts(token),
            form=form,
            button=_("New secret"),
            row=token,
        )

    @action(
        description=_("Revoke"),
        url_path="revoke",
        icon="key_off",
        variant=ActionVariant.DANGER,
        permissions=["alive"],
    )
    def revoke(self, request: HttpRequest, object_id: str) -> HttpResponse:
        token = self.load(request, object_id)
        if request.method == "POST":
            apitokens.revoke(token, now=timezone.now())
            return self.done(request, _("The token was revoked."), self.url("changelist"), row=token)
        return self.confirm(
            request,
            title=_("Revoke this token?"),
            lead=_("The program that uses it is refused from now on, at once and for good."),
            facts=self._facts(token),
            button=_("Revoke"),
            danger=True,
            row=token,
        )

    def _facts(self, token: ApiToken) -> list[tuple[Any, Any]]:
        used = moment(token.last_used_at) if token.last_used_at else _("never")
        return [(_("name"), token.name), (_("key"), self.shown(token)), (_("last used"), used)]

    def _tell(self, request: HttpRequest, token: ApiToken, secret: str, title: Any) -> HttpResponse:
        answer = self.page(
            request, "admin/token_secret.html", title=title, secret=str(secret), back=self.url("changelist")
        )
        # No cache, and no way back to it in the browser: this is the only time.
        add_never_cache_headers(answer)
        return answer
