"""A reply rule as a person makes it: written in the admin, tried there, and read on the simulated phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.product import Product
from tests.e2e.test_send_in_browser import log_in
from tests.simulator_control import Control

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.xdist_group("e2e")]

ANSWER = "地下停车场凭会员码停两小时免费。"
SAFE_MODE = """
from wxcore.models import OfficialAccount
OfficialAccount.objects.filter(slug="demo").update(message_mode="safe")
account = OfficialAccount.objects.get(slug="demo")
account.aes_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
account.save()
"""


def write_rule(page: Page, product: Product) -> None:
    log_in(page, product)
    page.goto(f"{product.site}/admin/callbacks/replyrule/add/")
    page.locator("#id_words").fill("停车\n车位")
    page.locator("#id_text").fill(ANSWER)
    expect(page.locator("#live-preview")).to_contain_text(ANSWER)
    expect(page.locator("#id_music_url")).to_be_hidden()
    page.locator("button[name=_save], input[name=_save]").first.click()
    page.wait_for_url("**/callbacks/replyrule/")


def write_to_us(page: Page, control: Control, words: str) -> None:
    page.goto(f"{control.url}/?lang=zh")
    expect(page.locator("#who")).not_to_be_empty()
    # With a menu, the phone shows that first.
    if not page.locator("#words").is_visible():
        page.locator("#swap").click()
    page.locator("#words").fill(words)
    page.locator("#sendWords").click()


def test_a_keyword_is_set_typed_and_answered(page: Page, product: Product, control: Control) -> None:
    page.set_default_timeout(30_000)
    write_rule(page, product)

    expect(page.locator("#result_list")).to_contain_text("停车")
    page.locator("#trial-word").fill("附近有车位吗")
    expect(page.locator("#trial-result")).to_contain_text(ANSWER)

    write_to_us(page, control, "请问停车怎么收费")
    expect(page.locator("#chat")).to_contain_text(ANSWER, timeout=30_000)


def test_it_is_answered_in_safe_mode_too(page: Page, product: Product, control: Control) -> None:
    page.set_default_timeout(30_000)
    product.manage("shell", "-c", SAFE_MODE)
    bound = ("--simulator", product.simulator_url, "--site", product.site, "--followers", "300")
    product.manage("demo_data", *bound)
    write_rule(page, product)

    write_to_us(page, control, "停车")
    expect(page.locator("#chat")).to_contain_text(ANSWER, timeout=30_000)
    assert "<Encrypt>" in str(control.pushes()[-1])


def test_rules_are_switched_and_brought_into_order(page: Page, product: Product) -> None:
    page.set_default_timeout(30_000)
    log_in(page, product)
    page.goto(f"{product.site}/admin/callbacks/replyrule/")
    names = page.locator("#result_list .field-label")
    before = names.all_inner_texts()
    page.locator("#result_list [data-move='1']").first.click()
    expect(names.first).to_have_text(before[1])

    switch = page.locator("#result_list .q-switch").first
    switch.click()
    expect(page.locator("#result_list .q-switch").first).to_have_attribute("aria-checked", "false")
    page.reload()
    expect(page.locator("#result_list .q-switch").first).to_have_attribute("aria-checked", "false")
