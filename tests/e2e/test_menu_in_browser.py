"""A menu as a person makes it: edited on the phone's picture, published, tapped on the simulated phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.product import Product
from tests.e2e.test_send_in_browser import log_in
from tests.simulator_control import Control, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.xdist_group("e2e")]


def test_a_menu_is_edited_published_and_tapped(page: Page, product: Product, control: Control) -> None:
    page.set_default_timeout(30_000)
    log_in(page, product)
    page.goto(f"{product.site}/admin/callbacks/menu/add/")
    page.locator("form.q-confirm button[type=submit]").click()

    page.get_by_label("添加菜单", exact=True).click()
    page.get_by_label("名称", exact=True).fill("会员")
    page.locator(".m-below button").click()
    page.get_by_label("名称", exact=True).fill("今日优惠")
    page.get_by_label("点击后").select_option(label="跳转网页")
    page.get_by_label("网页地址").fill("ftp://example.com")
    expect(page.locator("#m-problems summary")).to_have_text("待完善 1 项")
    expect(page.locator(".m-wrong")).to_contain_text(["", "", "这不是有效的网址"])
    page.get_by_label("点击后").select_option(label="按回复规则自动回复")
    page.get_by_label("菜单 Key").fill("today")
    expect(page.locator("#m-problems")).to_be_hidden()
    expect(page.locator("#m-state-text")).to_contain_text("已保存")

    page.get_by_role("link", name="发布", exact=True).first.click()
    expect(page.locator(".m-differences .is-new")).to_contain_text(["会员", "今日优惠"])
    page.locator("form.q-confirm button[type=submit]").click()
    expect(page.locator("body")).to_contain_text("菜单已发布")

    page.goto(f"{control.url}/?lang=zh")
    bar = page.locator("#menuBar")
    bar.get_by_role("button", name="会员").click()
    bar.get_by_role("button", name="今日优惠").click()
    found = "SELECT body FROM callbacks_callback WHERE event = 'click' AND status = 'processed'"
    [[body]] = wait_for(lambda: product.sql(found), seconds=30)
    assert "<EventKey><![CDATA[today]]></EventKey>" in body


def test_buttons_are_moved_by_keyboard_and_removed_with_undo(page: Page, product: Product) -> None:
    page.set_default_timeout(30_000)
    log_in(page, product)
    page.goto(f"{product.site}/admin/callbacks/menu/add/")
    page.locator("form.q-confirm button[type=submit]").click()
    bar = page.locator("#m-top > li > .m-item:not(.m-plus)")
    for name in ("甲", "乙", "丙"):
        page.get_by_label("添加菜单", exact=True).click()
        page.get_by_label("名称", exact=True).fill(name)
    expect(page.get_by_label("添加菜单", exact=True)).to_be_hidden()

    bar.nth(2).focus()
    page.keyboard.press("Alt+ArrowLeft")
    expect(bar).to_have_text(["甲", "丙", "乙"])
    bar.nth(0).drag_to(bar.nth(2))
    expect(bar).to_have_text(["丙", "乙", "甲"])
    page.keyboard.press("Escape")
    bar.nth(1).click()
    page.get_by_label("删除这个菜单").click()
    expect(bar).to_have_text(["丙", "甲"])
    page.get_by_role("button", name="撤销").click()
    expect(bar).to_have_text(["丙", "乙", "甲"])
    expect(page.locator("#m-state-text")).to_contain_text("已保存")
    page.reload()
    expect(bar).to_have_text(["丙", "乙", "甲"])
