"""A campaign's whole life, by three people who each may do a part of it; a fourth sees nothing of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.product import Product
from tests.simulator_control import Control

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.xdist_group("e2e")]

NAME = "双十二会员日预告"
CAMPAIGN = "/admin/campaigns/campaign/2/change/"
# Of another account, with the strongest role there.
STRANGER = """
from django.contrib.auth.models import Group, User
from wxcore.models import Membership, OfficialAccount
other = OfficialAccount.objects.create(name="别的号", slug="other", appid="wxother0000000001", secret="s", token="ttt")
user = User.objects.create_user("stranger", password="stranger", is_staff=True)
Membership.objects.create(account=other, user=user, role=Group.objects.get(name="administrator"))
"""

LogIn = Callable[[str], Page]


@pytest.fixture
def log_in(page: Page, product: Product) -> LogIn:
    """`log_in("editor")`: a window of its own, as on another machine. Each demo password is the name."""

    def log_in(name: str) -> Page:
        window = page.context.browser.new_context(locale="zh-CN").new_page()
        window.goto(f"{product.site}/admin/")
        window.fill("input[name=username]", name)
        window.fill("input[name=password]", name)
        window.keyboard.press("Enter")
        window.wait_for_url(f"{product.site}/admin/")
        return window

    return log_in


def press(window: Page, button: str) -> None:
    """The button of the page that asks."""
    window.get_by_role("link", name=re.compile(rf"(^|\s){button}$")).first.click()


def confirm(window: Page) -> None:
    window.locator("form.q-confirm button[type=submit]").click()


def status(window: Page, words: str) -> Any:
    return expect(window.locator("main, body").first).to_contain_text(words, timeout=20_000)


def test_three_people_bring_a_campaign_to_its_results(product: Product, log_in: LogIn, control: Control) -> None:
    product.manage("shell", "-c", STRANGER)
    editor, approver, operator = (log_in(name) for name in ("editor", "approver", "operator"))

    editor.goto(product.site + CAMPAIGN)
    expect(editor.get_by_role("link", name="立即群发")).to_have_count(0)
    press(editor, "提交审核")
    confirm(editor)
    status(editor, "正在等待审核")

    approver.goto(f"{product.site}/admin/")
    approver.get_by_role("link", name=NAME).first.click()
    press(approver, "通过")
    confirm(approver)
    status(approver, "已通过审核")

    operator.goto(product.site + CAMPAIGN)
    press(operator, "排期发送")
    operator.locator("button[data-at]").last.click()
    operator.get_by_label("请输入人数").fill("300")
    confirm(operator)
    status(operator, "已排期")
    press(operator, "取消排期")
    confirm(operator)
    press(operator, "立即群发")
    operator.get_by_label("请输入人数").fill("300")
    confirm(operator)

    product.api().wait("campaigns/", lambda row: row["status"] == "finished", "the campaign has finished")
    (job,) = control.jobs()
    operator.goto(product.site + CAMPAIGN)
    expect(operator.locator(".q-funnel, .q-stack").first).to_contain_text(str(job["sent"]))
    for line in ("提交审核", "已通过", "已排期", "取消排期", "开始发送", "已完成"):
        expect(operator.locator(".q-history")).to_contain_text(line, ignore_case=True)
    for who in ("editor", "approver", "operator"):
        expect(operator.locator(".q-history")).to_contain_text(who)

    stranger = log_in("stranger")
    assert stranger.goto(product.site + CAMPAIGN).status == 404
    for path in (
        "/admin/",
        "/admin/campaigns/campaign/",
        "/admin/campaigns/campaign/calendar/",
        "/admin/followers/follower/",
    ):
        stranger.goto(product.site + path)
        expect(stranger.locator("body")).not_to_contain_text(NAME)
        expect(stranger.locator("body")).not_to_contain_text("示例服务号")
