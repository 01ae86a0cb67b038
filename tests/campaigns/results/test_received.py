"""A follower's page and the API say what the follower received, and what is left this month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from campaigns.admin.received import PAGE
from campaigns.models import Broadcast, Campaign, Recipient
from followers.models import Follower
from wxcore.models import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def follower(make_followers: Callable[..., list[Follower]]) -> Follower:
    return make_followers(1)[0]


@pytest.fixture
def receive(campaign: Campaign, follower: Follower) -> Callable[..., Broadcast]:
    """`receive("周报")`: another campaign of which the follower was a recipient."""

    def receive(name: str, at: dt.datetime | None = None, status: str = "finished") -> Broadcast:
        at = at or timezone.now()
        sent = Campaign.objects.create(account=campaign.account, name=name, text="x")
        broadcast = Broadcast.objects.create(
            account=campaign.account, campaign=sent, position=1, status=status, first_attempt_at=at, submitted_at=at
        )
        Recipient.objects.create(broadcast=broadcast, follower=follower)
        return broadcast

    return receive


def page(client: Client, follower: Follower, query: str = "") -> str:
    answer = client.get(f"/admin/followers/follower/{follower.pk}/change/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_how_many_of_the_month_are_used(
    admin_client: Client, follower: Follower, receive: Callable[..., Broadcast]
) -> None:
    assert "本月已收 0 / 4 条群发，还可收 4 条" in page(admin_client, follower)

    receive("一")
    receive("二")
    receive("上月", at=timezone.now() - dt.timedelta(days=40))
    receive("没发出去", status="failed")

    assert "本月已收 2 / 4 条群发，还可收 2 条" in page(admin_client, follower)


def test_it_says_when_all_are_used(admin_client: Client, follower: Follower, receive: Callable[..., Broadcast]) -> None:
    for number in range(5):
        receive(f"{number}")

    assert "本月 4 条群发已全部收满" in page(admin_client, follower)


def test_a_subscription_account_has_no_such_limit(admin_client: Client, follower: Follower) -> None:
    follower.account.kind = Kind.SUBSCRIPTION
    follower.account.save()

    assert "条群发" not in page(admin_client, follower)


def test_older_ones_are_on_further_pages(
    admin_client: Client, follower: Follower, receive: Callable[..., Broadcast], django_assert_max_num_queries: Any
) -> None:
    for number in range(PAGE + 3):
        receive(f"任务{number:03d}")

    with django_assert_max_num_queries(20):
        first = page(admin_client, follower)
    oldest = Recipient.objects.order_by("-pk")[PAGE - 1].pk
    second = page(admin_client, follower, f"?before={oldest}")

    assert ("任务022" in first, "任务003" in first, "任务002" in first) == (True, True, False)
    assert f"?before={oldest}" in first
    assert ("任务002" in second, "任务000" in second, "任务003" in second) == (True, True, False)


@pytest.mark.parametrize("query", ["?before=x", "?before=-1", "?before=999999999999999999999999", "?before="])
def test_a_wrong_page_is_the_first_one(
    admin_client: Client, follower: Follower, receive: Callable[..., Broadcast], query: str
) -> None:
    receive("周报")
    assert "周报" in page(admin_client, follower, query)


def test_the_api_lists_them_newest_first(
    api: APIClient, follower: Follower, receive: Callable[..., Broadcast], django_assert_max_num_queries: Any
) -> None:
    for number in range(12):
        receive(f"{number}")

    with django_assert_max_num_queries(5):
        answer = api.get(f"/api/v1/followers/{follower.pk}/received/?page_size=10")

    rows = answer.json()["results"]
    assert [row["campaign_name"] for row in rows[:2]] == ["11", "10"]
    assert (rows[0]["status"], rows[0]["campaign"]) == ("finished", Campaign.objects.get(name="11").pk)
    assert len(api.get(answer.json()["next"]).json()["results"]) == 2


def test_a_follower_that_there_is_not(api: APIClient) -> None:
    assert api.get("/api/v1/followers/4711/received/").status_code == 404
