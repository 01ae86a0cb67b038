"""Every list can be taken away as a file, by those who may."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from callbacks.models import ReplyRule
from campaigns.models import Campaign, Draft
from followers.models import Follower, Tag
from tests.people import logged_in, member, permit
from wxcore.admin.base import Downloads
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

ADMINS = [each for each in admin.site._registry.values() if isinstance(each, Downloads)]
RULES = "/admin/callbacks/replyrule/"
FOLLOWERS = "/admin/followers/follower/"


def rows(client: Client, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200, path
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(content)))


def test_there_is_no_list_without_a_file() -> None:
    assert [each for each in admin.site._registry.values() if not isinstance(each, Downloads)] == []


@pytest.mark.parametrize("each", ADMINS, ids=lambda each: each.opts.label)
def test_every_list_is_offered_and_has_headings(
    admin_client: Client, account: OfficialAccount, each: Downloads
) -> None:
    headings, *_rows = rows(
        admin_client, reverse(f"admin:{each.opts.app_label}_{each.opts.model_name}_export_list", args=["csv"])
    )

    assert headings
    assert all(headings)


@pytest.fixture
def rule(account: OfficialAccount) -> ReplyRule:
    fields = {"trigger": "keyword", "match": "contains", "words": "<价格>", "text": "99 元"}
    return ReplyRule.objects.create(account=account, name="=SUM(A1)", **fields)


def test_cells_say_what_the_list_shows(admin_client: Client, rule: ReplyRule) -> None:
    headings, [name, when, answer, active, account] = rows(admin_client, f"{RULES}export/csv/")

    assert headings == ["名称", "当粉丝", "回复", "启用", "公众号"]
    assert name == "'=SUM(A1)"
    assert "<价格>" in when
    assert "99 元" in answer
    assert (active, account) == ("是", "测试服务号")


def test_filters_and_the_search_count(admin_client: Client, account: OfficialAccount, rule: ReplyRule) -> None:
    ReplyRule.objects.create(account=account, name="别的", trigger="subscribe", text="欢迎")

    _headings, *found = rows(admin_client, f"{RULES}export/csv/?q=别的")

    assert [row[0] for row in found] == ["别的"]


def test_drafts_without_their_pictures(admin_client: Client, account: OfficialAccount) -> None:
    Draft.objects.create(account=account, title="双十二")

    _headings, [title, articles, *_rest] = rows(admin_client, "/admin/campaigns/draft/export/csv/")

    assert (title, articles) == ("双十二", "0 篇")


def test_as_a_workbook(admin_client: Client, rule: ReplyRule) -> None:
    answer = admin_client.get(f"{RULES}export/xlsx/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]

    assert book.active["A2"].value == "=SUM(A1)"
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_the_list_links_to_its_files(admin_client: Client, rule: ReplyRule) -> None:
    assert f"{RULES}export/xlsx/" in admin_client.get(RULES).content.decode()


def test_numbers_and_tags(admin_client: Client, account: OfficialAccount, make_followers: Callable[..., Any]) -> None:
    make_followers(3, tag=Tag.objects.create(account=account, tag_id=100, name="VIP"))

    headings, row = rows(admin_client, "/admin/followers/tag/export/csv/")

    assert row[:2] == ["VIP", "100"]
    assert len(headings) == len(row)


def test_the_statements_do_not_grow(
    admin_client: Client, make_followers: Callable[..., list[Follower]], django_assert_max_num_queries: Any
) -> None:
    make_followers(40)

    with django_assert_max_num_queries(14):
        assert len(rows(admin_client, f"{FOLLOWERS}export/csv/")) == 41


def test_personal_data_needs_its_own_right(account: OfficialAccount, staff_user: User) -> None:
    permit(staff_user, "view_follower")
    client = logged_in(staff_user)
    assert client.get(f"{FOLLOWERS}export/csv/").status_code == 403
    assert b"/export/csv/" not in client.get(FOLLOWERS).content

    permit(staff_user, "view_follower", "export_recipients")
    assert rows(logged_in(User.objects.get(pk=staff_user.pk)), f"{FOLLOWERS}export/csv/")


def test_other_accounts_stay_out(account: OfficialAccount) -> None:
    other = OfficialAccount.objects.create(name="别的", slug="o", appid="wxother0000000001", secret="s", token="t12")
    Campaign.objects.create(account=other, name="秘密", text="x")
    client = logged_in(member(account, "analyst"))

    assert rows(client, "/admin/campaigns/campaign/export/csv/")[1:] == []


@pytest.mark.parametrize("path", [f"{RULES}export/exe/", f"{RULES}export/csv/?account__id__exact=x"])
def test_what_there_is_not(admin_client: Client, rule: ReplyRule, path: str) -> None:
    assert admin_client.get(path).status_code == 404
