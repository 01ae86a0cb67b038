"""The roles that come with the product: groups of permissions that a membership gives on one account."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from django.apps import AppConfig
from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group
from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext_lazy as _

VIEW = ("wxcore.view_officialaccount", "followers.view_*", "campaigns.view_*", "callbacks.view_*")


@dataclass(frozen=True, slots=True)
class Role:
    """`name` is the group's name, a stable word; `permissions` may contain `*`."""

    name: str
    label: Any
    permissions: tuple[str, ...]

    def grants(self, permission: str) -> bool:
        return any(fnmatchcase(permission, pattern) for pattern in self.permissions)


ROLES = (
    Role(
        "editor",
        _("Editor"),
        (
            *VIEW,
            *(
                f"{app}.{verb}_{model}"
                for app, model in (
                    ("campaigns", "campaign"),
                    ("campaigns", "draft"),
                    ("campaigns", "mediaasset"),
                    ("followers", "segment"),
                    ("callbacks", "replyrule"),
                    ("callbacks", "menu"),
                )
                for verb in ("add", "change", "delete")
            ),
            "followers.add_sync",
            "campaigns.add_libraryimport",
        ),
    ),
    Role("approver", _("Approver"), (*VIEW, "campaigns.approve_campaign")),
    Role(
        "operator",
        _("Operator"),
        (
            *VIEW,
            "campaigns.send_campaign",
            "campaigns.recall_campaign",
            "campaigns.export_recipients",
            "campaigns.add_publication",
            "campaigns.delete_publication",
            "callbacks.process_callback",
            "callbacks.publish_menu",
            "callbacks.answer_conversation",
            "followers.add_sync",
        ),
    ),
    Role("analyst", _("Analyst"), (*VIEW, "campaigns.export_recipients")),
    Role(
        "administrator",
        _("Administrator"),
        (
            "wxcore.view_officialaccount",
            "wxcore.change_officialaccount",
            "wxcore.*_membership",
            "wxcore.*_webhook",
            "wxcore.view_webhookdelivery",
            "followers.*",
            "campaigns.*",
            "callbacks.*",
            "auth.view_user",
            "auth.add_user",
            "auth.change_user",
            "django_celery_beat.view_periodictask",
            "django_celery_beat.change_periodictask",
        ),
    ),
)
LABELS = {role.name: role.label for role in ROLES}


def label(group: Group) -> str:
    """This will be the name of a role in the reader's language; one that was made here is called as it is."""
    return str(LABELS.get(group.name, group.name))


def ship(app_config: AppConfig, using: str = DEFAULT_DB_ALIAS, apps: Any = installed, **options: Any) -> None:
    """This will make the roles, or give them what they lack of one app's permissions; for the signal post_migrate.

    What somebody added stays. It runs after every migration, so that a role may use a new page at once.
    """
    if not any(pattern.startswith(f"{app_config.label}.") for role in ROLES for pattern in role.permissions):
        return
    # Django makes the permissions at the same signal, and perhaps later.
    create_permissions(app_config, verbosity=0, using=using, apps=apps)
    try:
        group, permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    except LookupError:
        return
    groups = group.objects.using(using)
    groups.bulk_create([group(name=role.name) for role in ROLES], ignore_conflicts=True)
    made = dict(groups.filter(name__in=LABELS).values_list("name", "pk"))
    rows = permission.objects.using(using).filter(content_type__app_label=app_config.label)
    known = {f"{app_config.label}.{codename}": pk for codename, pk in rows.values_list("codename", "pk")}
    given = group.permissions.through
    given.objects.using(using).bulk_create(
        [
            given(group_id=made[role.name], permission_id=pk)
            for role in ROLES
            for name, pk in known.items()
            if role.grants(name)
        ],
        ignore_conflicts=True,
    )
