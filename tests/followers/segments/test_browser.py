"""A segment is built in a real browser, counted while it is built, and used by a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from followers.models import Follower, Tag, Tagging
from tests.followers.segments.conftest import NOW
from wxcore.models import OfficialAccount

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Site:
    """Made before the browser starts, for then the database is out of reach."""

    url: str
    session: str
    vip: str
    north: str


@pytest.fixture
def site(live_server: Any, admin_client: Client, account: OfficialAccount) -> Site:
    vip, north = Tag.objects.bulk_create(
        Tag(account=account, tag_id=100 + at, name=name) for at, name in enumerate(("VIP", "北方"))
    )
    people = Follower.objects.bulk_create(
        Follower(account=account, openid=f"oBrowser{number:020d}", confirmed_at=NOW, sex=number % 3)
        for number in range(12)
    )
    Tagging.objects.bulk_create(Tagging(tag=vip, follower=one, confirmed_at=NOW) for one in people[:8])
    Tagging.objects.bulk_create(Tagging(tag=north, follower=one, confirmed_at=NOW) for one in people[6:])
    return Site(live_server.url, admin_client.cookies["sessionid"].value, str(vip.pk), str(north.pk))


@pytest.fixture
def opened(site: Site, page: Page) -> Page:
    """The form of a new segment."""
    page.context.add_cookies([{"name": "sessionid", "value": site.session, "url": site.url}])
    page.goto(f"{site.url}/admin/followers/segment/add/")
    page.fill("#id_name", "会员")
    return page


def add(page: Page, kind: str, group: int = 0) -> Any:
    page.locator(".q-add-condition").nth(group).select_option(kind)
    return page.locator(f".q-group >> nth={group}").locator(f".q-condition[data-kind={kind}]").last


def chip(row: Any, value: str) -> None:
    row.locator(".q-chips-add").select_option(value)


def expect_heads(page: Page, number: int) -> None:
    expect(page.locator(".q-head-count .q-count strong")).to_have_text(str(number))


def test_a_segment_is_built_counted_saved_and_used(site: Site, opened: Page) -> None:
    tags = add(opened, "tags")
    chip(tags.locator("[data-control=all]"), site.vip)
    expect_heads(opened, 8)
    chip(tags.locator("[data-control=none]"), site.north)
    expect_heads(opened, 6)
    chip(add(opened, "sex"), "female")
    expect_heads(opened, 2)
    opened.locator("[data-add-group]").click()
    upload = add(opened, "list", group=1)
    expect(upload).to_have_class("q-condition is-incomplete")
    lines = "\n".join(f"oBrowser{number:020d}" for number in range(9, 12))
    upload.locator("input[type=file]").set_input_files(
        {"name": "名单.csv", "mimeType": "text/csv", "buffer": f"OpenID\n{lines}\n".encode()}
    )
    expect_heads(opened, 5)
    expect(opened.locator(".q-sample li")).to_have_count(5)

    opened.get_by_role("button", name="保存").click()

    opened.wait_for_url("**/change/")
    expect_heads(opened, 5)
    expect(opened.locator(".q-chip")).to_have_text(["VIP×", "北方×", "女×"])

    opened.goto(f"{site.url}/admin/campaigns/campaign/add/")
    opened.fill("#id_name", "发给会员")
    opened.fill("#id_text", "你好")
    opened.locator("[name=audience][value=segment]").check()
    opened.locator("#id_segment").select_option(label="会员")
    expect_heads(opened, 5)
    opened.get_by_role("button", name="保存").click()
    opened.wait_for_url("**/change/")
    expect_heads(opened, 5)


def test_what_is_removed_no_longer_counts(site: Site, opened: Page) -> None:
    tags = add(opened, "tags")
    chip(tags.locator("[data-control=any]"), site.vip)
    chip(tags.locator("[data-control=any]"), site.north)
    expect_heads(opened, 12)
    tags.locator("[data-control=any] .q-chip button").first.click()
    expect_heads(opened, 6)
    tags.locator("[data-remove][type=button]").first.click()

    expect(opened.locator(".q-head-count")).to_contain_text("没有条件绝不等于全部粉丝")


def test_several_tags_are_chosen_in_a_campaign(site: Site, opened: Page) -> None:
    opened.goto(f"{site.url}/admin/campaigns/campaign/add/")
    opened.fill("#id_name", "标签组合")
    opened.fill("#id_text", "你好")
    opened.locator("[name=audience][value=tags]").check()
    chip(opened.locator("[data-mode=all]"), site.vip)
    chip(opened.locator("[data-mode=none]"), site.north)
    expect_heads(opened, 6)

    opened.get_by_role("button", name="保存").click()

    opened.wait_for_url("**/change/")
    expect(opened.locator(".q-tags-picker .q-chip")).to_have_text(["VIP×", "北方×"])
    expect_heads(opened, 6)


def test_words_are_typed(site: Site, opened: Page) -> None:
    words = add(opened, "city").locator(".q-chips-add")
    words.fill("北京，上海")
    words.press("Enter")
    expect(opened.locator(".q-chip")).to_have_text(["北京×", "上海×"])
    expect_heads(opened, 0)
