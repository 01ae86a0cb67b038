"""What the fragments of a page answer when the session has ended."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

HTMX = {"HX-Request": "true"}


def test_a_page_that_watches_is_loaded_anew(client: Client, db: None) -> None:
    response = client.get(reverse("admin:campaigns_campaign_progress", args=[1]), headers=HTMX)

    assert response.status_code == 401
    assert response.headers["HX-Refresh"] == "true"
    assert response.content == b""


def test_a_page_with_a_form_keeps_what_was_written(client: Client, db: None) -> None:
    response = client.post(reverse("admin:campaigns_campaign_preview"), {"text": "你好"}, headers=HTMX)

    assert response.status_code == 401
    assert "HX-Refresh" not in response.headers


def test_a_whole_page_is_sent_to_the_login(client: Client, db: None) -> None:
    assert client.get(reverse("admin:campaigns_campaign_changelist")).status_code == 302


def test_somebody_who_is_logged_in_gets_the_fragment(admin_client: Client) -> None:
    response = admin_client.post(reverse("admin:campaigns_campaign_preview"), {"text": "你好"}, headers=HTMX)

    assert "你好" in response.content.decode()
