"""People and roles, in the look of the other pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from wxcore import rights, roles
from wxcore.admin.base import Downloads, MissingIsNotFound, SaysWhatGoes, badge, moment
from wxcore.admin.members import UserMemberships, may_change, people
from wxcore.admin.role_forms import GroupForm
from wxcore.admin.widgets import PasswordState
from wxcore.models import Membership

admin.site.unregister(User)
admin.site.unregister(Group)


class PersonForm(UserChangeForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" in self.fields:
            self.fields["password"].widget = PasswordState()


@admin.register(User)
class UserAdmin(Downloads, SaysWhatGoes, MissingIsNotFound, DjangoUserAdmin, ModelAdmin):
    """An account's administrator sees who works for it, and makes new staff; superusers are for superusers."""

    form = PersonForm
    delete_hint = _("Whoever has left is better made inactive: the history keeps their name.")
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = (UserMemberships,)
    list_display = ("username", "person", "held", "active", "seen")
    list_filter = ("is_active",)
    search_fields = ("username", "first_name", "last_name", "email")
    readonly_fields = ("last_login", "date_joined")
    add_fieldsets = ((None, {"fields": ("username", "password1", "password2")}),)

    @display(description=_("name"))
    def person(self, user: User) -> str | None:
        return user.get_full_name() or user.email or None

    @display(description=_("roles"))
    def held(self, user: User) -> SafeString | None:
        if user.is_superuser:
            return badge(_("superuser"), "info")
        lines = ((row.account, roles.label(row.role)) for row in user.memberships.all())
        return format_html_join(" ", '<span class="q-tag">{} · {}</span>', lines) or None

    @display(description=_("active"), boolean=True)
    def active(self, user: User) -> bool:
        return user.is_active

    @display(description=_("last login"))
    def seen(self, user: User) -> SafeString | str:
        return moment(user.last_login)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        shown = rights.scoped(Membership.objects.all(), request.user, "auth.view_user")
        found = people(request.user).order_by("username")
        return found.prefetch_related(Prefetch("memberships", shown.select_related("account", "role")))

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return super().get_fieldsets(request, obj)
        # Groups and permissions of a person mean nothing here: rights come from the roles below.
        state = ("is_active", "is_staff", "is_superuser") if rights.is_unlimited(request.user) else ("is_active",)
        return (
            (None, {"fields": ("username", "password")}),
            (_("Personal info"), {"fields": ("first_name", "last_name", "email")}),
            (_("State"), {"fields": (*state, "last_login", "date_joined")}),
        )

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or may_change(request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or may_change(request.user, obj))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        gone, counts, *refused = super().get_deleted_objects(objs, request)
        # A person loses roles; "members" would be other people.
        roles_held = counts.pop(Membership._meta.verbose_name_plural, None)
        return (gone, counts | ({UserMemberships.verbose_name_plural: roles_held} if roles_held else {}), *refused)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.is_staff = True  # everybody who is made here works here
        super().save_model(request, obj, form, change)


@admin.register(Group)
class GroupAdmin(Downloads, SaysWhatGoes, MissingIsNotFound, DjangoGroupAdmin, ModelAdmin):
    """The roles. They count on every account, so only superusers change them."""

    form = GroupForm
    list_display = ("label", "holders")
    ordering = ("pk",)
    title_of = staticmethod(roles.label)

    @display(description=_("role"))
    def label(self, group: Group) -> str:
        return roles.label(group)

    @display(description=_("members"))
    def holders(self, group: Group) -> int:
        return group.held

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).annotate(held=Count("memberships"))

    def get_fields(self, request: HttpRequest, obj: Group | None = None) -> Any:
        return ("label" if self._came_with_us(obj) else "name", "permissions")

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> Any:
        return ("label",) if self._came_with_us(obj) else ()

    def _came_with_us(self, group: Group | None) -> bool:
        return group is not None and group.name in roles.LABELS

    def has_view_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return rights.is_unlimited(request.user)

    has_change_permission = has_view_permission

    def has_add_permission(self, request: HttpRequest) -> bool:
        return rights.is_unlimited(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return rights.is_unlimited(request.user) and (obj is None or obj.name not in roles.LABELS)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rights.is_unlimited(request.user)
