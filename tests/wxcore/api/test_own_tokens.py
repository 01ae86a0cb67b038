"""People make, rename, rotate and revoke their tokens in a frontend where they have logged in; no token does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from rest_framework.test import APIClient

from tests.people import member
from wxcore import apitokens
from wxcore.models import ApiToken, OfficialAccount

pytestmark = pytest.mark.django_db
TOKENS = "/api/v1/tokens/"


@pytest.fixture
def editor(account: OfficialAccount) -> User:
    return member(account, "editor")


@pytest.fixture
def client(editor: User) -> APIClient:
    client = APIClient()
    client.force_login(editor)
    return client


@pytest.fixture
def token(editor: User) -> ApiToken:
    return apitokens.issue(editor, name="cron", scopes=["read"], now=timezone.now())[0]


def body(account: OfficialAccount, **more: Any) -> dict[str, Any]:
    return {"name": "看板", "scopes": ["read"], "accounts": [account.pk]} | more


def program(secret: str) -> APIClient:
    return APIClient(headers={"Authorization": f"Token {secret}"})


def works(secret: str) -> bool:
    return program(secret).get("/api/v1/me/").status_code == 200


def test_the_secret_is_told_once(client: APIClient, account: OfficialAccount, editor: User) -> None:
    answer = client.post(TOKENS, body(account), format="json")
    made = answer.json()

    assert (answer.status_code, answer.headers["Cache-Control"], works(made["secret"])) == (201, "no-store", True)
    assert (made["user"], made["scopes"], made["accounts"], made["works"]) == (
        "editor-test",
        ["read"],
        [account.pk],
        True,
    )
    assert apitokens.USUAL_LIFE - (ApiToken.objects.get().expires_at - timezone.now()) < dt.timedelta(minutes=1)
    for address in (TOKENS, f"{TOKENS}{made['id']}/"):
        assert made["secret"] not in client.get(address).content.decode()


def test_all_accounts_are_asked_for_by_name(client: APIClient, account: OfficialAccount) -> None:
    assert client.post(TOKENS, body(account, accounts=[]), format="json").json()["code"] == "no_account_chosen"

    assert not client.post(TOKENS, body(account, accounts=[], all_accounts=True), format="json").json()["is_limited"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["root"]}, "scopes"),
        ({"accounts": [404]}, "accounts"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
        ({"expires_at": "2999-01-01T00:00:00Z"}, "expires_at"),
    ],
)
def test_what_is_wrong_makes_none(
    client: APIClient, account: OfficialAccount, wrong: dict[str, Any], field: str
) -> None:
    answer = client.post(TOKENS, body(account, **wrong), format="json")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])
    assert not ApiToken.objects.exists()


def test_an_account_of_others_does_not_exist(client: APIClient, account: OfficialAccount) -> None:
    other = OfficialAccount.objects.create(name="别家", slug="x", appid="wxother0000000001", secret="s", token="t")

    assert client.post(TOKENS, body(account, accounts=[other.pk]), format="json").status_code == 400


def test_only_the_name_is_changed(client: APIClient, token: ApiToken) -> None:
    given = {"name": "新", "scopes": ["send"], "is_limited": True, "expires_at": "2999-01-01T00:00:00Z"}
    told = client.patch(f"{TOKENS}{token.pk}/", given, format="json").json()

    assert (told["name"], told["scopes"], told["is_limited"]) == ("新", ["read"], False)
    assert ApiToken.objects.get().expires_at == token.expires_at


@pytest.mark.parametrize("at_once", [True, False])
def test_a_new_secret_and_what_becomes_of_the_old(client: APIClient, editor: User, at_once: bool) -> None:
    token, first = apitokens.issue(editor, name="cron", scopes=["read"], now=timezone.now())
    told = client.post(f"{TOKENS}{token.pk}/rotate/", {"end_old_at_once": at_once}, format="json").json()

    assert (works(told["secret"]), works(first)) == (True, not at_once)
    assert bool(told["previous_until"]) is not at_once


def test_revoked_is_for_good(client: APIClient, editor: User) -> None:
    token, secret = apitokens.issue(editor, name="cron", scopes=["read"], now=timezone.now())

    assert client.post(f"{TOKENS}{token.pk}/revoke/").json()["works"] is False
    assert not works(secret)
    assert client.post(f"{TOKENS}{token.pk}/rotate/").json()["code"] == "token_ended"


def test_no_token_manages_tokens(account: OfficialAccount, editor: User) -> None:
    token, secret = apitokens.issue(editor, name="all", scopes=["read", "write", "send"], now=timezone.now())
    before = ApiToken.objects.values().get(pk=token.pk)["digest"]
    robot = program(secret)
    asked = [
        robot.get(TOKENS),
        robot.post(TOKENS, body(account), format="json"),
        robot.get(f"{TOKENS}{token.pk}/"),
        robot.patch(f"{TOKENS}{token.pk}/", {"name": "x"}, format="json"),
        robot.post(f"{TOKENS}{token.pk}/rotate/"),
        robot.post(f"{TOKENS}{token.pk}/revoke/"),
    ]

    assert {(answer.status_code, answer.json()["code"]) for answer in asked} == {(403, "login_needed")}
    row = ApiToken.objects.values().get()
    assert (row["digest"], row["revoked_at"]) == (before, None)
    assert robot.get(f"{TOKENS}current/").status_code == 200


def test_only_its_owner_and_superusers_see_it(
    client: APIClient, api: APIClient, account: OfficialAccount, token: ApiToken
) -> None:
    colleague = APIClient()
    colleague.force_login(member(account, "administrator"))

    assert [len(one.get(TOKENS).json()["results"]) for one in (client, api, colleague)] == [1, 1, 0]
    for verb in ("", "rotate/", "revoke/"):
        assert colleague.post(f"{TOKENS}{token.pk}/{verb}").status_code in (404, 405)
    assert colleague.get(f"{TOKENS}{token.pk}/").status_code == 404


def test_who_may_not_open_the_admin_has_no_tokens_here(client: APIClient, editor: User) -> None:
    User.objects.filter(pk=editor.pk).update(is_staff=False)

    assert client.get(TOKENS).status_code == 403


def test_a_repeated_request_makes_one(client: APIClient, account: OfficialAccount) -> None:
    secrets = {
        client.post(TOKENS, body(account), format="json", headers={"Idempotency-Key": "k"}).json()["secret"]
        for _time in range(2)
    }

    assert (len(secrets), ApiToken.objects.count()) == (1, 1)


def test_the_list_costs_the_same_however_many(
    client: APIClient, editor: User, account: OfficialAccount, django_assert_max_num_queries: Any
) -> None:
    for _number in range(20):
        apitokens.issue(editor, name="x", scopes=["read"], accounts=[account], now=timezone.now())

    with django_assert_max_num_queries(6):
        client.get(TOKENS)
