"""Accounts in the API: what may be changed, whether they work, who works for them."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.conftest import SECRET, TOKEN
from tests.people import member
from wxcore.models import OfficialAccount


def log_in(account: OfficialAccount, role: str) -> APIClient:
    client = APIClient()
    client.force_login(member(account, role))
    return client


def address(account: OfficialAccount, verb: str = "") -> str:
    return f"/api/v1/accounts/{account.pk}/" + (f"{verb}/" if verb else "")


@pytest.fixture
def stranger(account: OfficialAccount) -> APIClient:
    other = OfficialAccount.objects.create(name="别的号", slug="o", appid="wxother0000000001", secret="s", token="t")
    return log_in(other, "administrator")


def test_an_administrator_changes_what_is_harmless(account: OfficialAccount) -> None:
    client = log_in(account, "administrator")
    given = {"name": "新名", "grace_minutes": 5, "time_zone": "Asia/Tokyo", "secret": "x", "appid": "wx1", "slug": "x"}
    told = client.patch(address(account), given, format="json").json()
    assert [told[name] for name in ("name", "grace_minutes", "time_zone")] == ["新名", 5, "Asia/Tokyo"]
    before = account.appid
    account.refresh_from_db()
    assert (str(account.secret), account.appid, account.slug) == (SECRET, before, "test")


@pytest.mark.parametrize(
    ("given", "field"),
    [({"time_zone": "Moon"}, "time_zone"), ({"callback_days": 0}, "callback_days"), ({"kind": "x"}, "kind")],
)
def test_nonsense_names_its_field(account: OfficialAccount, given: dict[str, Any], field: str) -> None:
    answer = log_in(account, "administrator").patch(address(account), given, format="json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, [field])


def test_of_two_the_second_is_told(account: OfficialAccount) -> None:
    client = log_in(account, "administrator")
    tag = client.get(address(account)).headers["ETag"]
    assert client.patch(address(account), {"name": "甲"}, format="json", headers={"If-Match": tag}).status_code == 200
    assert client.patch(address(account), {"name": "乙"}, format="json", headers={"If-Match": tag}).status_code == 412


def test_who_may_not(account: OfficialAccount, stranger: APIClient) -> None:
    editor = log_in(account, "editor")
    assert editor.patch(address(account), {"name": "x"}, format="json").status_code == 403
    assert editor.get(address(account, "members")).status_code == 403
    assert stranger.patch(address(account), {"name": "x"}, format="json").status_code == 404
    for verb in ("check", "members"):
        ask = stranger.post if verb == "check" else stranger.get
        assert ask(address(account, verb)).status_code == 404
    assert log_in(account, "administrator").delete(address(account)).status_code == 403


def test_a_check_says_what_is_wrong(account: OfficialAccount) -> None:
    told = log_in(account, "analyst").post(address(account, "check")).json()
    assert told["works"] is False
    assert told["findings"][0]["level"] == "error"
    assert SECRET not in str(told)
    assert TOKEN not in str(told)


def test_a_check_of_what_works(wechat_account: OfficialAccount) -> None:
    told = log_in(wechat_account, "analyst").post(address(wechat_account, "check")).json()
    assert told["works"] is True


def test_members_are_listed_with_their_roles(account: OfficialAccount, django_assert_max_num_queries: Any) -> None:
    client = log_in(account, "administrator")
    for number in range(5):
        member(account, "editor", f"e{number}")
    with django_assert_max_num_queries(6):
        rows = client.get(address(account, "members")).json()["results"]
    assert len(rows) == 6
    assert (rows[0]["username"], rows[0]["role"], rows[0]["role_label"]) == ("e4", "editor", "编辑")
