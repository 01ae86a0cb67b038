"""A follower writes on the simulated phone, staff answer in the admin, and the phone shows it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.product import Product
from tests.e2e.test_send_in_browser import log_in
from tests.simulator_control import Control, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.xdist_group("e2e")]

INBOX = "/admin/callbacks/conversation/"


def seen(control: Control, openid: str) -> list[str]:
    return [line.get("text", "") for line in control.chat(openid) if line["kind"] == "service"]


@pytest.fixture
def openid(product: Product, control: Control) -> str:
    """Somebody who has just written, with the conversation in the inbox."""
    appid = control.state()["accounts"][0]["appid"]
    somebody = control.openids(appid)[7]
    control.message(appid, somebody, "请问春季新款什么时候上架？")
    query = f"conversations/?openid={somebody}"
    wait_for(lambda: product.api().get(query)["results"], 30, pause=0.5)
    return somebody


def test_staff_answer_and_the_phone_shows_it(page: Page, product: Product, control: Control, openid: str) -> None:
    log_in(page, product)
    page.goto(f"{product.site}{INBOX}?q={openid}")
    page.get_by_role("link", name=re.compile(openid)).click()
    expect(page.locator("#q-timeline")).to_contain_text("请问春季新款什么时候上架？")
    expect(page.locator("#q-window")).to_contain_text("还可发送 5 条")
    expect(page.locator("#q-window time")).to_have_text(re.compile(r"47:\d\d:\d\d"))

    page.locator("#q-composer textarea").fill("您好，下周一上架 😊")
    page.keyboard.press("Enter")
    expect(page.locator("#q-timeline .is-out").last).to_contain_text("您好，下周一上架 😊")
    wait_for(lambda: seen(control, openid) == ["您好，下周一上架 😊"], 30, pause=0.5)
    expect(page.locator("#q-window")).to_contain_text("还可发送 4 条", timeout=60_000)
    expect(page.locator("#q-composer textarea")).to_have_value("")

    control.message(control.state()["accounts"][0]["appid"], openid, "好的，谢谢！")
    expect(page.locator("#q-timeline")).to_contain_text("好的，谢谢！", timeout=60_000)
    expect(page.locator("#q-window")).to_contain_text("还可发送 5 条", timeout=60_000)

    page.get_by_role("button", name="标为已处理").click()
    expect(page).to_have_url(re.compile(f"{INBOX}$"))
    page.goto(control.url)


def test_a_colleague_without_the_right_can_only_read(page: Page, product: Product, openid: str) -> None:
    page.goto(f"{product.site}/admin/")
    page.fill("input[name=username]", "analyst")
    page.fill("input[name=password]", "analyst")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{product.site}/admin/")

    page.goto(f"{product.site}{INBOX}?q={openid}")
    page.get_by_role("link", name=re.compile(openid)).click()

    expect(page.locator("#q-timeline")).to_contain_text("请问春季新款什么时候上架？")
    expect(page.locator("#q-composer")).to_have_count(0)
    expect(page.get_by_role("button", name="标为已处理")).to_have_count(0)
