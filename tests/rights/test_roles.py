"""The roles that come with the product, and what a migration does to what somebody changed."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client

from tests.people import logged_in, member
from wxcore import rights, roles
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db


# An address of a receiver may hold a key, and what was posted is a copy of everything.
FOR_ADMINISTRATORS = ["wxcore.view_webhook", "wxcore.view_webhookdelivery"]


def held(name: str) -> set[str]:
    rows = Permission.objects.filter(group__name=name).values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def test_every_role_is_there_with_its_permissions() -> None:
    for role in roles.ROLES:
        assert held(role.name)
        patterns = [pattern for pattern in role.permissions if "*" not in pattern]
        assert sorted(set(patterns) - held(role.name)) == []


def test_every_role_may_look_at_everything_of_an_account() -> None:
    models = [model._meta for model in admin.site._registry if rights.has_account(model)]
    looking = {f"{opts.app_label}.view_{opts.model_name}" for opts in models}
    for role in roles.ROLES:
        assert sorted(looking - held(role.name)) == ([] if role.name == "administrator" else FOR_ADMINISTRATORS)


@pytest.mark.parametrize(
    ("role", "may", "may_not"),
    [
        ("editor", {"change_campaign", "add_draft", "add_sync"}, {"approve_campaign", "send_campaign"}),
        ("approver", {"approve_campaign"}, {"change_campaign", "send_campaign", "export_recipients"}),
        ("operator", {"send_campaign", "recall_campaign"}, {"change_campaign", "approve_campaign"}),
        ("analyst", {"export_recipients"}, {"change_campaign", "approve_campaign", "send_campaign"}),
        ("administrator", {"approve_campaign", "send_campaign", "add_membership"}, {"delete_user", "change_group"}),
    ],
)
def test_who_may_what(role: str, may: set[str], may_not: set[str]) -> None:
    codenames = {permission.partition(".")[2] for permission in held(role)}

    assert sorted(may - codenames) == []
    assert sorted(may_not & codenames) == []


def test_the_next_migration_keeps_what_was_added_and_completes_the_rest() -> None:
    editor = Group.objects.get(name="editor")
    added = Permission.objects.get(codename="export_recipients")
    before = set(editor.permissions.all())
    editor.permissions.set([added])
    Group.objects.get(name="analyst").delete()

    for _twice in range(2):
        for config in apps.get_app_configs():
            roles.ship(config)

    assert set(editor.permissions.all()) == before | {added}
    assert held("analyst")


@pytest.mark.django_db(transaction=True)
def test_a_database_that_was_emptied_gets_them_again() -> None:
    call_command("flush", interactive=False, verbosity=0)

    assert "campaigns.approve_campaign" in held("approver")


def test_the_document_says_what_they_may() -> None:
    """Beyond looking; a `*` stands for whatever there is."""
    text = (settings.BASE_DIR / "docs" / "operating.md").read_text()
    told = dict(re.findall(r"^\| `(\w+)` \w+ \|[^|]*\| (.*) \|$", text, re.MULTILINE))

    assert list(told) == list(roles.LABELS)
    for role in roles.ROLES:
        assert set(re.findall(r"`([\w.*]+)`", told[role.name])) == set(role.permissions) - set(roles.VIEW)


def test_a_role_that_came_with_the_product_cannot_be_given_less(admin_client: Client) -> None:
    editor = Group.objects.get(name="editor")
    address = f"/admin/auth/group/{editor.pk}/change/"
    extra = Permission.objects.get(codename="export_recipients")
    kept = re.findall(r'name="permissions" value="(\d+)" checked', admin_client.get(address).content.decode())

    refused = admin_client.post(address, {"permissions": kept[1:]})
    assert "只能增加权限" in refused.content.decode()

    admin_client.post(address, {"name": "renamed", "permissions": [*kept, str(extra.pk)]})
    assert "campaigns.export_recipients" in held("editor")


@pytest.mark.parametrize("verb", ["change", "delete"])
def test_roles_are_changed_by_superusers_only(account: OfficialAccount, verb: str) -> None:
    chief = member(account, "administrator")
    role = Group.objects.create(name="own")
    role.permissions.set(Permission.objects.filter(content_type__app_label="auth"))
    User.objects.get(pk=chief.pk).memberships.create(account=account, role=role)

    assert logged_in(chief).post(f"/admin/auth/group/{role.pk}/{verb}/", {"name": "x"}).status_code == 403
