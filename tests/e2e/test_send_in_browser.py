"""The main job as a person does it: log in, open the ready campaign, send it, watch it finish, see it on the phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.product import Product
from tests.simulator_control import Control

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.xdist_group("e2e")]


def log_in(page: Page, product: Product) -> None:
    page.goto(f"{product.site}/admin/")
    page.fill("input[name=username]", product.login()["username"])
    page.fill("input[name=password]", product.login()["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(f"{product.site}/admin/")


def test_a_campaign_is_sent_and_arrives(page: Page, product: Product, control: Control) -> None:
    log_in(page, product)
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.get_by_role("link", name="双十二会员日预告").click()

    page.get_by_role("link", name="立即群发").click()
    expect(page.locator(".q-facts").first).to_contain_text("300")
    page.get_by_label("请输入人数").fill("300")
    page.locator("form.q-confirm button").click()

    expect(page.locator(".q-funnel")).to_contain_text("发送成功", timeout=20_000)
    (job,) = control.jobs()
    delivered = page.locator(".q-funnel > li").filter(has=page.locator("strong", has_text="发送成功")).locator("b")
    expect(delivered).to_contain_text(str(job["sent"]), timeout=20_000)

    page.goto(control.url)
    expect(page.locator("body")).to_contain_text("双十二会员日", timeout=10_000)


def test_the_language_can_be_changed_to_english(page: Page, product: Product) -> None:
    log_in(page, product)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="双十二会员日预告").click()
    expect(page.get_by_role("link", name="Send now")).to_be_visible()


def test_pressing_send_twice_sends_once(page: Page, product: Product, control: Control) -> None:
    log_in(page, product)
    page.goto(f"{product.site}/admin/campaigns/campaign/2/send/")
    second = page.context.new_page()
    second.goto(page.url)
    for window in (page, second):
        window.get_by_label("请输入人数").fill("300")
        window.locator("form.q-confirm button").click()
    expect(second.locator("body")).to_contain_text(re.compile("刷新|重新"))
    product.api().wait("campaigns/", lambda row: row["status"] == "finished", "the campaign has finished")
    assert len(control.jobs()) == 1
