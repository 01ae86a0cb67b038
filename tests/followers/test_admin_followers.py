"""The followers' list stays fast however long it is, and finds by the beginning of an OpenID or a remark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.utils import timezone

from followers import search
from followers.models import Follower, Tag
from tests.people import permit
from wxcore.models import OfficialAccount
from wxcore.pagination import CappedPaginator

LIST = "/admin/followers/follower/"

MakeFollowers = Callable[..., list[Follower]]


def shown(client: Client, query: str = "") -> list[str]:
    return [follower.openid for follower in client.get(f"{LIST}{query}").context["cl"].result_list]


def test_the_list_costs_the_same_for_any_number_of_followers(
    admin_client: Client, tag: Tag, make_followers: MakeFollowers, django_assert_max_num_queries: Any
) -> None:
    make_followers(200, tag=tag)

    with django_assert_max_num_queries(9) as queries:
        assert len(shown(admin_client)) == 50
    assert not any(" JOIN " in query["sql"] and "LIMIT 50" in query["sql"] for query in queries)


def test_the_list_says_how_many_people_it_holds(admin_client: Client, make_followers: MakeFollowers) -> None:
    make_followers(1234)

    assert "共 1,234 位粉丝" in admin_client.get(LIST).content.decode()


def test_a_long_list_is_not_counted_to_its_end(
    admin_client: Client, make_followers: MakeFollowers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CappedPaginator, "LIMIT", 100)
    make_followers(150)

    response = admin_client.get(LIST)

    assert "100+" in response.content.decode()
    assert response.context["cl"].result_count == 100


def test_the_newest_come_first_whatever_the_address_asks_for(
    admin_client: Client, make_followers: MakeFollowers
) -> None:
    openids = [follower.openid for follower in make_followers(3)]

    assert shown(admin_client, "?o=1") == shown(admin_client, "?o=-1") == openids[::-1]


def test_the_search_finds_the_beginning_of_an_openid(admin_client: Client, make_followers: MakeFollowers) -> None:
    first, *_ = make_followers(12)

    assert shown(admin_client, f"?q={first.openid}") == [first.openid]
    assert len(shown(admin_client, f"?q={first.openid[:-1]}")) == 10
    assert shown(admin_client, f"?q={first.openid[1:]}") == []


def test_the_search_finds_the_beginning_of_a_remark(admin_client: Client, make_followers: MakeFollowers) -> None:
    (wang,) = make_followers(1, remark="王小明")
    make_followers(1, remark="小王")

    assert shown(admin_client, "?q=王") == [wang.openid]


def test_the_search_stops_at_its_limit(
    account: OfficialAccount, make_followers: MakeFollowers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "LIMIT", 5)
    make_followers(20)

    assert len(search.find("oTest", [account.pk])) == 5


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's query plan")
def test_the_search_uses_the_indexes(account: OfficialAccount) -> None:
    openids, remarks = (
        Follower.objects.filter(condition, account__in=[account.pk])
        .order_by()
        .values_list("pk")[: search.LIMIT]
        .explain()
        for condition in (search.by_openid("o"), search.by_remark("王"))
    )

    assert "account_id=? AND openid>? AND openid<?" in openids
    assert "SCAN" not in remarks


def test_the_filters_are_exact(
    admin_client: Client, account: OfficialAccount, tag: Tag, make_followers: MakeFollowers
) -> None:
    tagged = [follower.openid for follower in make_followers(2, tag=tag)]
    left = [follower.openid for follower in make_followers(1, subscribed=False)]
    paid = [follower.openid for follower in make_followers(1, subscribe_scene="ADD_SCENE_PAID")]

    assert shown(admin_client, f"?tag={tag.pk}") == tagged[::-1]
    assert shown(admin_client, "?subscribed=0") == left
    assert shown(admin_client, "?scene=ADD_SCENE_PAID") == paid
    assert shown(admin_client, f"?account={account.pk}&subscribed=1&tag={tag.pk}") == tagged[::-1]
    assert len(shown(admin_client, "?account=nonsense&tag=nonsense&scene=nonsense")) == 4


def test_the_tags_on_offer_are_those_of_the_chosen_account(
    admin_client: Client, account: OfficialAccount, tag: Tag
) -> None:
    other = OfficialAccount.objects.create(
        name="别的号", slug="other", appid="wxother0000000001", secret="s", token="t"
    )
    Tag.objects.create(account=other, tag_id=100, name="别人的标签")

    html = admin_client.get(f"{LIST}?account={account.pk}").content.decode()

    assert ">VIP<" in html.replace("\n", "").replace(" ", "")
    assert "别人的标签" not in html


def test_nobody_edits_what_wechat_owns(admin_client: Client, tag: Tag, make_followers: MakeFollowers) -> None:
    (follower,) = make_followers(1, tag=tag)
    page = f"{LIST}{follower.pk}/change/"

    assert tag.name in admin_client.get(page).content.decode()
    assert admin_client.post(page, {"remark": "x"}).status_code == 403
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}{follower.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_tag_that_is_gone_is_marked(admin_client: Client, tag: Tag) -> None:
    assert "已不存在" not in admin_client.get("/admin/followers/tag/").content.decode()

    Tag.objects.update(vanished_at=timezone.now())
    assert "已不存在" in admin_client.get("/admin/followers/tag/").content.decode()


def test_seeing_followers_needs_the_permission(staff_user: User, make_followers: MakeFollowers) -> None:
    make_followers(1)
    client = Client()
    client.force_login(staff_user)
    assert client.get(LIST).status_code == 403

    permit(staff_user, "view_follower")
    assert len(shown(client)) == 1


@pytest.mark.parametrize(("code", "name"), [("zh_CN", "简体中文"), ("en", "英语"), ("xx_YY", "xx_YY")])
def test_a_language_is_named_if_it_has_a_name(
    admin_client: Client, account: OfficialAccount, code: str, name: str
) -> None:
    follower = Follower.objects.create(account=account, openid="oTest", language=code, confirmed_at=timezone.now())

    page = admin_client.get(f"{LIST}{follower.pk}/change/")

    assert page.context["adminform"].model_admin.speaks(follower) == name
    assert name in page.content.decode()
