"""Who is asking, and what they may do where."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from tests.people import logged_in, member
from wxcore.models import OfficialAccount

ME = "/api/v1/me/"


def test_a_member_sees_their_accounts_and_what_they_may_do_there(account: OfficialAccount) -> None:
    other = OfficialAccount.objects.create(
        name="别的号", slug="other", appid="wxother0000000001", secret="s", token="ttt"
    )
    user = member(account, "approver", "ping")

    told = logged_in(user).get(ME).json()

    assert (told["username"], told["name"], told["language"]) == ("ping", "ping", "zh-hans")
    assert told["is_superuser"] is False
    (own,) = told["accounts"]
    assert (own["id"], own["slug"], own["kind"]) == (account.pk, "test", "service")
    assert "campaigns.approve_campaign" in own["permissions"]
    assert "campaigns.send_campaign" not in own["permissions"]
    assert other.name not in str(told)


def test_a_superuser_may_everything_everywhere(api: APIClient, account: OfficialAccount) -> None:
    told = api.get(ME).json()

    assert told["is_superuser"] is True
    assert "campaigns.send_campaign" in told["accounts"][0]["permissions"]


def test_nobody_is_told_without_a_login(db: None) -> None:
    answer = APIClient().get(ME)

    assert answer.status_code in (401, 403)
    assert answer.json()["code"] == "not_authenticated"


def test_who_works_nowhere_has_no_accounts(staff_user: User) -> None:
    assert logged_in(staff_user).get(ME).json()["accounts"] == []


def test_the_name_is_the_full_one_and_the_language_the_chosen(staff_user: User) -> None:
    staff_user.first_name, staff_user.last_name = "<b>Ping</b>", "Wang"
    staff_user.save()
    client = logged_in(staff_user)
    client.cookies["django_language"] = "en"

    told = client.get(ME).json()

    assert (told["name"], told["language"]) == ("<b>Ping</b> Wang", "en")


def test_it_costs_the_same_with_many_accounts(account: OfficialAccount, django_assert_num_queries: Any) -> None:
    client = logged_in(member(account, "editor", "busy"))
    with django_assert_num_queries(5) as first:
        client.get(ME)
    for number in range(20):
        member_of = OfficialAccount.objects.create(
            name=f"号 {number}", slug=f"n{number}", appid=f"wxmany{number:011d}", secret="s", token="ttt"
        )
        User.objects.get(username="busy").memberships.create(
            account=member_of, role=User.objects.get(username="busy").memberships.first().role
        )

    with django_assert_num_queries(len(first)):
        assert len(client.get(ME).json()["accounts"]) == 21


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_only_read(api: APIClient, method: str) -> None:
    assert getattr(api, method)(ME, {}, format="json").status_code == 405
