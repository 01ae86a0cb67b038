"""Every list of the API as the file that the admin makes of it: the same rows for the same people."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from followers.models import Tag
from tests.people import logged_in, member
from tests.rights.test_other_accounts import OURS, THEIRS
from tests.rights.world import account, populate
from wxcore import apitokens
from wxcore.models import OfficialAccount
from wxcore.urls import router

pytestmark = pytest.mark.django_db
LISTS = sorted(prefix for prefix, viewset, _name in router.registry if hasattr(viewset, "export_list"))
OF_PEOPLE = ["callbacks", "conversations", "followers", "notice-consents", "notices"]


@pytest.fixture
def ours() -> dict[str, Model]:
    return populate(account("ours", OURS), OURS)


def said(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_every_list_of_the_admin_that_the_api_has_is_a_file() -> None:
    assert len(LISTS) == 19
    assert set(OF_PEOPLE) < set(LISTS)


@pytest.mark.parametrize("prefix", LISTS)
def test_it_holds_what_is_ours(ours: dict[str, Model], prefix: str) -> None:
    populate(account("theirs", THEIRS), THEIRS)
    client = logged_in(member(ours["wxcore.officialaccount"], "administrator", "visitor"))  # type: ignore[arg-type]
    headings, *rows = said(client.get(f"/api/v1/{prefix}/export/"))

    assert all(headings)
    assert len(rows) == 1
    assert THEIRS not in str(rows)


@pytest.mark.parametrize("prefix", LISTS)
def test_it_is_the_file_of_the_admin(admin_client: Client, ours: dict[str, Model], prefix: str) -> None:
    viewset = next(viewset for known, viewset, _name in router.registry if known == prefix)
    meta = viewset.queryset.model._meta
    theirs = said(admin_client.get(f"/admin/{meta.app_label}/{meta.model_name}/export/csv/"))

    assert said(admin_client.get(f"/api/v1/{prefix}/export/")) == theirs


@pytest.mark.parametrize("prefix", OF_PEOPLE)
def test_personal_data_are_not_for_everybody(ours: dict[str, Model], prefix: str) -> None:
    editor, analyst = (
        logged_in(member(ours["wxcore.officialaccount"], role, role))  # type: ignore[arg-type]
        for role in ("editor", "analyst")
    )

    assert editor.get(f"/api/v1/{prefix}/export/").status_code == 403
    assert len(said(analyst.get(f"/api/v1/{prefix}/export/"))) == 2


def test_it_takes_the_filters_of_the_list(api: APIClient, account: OfficialAccount) -> None:
    for number in (100, 101):
        Tag.objects.create(account=account, tag_id=number, name=f"标签{number}")

    assert len(said(api.get("/api/v1/tags/export/"))) == 3
    assert "标签101" in str(said(api.get("/api/v1/tags/export/?search=101")))
    assert len(said(api.get("/api/v1/tags/export/?tag_id=100"))) == 2


def test_a_token_takes_it_away_as_excel(account: OfficialAccount) -> None:
    Tag.objects.create(account=account, tag_id=100, name="标签")
    owner = member(account, "analyst")
    _token, secret = apitokens.issue(owner, name="r", scopes=["read"], now=timezone.now())
    answer = APIClient(headers={"Authorization": f"Token {secret}"}).get("/api/v1/tags/export/?type=xlsx")

    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert answer.headers["Content-Disposition"].endswith(".xlsx")


def test_a_form_that_there_is_not_is_refused(api: APIClient) -> None:
    assert list(api.get("/api/v1/tags/export/?type=pdf").json()["fields"]) == ["type"]


def test_the_account_that_the_admin_shows_narrows_nothing_here(api: APIClient, account: OfficialAccount) -> None:
    other = OfficialAccount.objects.create(name="二号", slug="o", appid="wxother0000000001", secret="s", token="t")
    for owner in (account, other):
        Tag.objects.create(account=owner, tag_id=100, name="标签")
    api.post("/admin/choose-account/", {"account": other.pk})
    headings, *rows = said(api.get("/api/v1/tags/export/"))

    assert len(rows) == 2
    assert {account.name, other.name} <= {cell for row in rows for cell in row}
    assert len(headings) == len(rows[0])
