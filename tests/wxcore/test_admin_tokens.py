"""API tokens in the admin: everybody has their own, and sees a secret once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from tests.people import logged_in, member
from wxcore import apitokens
from wxcore.models import ApiToken, OfficialAccount

LIST = "/admin/wxcore/apitoken/"
SECRET = re.compile(r'data-copy="(qf_[\w-]{40,})"')


@pytest.fixture
def user(account: OfficialAccount) -> User:
    return member(account, "editor")


@pytest.fixture
def client(user: User) -> Client:
    return logged_in(user)


@pytest.fixture
def token(user: User) -> ApiToken:
    return apitokens.issue(user, name="cron", scopes=["read"], now=timezone.now())[0]


def form(account: OfficialAccount, **more: Any) -> dict[str, Any]:
    return {"name": "看板", "scopes": ["read"], "reach": "some", "accounts": [account.pk], "days": "90"} | more


def works(secret: str) -> bool:
    return APIClient(headers={"Authorization": f"Token {secret}"}).get("/api/v1/me/").status_code == 200


def test_the_secret_is_shown_once(client: Client, account: OfficialAccount, user: User) -> None:
    answer = client.post(f"{LIST}add/", form(account))

    secret = SECRET.search(answer.content.decode())
    assert secret is not None
    assert works(secret[1])
    assert "no-store" in answer.headers["Cache-Control"]
    token = ApiToken.objects.get()
    assert (token.user, token.is_limited, list(token.accounts.all())) == (user, True, [account])
    for path in (LIST, f"{LIST}{token.pk}/change/", f"{LIST}{token.pk}/history/", "/admin/"):
        assert secret[1] not in client.get(path).content.decode()


def test_all_accounts_are_chosen_with_open_eyes(client: Client, account: OfficialAccount) -> None:
    client.post(f"{LIST}add/", form(account, reach="all", accounts=[]))

    assert not ApiToken.objects.get().is_limited


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["root"]}, {"accounts": []}, {"days": "9999"}, {"reach": "x"}]
)
def test_what_is_wrong_makes_none(client: Client, account: OfficialAccount, wrong: dict[str, Any]) -> None:
    assert client.post(f"{LIST}add/", form(account, **wrong)).status_code == 200
    assert not ApiToken.objects.exists()


def test_an_account_of_others_is_not_offered(client: Client, account: OfficialAccount) -> None:
    other = OfficialAccount.objects.create(name="别家", slug="x", appid="wxother0000000001", secret="s", token="t")

    assert "别家" not in client.get(f"{LIST}add/").content.decode()
    client.post(f"{LIST}add/", form(account, accounts=[other.pk]))
    assert not ApiToken.objects.exists()


def test_only_its_owner_and_superusers_see_it(
    client: Client, admin_client: Client, account: OfficialAccount, token: ApiToken
) -> None:
    colleague = logged_in(member(account, "administrator"))

    assert "cron" in client.get(LIST).content.decode()
    assert "cron" in admin_client.get(LIST).content.decode()
    assert "cron" not in colleague.get(LIST).content.decode()
    for page in ("change/", "rotate/", "revoke/", "delete/", "history/"):
        assert colleague.get(f"{LIST}{token.pk}/{page}").status_code in (403, 404)
        assert colleague.post(f"{LIST}{token.pk}/{page}", {"old": "now"}).status_code in (403, 404)
    token.refresh_from_db()
    assert (token.revoked_at, token.previous_until) == (None, None)


def test_only_the_name_is_changed(client: Client, token: ApiToken) -> None:
    client.post(f"{LIST}{token.pk}/change/", {"name": "neu", "scopes": ["send"], "is_limited": "", "digest": "x"})

    changed = ApiToken.objects.get()
    assert (changed.name, changed.scopes, changed.digest) == ("neu", ["read"], token.digest)


@pytest.mark.parametrize(("old", "still"), [("day", True), ("now", False)])
def test_a_new_secret_and_what_becomes_of_the_old(client: Client, user: User, old: str, still: bool) -> None:
    token, first = apitokens.issue(user, name="cron", scopes=["read"], now=timezone.now())
    assert client.get(f"{LIST}{token.pk}/rotate/").status_code == 200
    assert works(first)

    answer = client.post(f"{LIST}{token.pk}/rotate/", {"old": old})

    secret = SECRET.search(answer.content.decode())
    assert secret is not None
    assert (works(secret[1]), works(first)) == (True, still)


def test_revoking_asks_before(client: Client, user: User) -> None:
    token, secret = apitokens.issue(user, name="cron", scopes=["read"], now=timezone.now())

    client.get(f"{LIST}{token.pk}/revoke/")
    assert works(secret)
    client.post(f"{LIST}{token.pk}/revoke/")
    assert not works(secret)


def test_what_has_ended_offers_nothing_more(client: Client, token: ApiToken) -> None:
    apitokens.revoke(token, now=timezone.now())

    html = client.get(f"{LIST}{token.pk}/change/").content.decode()

    assert f"{LIST}{token.pk}/rotate/" not in html
    assert client.post(f"{LIST}{token.pk}/rotate/", {"old": "now"}).status_code in (302, 403)
    assert ApiToken.objects.get().digest == token.digest


def test_an_empty_list_is_a_page(client: Client) -> None:
    assert client.get(LIST).status_code == 200


def test_the_list_costs_the_same_however_many(
    client: Client, user: User, account: OfficialAccount, django_assert_max_num_queries: Any
) -> None:
    for _number in range(20):
        apitokens.issue(user, name="x", scopes=["read"], accounts=[account], now=timezone.now())

    with django_assert_max_num_queries(12):
        client.get(LIST)
