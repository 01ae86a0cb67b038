"""What a role may do, as boxes to tick: one line for each thing, in the order of the sidebar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from wxcore import roles
from wxcore.admin.base import ReadOnlyAdmin
from wxcore.admin.widgets import Rights

SECTIONS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (
        _("Mass messages"),
        (
            "campaigns.campaign",
            "campaigns.draft",
            "campaigns.mediaasset",
            "campaigns.broadcast",
            "campaigns.recipient",
            "campaigns.articlestatistic",
            "campaigns.monthreceived",
            "campaigns.publication",
            "campaigns.libraryimport",
        ),
    ),
    (
        _("Followers"),
        ("followers.follower", "followers.followerday", "followers.segment", "followers.tag", "followers.sync"),
    ),
    (
        _("Interaction"),
        (
            "callbacks.conversation",
            "callbacks.message",
            "callbacks.replyrule",
            "callbacks.menu",
            "callbacks.callback",
            "callbacks.noticeresult",
            "callbacks.noticeconsent",
        ),
    ),
    (
        pgettext_lazy("navigation", "System"),
        (
            "wxcore.officialaccount",
            "wxcore.membership",
            "wxcore.webhook",
            "wxcore.webhookdelivery",
            "auth.user",
            "django_celery_beat.periodictask",
        ),
    ),
)
VERBS = {
    "view": pgettext_lazy("permission", "view"),
    "add": pgettext_lazy("permission", "add"),
    "change": pgettext_lazy("permission", "change"),
    "delete": pgettext_lazy("permission", "delete"),
}
# People change members through the pages of accounts and users, which are no pages of their own.
WRITTEN_ELSEWHERE = {"wxcore.membership"}


def offered() -> dict[tuple[Any, str], list[Permission]]:
    """This will be the permissions that mean something here, by section and name of the thing."""
    rows = Permission.objects.select_related("content_type").order_by("pk")
    known: dict[str, list[Permission]] = {}
    for row in rows:
        known.setdefault(f"{row.content_type.app_label}.{row.content_type.model}", []).append(row)
    found = {}
    for section, models in SECTIONS:
        for label in models:
            shown = sorted((row for row in known.get(label, ()) if _means_something(row, label)), key=_place)
            if shown:
                found[section, _named(shown[0])] = shown
    return found


def _means_something(row: Permission, label: str) -> bool:
    """Whoever has it may do more. Of logs and mirrors nothing can be made or changed, whoever may."""
    verb, _sep, model = row.codename.partition("_")
    if verb not in ("add", "change", "delete") or model != row.content_type.model or label in WRITTEN_ELSEWHERE:
        return True
    door = admin.site._registry.get(row.content_type.model_class())
    if door is not None and not isinstance(door, ReadOnlyAdmin):
        return True
    return any(f"{row.content_type.app_label}.{row.codename}" in role.permissions for role in roles.ROLES)


def _place(row: Permission) -> int:
    verb = row.codename.partition("_")[0]
    return list(VERBS).index(verb) if verb in VERBS else len(VERBS)


def _named(row: Permission) -> str:
    model = row.content_type.model_class()
    return str(capfirst(model._meta.verbose_name_plural)) if model is not None else row.content_type.model


def _said(row: Permission) -> str:
    verb, _sep, model = row.codename.partition("_")
    return str(VERBS[verb]) if verb in VERBS and model == row.content_type.model else gettext(row.name)


class RightsField(forms.ModelMultipleChoiceField):
    widget = Rights

    def offer(self) -> None:
        groups = offered()
        self.queryset = self._among(groups)
        # A name of two parts: the template makes a heading of the first and a line of the second.
        self.choices = [(name, [(row.pk, _said(row)) for row in rows]) for name, rows in groups.items()]

    def _among(self, groups: dict[tuple[Any, str], list[Permission]]) -> QuerySet[Permission]:
        return Permission.objects.filter(pk__in=[row.pk for rows in groups.values() for row in rows])


class GroupForm(forms.ModelForm):
    """A role that came with the product keeps at least what it came with: the next migration would give it back."""

    permissions = RightsField(
        Permission.objects.none(),
        label=_("Permissions"),
        required=False,
        help_text=_("A member has them on the accounts on which they hold this role."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "permissions" in self.fields:
            self.fields["permissions"].offer()

    def clean_permissions(self) -> list[Permission]:
        shown = self.fields["permissions"].queryset
        chosen = list(self.cleaned_data["permissions"])
        if self.instance.pk is not None:
            # What has no box stays as it is.
            chosen += self.instance.permissions.exclude(pk__in=shown)
        shipped = next((role for role in roles.ROLES if role.name == self.instance.name), None)
        if shipped is not None:
            pks = {permission.pk for permission in chosen}
            rows = Permission.objects.select_related("content_type").exclude(pk__in=pks)
            if any(shipped.grants(f"{row.content_type.app_label}.{row.codename}") for row in rows):
                raise forms.ValidationError(
                    _("This role came with the product and can only be given more. For less, make a role of your own.")
                )
        return chosen
