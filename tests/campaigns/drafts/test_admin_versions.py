"""Versions, copies and deletion, as a person does them."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from campaigns import drafts
from campaigns.models import Campaign, Draft
from tests.campaigns.drafts.conftest import article, titles
from wxcore.models import Membership


@pytest.fixture
def changed(draft: Draft, author: User) -> Draft:
    """With a second version."""
    return drafts.save(
        draft, [article("改过", "<p>新的正文</p>")], seen_version=draft.version, by=author, automatic=False
    )


def page(draft: Draft, rest: str) -> str:
    return f"/admin/campaigns/draft/{draft.pk}/{rest}"


def test_the_versions_are_listed_newest_first(admin_client: Client, changed: Draft) -> None:
    html = admin_client.get(page(changed, "versions/")).content.decode()

    assert html.index("版本 2") < html.index("版本 1")
    assert page(changed, "versions/1/restore/") in html
    assert page(changed, "versions/2/restore/") not in html


def test_two_versions_stand_side_by_side(admin_client: Client, changed: Draft) -> None:
    html = admin_client.get(page(changed, "versions/compare/"), {"a": 2, "b": 1}).content.decode()

    assert html.index("第一篇") < html.index("新的正文")


@pytest.mark.parametrize("query", [{}, {"a": "1"}, {"a": "x", "b": "1"}, {"a": "1", "b": "9" * 30}])
def test_a_comparison_with_nothing_is_not_found(admin_client: Client, changed: Draft, query: dict[str, str]) -> None:
    assert admin_client.get(page(changed, "versions/compare/"), query).status_code == 404


def test_bringing_back_asks_first(admin_client: Client, changed: Draft) -> None:
    assert admin_client.get(page(changed, "versions/1/restore/")).status_code == 200
    assert titles(changed) == ["改过"]

    admin_client.post(page(changed, "versions/1/restore/"))
    assert titles(changed) == ["第一篇"]


def test_a_copy_is_another_draft(admin_client: Client, draft: Draft) -> None:
    response = admin_client.post(page(draft, "copy/"))

    copy = Draft.objects.exclude(pk=draft.pk).get()
    assert (response.url, titles(copy)) == (page(copy, "change/"), ["第一篇"])


def test_deleting_asks_first(admin_client: Client, draft: Draft) -> None:
    assert admin_client.get(page(draft, "delete/"), follow=True).status_code == 200
    assert Draft.objects.exists()

    admin_client.post(page(draft, "remove/"))
    assert not Draft.objects.exists()


def test_a_draft_in_use_is_not_deleted(admin_client: Client, draft: Draft, campaign: Campaign) -> None:
    Campaign.objects.update(draft=draft)

    assert campaign.name in admin_client.get(page(draft, "remove/")).content.decode()
    admin_client.post(page(draft, "remove/"))
    assert Draft.objects.exists()


def test_who_may_only_look_brings_nothing_back(staff_user: User, changed: Draft) -> None:
    Membership.objects.create(account=changed.account, user=staff_user, role=Group.objects.get(name="analyst"))
    client = Client()
    client.force_login(staff_user)

    assert client.post(page(changed, "versions/1/restore/")).status_code == 403
    assert titles(changed) == ["改过"]
