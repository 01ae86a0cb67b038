"""The search over everything: each finds what they may see, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from rest_framework.test import APIClient

from callbacks.models import ReplyRule
from campaigns.models import Campaign, Draft
from followers.models import Follower, Segment, Tag
from tests.campaigns.builders import make_asset
from tests.people import logged_in, member, permit
from wxcore.models import Membership, OfficialAccount

pytestmark = pytest.mark.django_db

SEARCH = "/admin/search/"


def found(client: Client, text: str) -> str:
    answer = client.get(SEARCH, {"s": text, "extended": 1})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def everything(account: OfficialAccount, settings: Any, tmp_path: Any) -> OfficialAccount:
    settings.MEDIA_ROOT = str(tmp_path)
    Campaign.objects.create(account=account, name="会员日任务", text="x")
    Draft.objects.create(account=account, title="会员日文章")
    make_asset(account, "image", "会员日海报.jpg")
    Segment.objects.create(account=account, name="会员日人群", conditions={"groups": []})
    Tag.objects.create(account=account, tag_id=100, name="会员日标签")
    ReplyRule.objects.create(account=account, name="会员日规则", trigger="keyword", words="会员", text="x")
    return account


def test_each_kind_is_found_and_leads_to_its_page(admin_client: Client, everything: OfficialAccount) -> None:
    page = found(admin_client, "会员日")

    for name in ("任务", "文章", "海报.jpg", "人群", "标签", "规则"):
        assert f"会员日{name}" in page
    assert f"/admin/campaigns/campaign/{Campaign.objects.get().pk}/change/" in page


def test_a_rule_is_found_by_its_words_and_a_page_by_its_name(admin_client: Client, everything: OfficialAccount) -> None:
    assert "会员日规则" in found(admin_client, "会员")
    assert "/admin/campaigns/campaign/calendar/" in found(admin_client, "日历")


def test_a_follower_is_found_by_how_the_openid_begins(
    admin_client: Client, account: OfficialAccount, make_followers: Callable[..., list[Follower]]
) -> None:
    follower = make_followers(3)[1]

    page = found(admin_client, follower.openid)

    assert f"/admin/followers/follower/{follower.pk}/change/" in page
    assert found(admin_client, follower.openid.swapcase()).count("/change/") == 0


def test_of_other_accounts_nothing_is_found(everything: OfficialAccount) -> None:
    other = OfficialAccount.objects.create(name="别的", slug="o", appid="wxother0000000001", secret="s", token="t12")

    assert "/change/" not in found(logged_in(member(other, "editor")), "会员日")


def test_only_what_one_may_see_is_found(staff_user: Any, everything: OfficialAccount) -> None:
    permit(staff_user, "view_draft")

    page = found(logged_in(staff_user), "会员日")

    assert "会员日文章" in page
    assert "会员日任务" not in page


@pytest.mark.parametrize("text", ["", "   ", "\0", "没有这个", "%", "'; --", "x" * 5000])
def test_what_nothing_fits_finds_nothing(admin_client: Client, everything: OfficialAccount, text: str) -> None:
    assert "/change/" not in found(admin_client, text)


def test_html_is_text(admin_client: Client, account: OfficialAccount) -> None:
    Campaign.objects.create(account=account, name="<script>alert(1)</script>", text="x")

    assert "<script>alert" not in found(admin_client, "<script>")


def test_the_queries_do_not_grow(
    admin_client: Client, everything: OfficialAccount, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        Campaign.objects.create(account=everything, name=f"会员日{number}", text="x")

    with django_assert_max_num_queries(14):
        found(admin_client, "会员日")


def test_strangers_are_sent_to_the_login(client: Client) -> None:
    assert client.get(SEARCH, {"s": "会员"}).status_code == 302


def through_the_api(client: APIClient, **query: Any) -> list[tuple[str, str]]:
    answer = client.get("/api/v1/search/", query)
    assert answer.status_code == 200
    return [(one["kind"], one["title"]) for one in answer.json()["results"]]


def test_the_api_finds_the_same(api: APIClient, everything: OfficialAccount) -> None:
    found = through_the_api(api, q="会员日")

    assert [kind for kind, _title in found] == ["campaign", "draft", "mediaasset", "segment", "tag", "replyrule"]
    assert api.get("/api/v1/search/", {"q": ""}).status_code == 400


def test_the_api_finds_what_is_mine_in_the_account_that_is_asked_for(everything: OfficialAccount) -> None:
    user = member(everything, "editor")
    others = OfficialAccount.objects.create(name="别家", slug="x", appid="wxother0000000001", secret="s", token="t")
    mine = OfficialAccount.objects.create(name="我的二号", slug="y", appid="wxother0000000002", secret="s", token="t")
    Membership.objects.create(account=mine, user=user, role=Group.objects.get(name="editor"))
    for account in (others, mine):
        Tag.objects.create(account=account, tag_id=1, name=f"会员日{account.slug}")
    client = APIClient()
    client.force_login(user)

    assert ("tag", "会员日y") in through_the_api(client, q="会员日")
    assert ("tag", "会员日x") not in through_the_api(client, q="会员日")
    assert through_the_api(client, q="会员日", account=mine.pk) == [("tag", "会员日y")]
    assert client.get("/api/v1/search/", {"q": "会", "account": others.pk}).status_code == 400
