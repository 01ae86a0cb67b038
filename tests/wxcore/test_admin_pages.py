"""Every page of the admin opens, in both languages, and loads nothing from elsewhere."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

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
