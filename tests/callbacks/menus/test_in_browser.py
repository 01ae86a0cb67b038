"""A menu as a person makes it: edited on the picture of a phone, published, tapped on the simulated phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from callbacks import menus
from callbacks.models import Callback
from tests.conftest import APPID
from tests.simulator_control import Control, wait_for
from wxcore.models import OfficialAccount

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Site:
    """Made before the browser starts, for then the database is out of reach."""

    url: str
    session: str
    menu: int


@pytest.fixture
def site(live_server: Any, admin_client: Client, wechat_account: OfficialAccount, control: Control) -> Site:
    control.account(APPID, name="示例服务号", callback_url=live_server.url + wechat_account.callback_path)
    control.followers(APPID, 1)
    menu = menus.create(wechat_account, tag=None)
    return Site(live_server.url, admin_client.cookies["sessionid"].value, menu.pk)


@pytest.fixture
def editor(site: Site, page: Page) -> Iterator[Page]:
    expect.set_options(timeout=30_000)
    page.context.add_cookies([{"name": "sessionid", "value": site.session, "url": site.url}])
    page.goto(f"{site.url}/admin/callbacks/menu/{site.menu}/change/")
    yield page
    expect.set_options(timeout=5_000)


def add(page: Page, name: str) -> None:
    page.get_by_label("添加菜单", exact=True).click()
    page.get_by_label("名称", exact=True).fill(name)


def test_a_menu_is_edited_published_and_tapped(editor: Page, control: Control, monkeypatch: pytest.MonkeyPatch) -> None:
    page = editor
    add(page, "会员")
    page.locator(".m-below button").click()
    page.get_by_label("名称", exact=True).fill("今日优惠")
    page.get_by_label("点击后").select_option(label="跳转网页")
    page.get_by_label("网页地址").fill("ftp://example.com")
    expect(page.locator("[data-field=url] .m-wrong")).to_contain_text("这不是有效的网址")
    expect(page.locator("#m-problems summary")).to_have_text("待完善 1 项")
    page.get_by_label("点击后").select_option(label="按回复规则自动回复")
    page.get_by_label("菜单 Key").fill("today")
    expect(page.locator("#m-problems")).to_be_hidden()
    expect(page.locator("#m-state-text")).to_contain_text("已保存")

    page.locator('a[href$="/publish/"]').first.click()
    expect(page.locator(".m-differences .is-new strong")).to_have_text(["会员", "今日优惠"])
    page.locator("form.q-confirm button[type=submit]").click()
    expect(page.locator("body")).to_contain_text("菜单已发布")

    page.goto(f"{control.url}/?lang=zh")
    page.locator("#menuBar").get_by_role("button", name="会员").click()
    page.locator("#menuBar").get_by_role("button", name="今日优惠").click()
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    pushed = wait_for(lambda: Callback.objects.filter(event="click").first(), seconds=60)
    assert "<EventKey><![CDATA[today]]></EventKey>" in pushed.body


def test_buttons_are_moved_removed_and_brought_back(editor: Page) -> None:
    page = editor
    bar = page.locator("#m-top > li > .m-item:not(.m-plus)")
    for name in ("甲", "乙", "丙"):
        add(page, name)
    expect(page.get_by_label("添加菜单", exact=True)).to_be_hidden()

    bar.nth(2).focus()
    page.keyboard.press("Alt+ArrowLeft")
    expect(bar).to_have_text(["甲", "丙", "乙"])
    bar.nth(0).drag_to(bar.nth(2))
    expect(bar).to_have_text(["丙", "乙", "甲"])
    bar.nth(1).click()
    page.get_by_label("删除这个菜单").click()
    expect(bar).to_have_text(["丙", "甲"])
    page.get_by_role("button", name="撤销").click()
    expect(bar).to_have_text(["丙", "乙", "甲"])
    expect(page.locator("#m-state-text")).to_contain_text("已保存")
    page.reload()
    expect(bar).to_have_text(["丙", "乙", "甲"])
