"""The page of a role: boxes in the reader's words, and what has no box stays."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils.translation import override

from wxcore.admin import role_forms
from wxcore.navigation import sidebar

pytestmark = pytest.mark.django_db

ADD = "/admin/auth/group/add/"


def pks(*codenames: str) -> list[int]:
    return list(Permission.objects.filter(codename__in=codenames).values_list("pk", flat=True))


def test_the_boxes_say_what_somebody_may(admin_client: Client) -> None:
    html = admin_client.get(ADD).content.decode()

    assert all(words in html for words in ("群发任务", "查看", "新建", "可以审核群发任务"))
    assert "Can " not in html


def test_a_role_is_made_and_its_permissions_change(admin_client: Client) -> None:
    admin_client.post(ADD, {"name": "客服", "permissions": pks("view_conversation", "answer_conversation")})
    role = Group.objects.get(name="客服")
    assert set(role.permissions.values_list("codename", flat=True)) == {"view_conversation", "answer_conversation"}

    admin_client.post(f"/admin/auth/group/{role.pk}/change/", {"name": "客服", "permissions": pks("view_conversation")})

    assert list(role.permissions.values_list("codename", flat=True)) == ["view_conversation"]


def test_what_has_no_box_stays(admin_client: Client) -> None:
    role = Group.objects.create(name="客服")
    role.permissions.set(pks("view_session"))

    admin_client.post(f"/admin/auth/group/{role.pk}/change/", {"name": "客服", "permissions": pks("view_tag")})

    assert set(role.permissions.values_list("codename", flat=True)) == {"view_session", "view_tag"}


def test_a_role_of_the_product_is_saved_as_it_came(admin_client: Client) -> None:
    role = Group.objects.get(name="editor")
    before = set(role.permissions.values_list("pk", flat=True))
    address = f"/admin/auth/group/{role.pk}/change/"
    html = admin_client.get(address).content.decode()
    ticked = re.findall(r'name="permissions" value="(\d+)" checked', html)

    assert admin_client.post(address, {"permissions": ticked}).status_code == 302
    assert set(role.permissions.values_list("pk", flat=True)) == before


def test_nothing_is_offered_that_nobody_can_do() -> None:
    with override("en"):
        offered = {row.codename for rows in role_forms.offered().values() for row in rows}

    assert "add_callback" not in offered  # WeChat posts them
    assert {"add_sync", "delete_publication", "change_membership", "send_campaign"} <= offered


def test_every_page_of_the_sidebar_can_be_given(admin_client: Client) -> None:
    request = admin_client.get("/admin/").wsgi_request
    shown = {item["link"] for group in sidebar(request) for item in group["items"]}
    given = {"/admin/" + label.replace(".", "/") + "/" for _section, models in role_forms.SECTIONS for label in models}
    # Roles are for superusers, tokens everybody has; the rest are pages of what is given, or of no model.
    others = {"/", "/admin/", "/api/docs/", "/admin/campaigns/campaign/calendar/"}
    others |= {"/admin/auth/group/", "/admin/wxcore/apitoken/"}

    assert shown - given - others == set()
