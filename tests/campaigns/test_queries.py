"""What the pages ask the database does not grow with what they show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from campaigns import content
from campaigns.models import Campaign, MsgType
from followers.models import Follower
from tests.campaigns.builders import make_asset, make_draft
from wxcore.models import OfficialAccount


@pytest.fixture
def thirty(account: OfficialAccount) -> list[Campaign]:
    """Campaigns of articles and of pictures."""
    draft = make_draft(account)
    pictures = [make_asset(account, "image", f"{number}.jpg") for number in range(3)]
    made = []
    for number in range(30):
        msgtype = MsgType.IMAGE if number % 2 else MsgType.MPNEWS
        made.append(Campaign.objects.create(account=account, name=f"{number}", msgtype=msgtype, draft=draft))
        content.replace_pictures(made[-1], pictures)
    return made


def test_the_list(admin_client: Client, thirty: list[Campaign], django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(9):
        html = admin_client.get("/admin/campaigns/campaign/").content.decode()

    assert html.count("field-name") >= 30


def test_the_api_s_list(api: APIClient, thirty: list[Campaign], django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(6):
        rows = api.get("/api/v1/campaigns/").json()["results"]

    assert [len(row["pictures"]) for row in rows] == [3] * 30


@pytest.mark.parametrize("index", [0, 1])
def test_the_pre_flight(
    admin_client: Client,
    thirty: list[Campaign],
    make_followers: Callable[..., list[Follower]],
    django_assert_max_num_queries: Any,
    index: int,
) -> None:
    make_followers(2)
    campaign = thirty[index]
    campaign.draft.articles.all().delete()
    Campaign.objects.filter(pk=campaign.pk).update(draft=make_draft(campaign.account, *"12345678"))

    with django_assert_max_num_queries(14):
        assert admin_client.get(f"/admin/campaigns/campaign/{campaign.pk}/preflight/").status_code == 200


def test_the_form_of_twenty_pictures(
    admin_client: Client, account: OfficialAccount, django_assert_max_num_queries: Any
) -> None:
    campaign = Campaign.objects.create(account=account, name="多图", msgtype=MsgType.IMAGE)
    content.replace_pictures(campaign, [make_asset(account, "image", f"{number}.jpg") for number in range(20)])

    with django_assert_max_num_queries(20):
        html = admin_client.get(f"/admin/campaigns/campaign/{campaign.pk}/change/").content.decode()

    assert html.count("q-file-tools") == 21  # and the template of a new one
