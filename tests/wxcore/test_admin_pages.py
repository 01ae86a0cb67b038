"""Every page of the admin opens, in both languages, and loads nothing from elsewhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from wxcore.admin.base import Pages

MODELS = [model._meta for model in admin.site._registry]
ADDABLE = ["wxcore_officialaccount", "campaigns_campaign", "auth_user", "auth_group", "django_celery_beat_periodictask"]


@pytest.mark.parametrize("opts", MODELS, ids=lambda opts: opts.label_lower)
def test_every_list_opens(admin_client: Client, opts) -> None:
    url = reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist")

    assert admin_client.get(url).status_code == 200


@pytest.mark.parametrize("name", ADDABLE)
def test_every_form_opens_in_english_too(admin_client: Client, name: str) -> None:
    admin_client.cookies["django_language"] = "en"

    assert "Save" in admin_client.get(reverse(f"admin:{name}_add")).content.decode()


def test_nothing_is_loaded_from_elsewhere(admin_client: Client) -> None:
    html = admin_client.get("/admin/campaigns/campaign/add/").content.decode()

    assert re.findall(r'(?:src|<link[^>]+href)="(?:https?:)?//[^"]+"', html) == []


def test_a_visitor_is_sent_to_the_login(client: Client, db: None) -> None:
    response = client.get(reverse("admin:campaigns_campaign_changelist"))

    assert response.status_code == 302
    assert "/admin/login/" in response.url


def test_whoever_may_not_see_a_page_is_told_what_to_do(client: Client, django_user_model: type[User]) -> None:
    client.force_login(django_user_model.objects.create_user("nobody", is_staff=True))

    response = client.get(reverse("admin:campaigns_campaign_changelist"))

    assert response.status_code == 403
    assert "请联系管理员开通权限" in response.content.decode()


def test_a_wrong_address_leads_back(client: Client, db: None) -> None:
    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert "概览" in response.content.decode()


HINTED = [admin_of for admin_of in admin.site._registry.values() if getattr(admin_of, "empty_hint", "")]


# Whoever may add reply rules is offered some to begin with instead.
@pytest.mark.parametrize(
    "admin_of",
    [one for one in HINTED if one.opts.model_name != "replyrule"],
    ids=lambda admin_of: admin_of.opts.label_lower,
)
def test_an_empty_list_says_what_comes_here(admin_client: Client, admin_of: Any) -> None:
    page = admin_client.get(reverse(f"admin:{admin_of.opts.app_label}_{admin_of.opts.model_name}_changelist"))

    with override("zh-hans"):
        assert escape(str(admin_of.empty_hint)) in page.content.decode()


def test_every_list_of_ours_has_a_hint_for_when_it_is_empty() -> None:
    silent = [one for one in admin.site._registry.values() if isinstance(one, Pages) and one not in HINTED]

    assert [one.opts.model_name for one in silent] == ["mediaasset"]  # a gallery, which says it beside its drop zone
