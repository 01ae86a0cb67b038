"""The dashboard in a real browser: it moves by itself, shows nobody else's, weighs little, and anybody can use it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.e2e.product import Product
from tests.e2e.test_life_in_browser import STRANGER

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.xdist_group("e2e")]

AXE = Path(__file__).parent.parent / "vendor" / "axe-core" / "axe.min.js"
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
MOST_BYTES = 300_000
NAME = "双十二会员日预告"
# Of everything that can be shown, some: long names, trouble, figures that are missing.
FULL = """
import datetime as dt
from django.utils import timezone
from callbacks.models import Callback, Conversation
from campaigns.models import Broadcast, Campaign
from followers.models.day import FollowerDay
from wxcore.models import OfficialAccount
now = timezone.now()
first = OfficialAccount.objects.get(slug="demo")
second = OfficialAccount.objects.create(
    name="名字很长很长的公众号" * 4, slug="second", appid="wxsecond000000001", secret="s", token="ttt",
    kind="subscription", verified_until=now + dt.timedelta(days=5))
for account in (first, second):
    for number, status in enumerate(("finished", "sending", "paused", "scheduled", "in_review")):
        campaign = Campaign.objects.create(
            account=account, name="<img src=x onerror=document.title=1>" if number == 1 else "很长的群发名称" * 9,
            text="x", status=status, scheduled_at=now + dt.timedelta(hours=5), started_at=None if number > 2 else now,
            finished_at=None if number else now)
        if number < 3:
            Broadcast.objects.create(
                account=account, campaign=campaign, position=1, status="submitted" if number else "finished",
                recipient_count=1234567, total_count=1234567, filter_count=1200000,
                sent_count=None if number else 1199000)
    for number in range(30):
        figures = {"new": 40, "left": 7, "total": 9000 - 33 * number}
        day = timezone.localdate() - dt.timedelta(days=number)
        FollowerDay.objects.update_or_create(account=account, day=day, defaults=figures)
    Conversation.objects.create(
        account=account, openid="o" * 28, waiting_since=now, last_message_at=now, preview="<b>请问</b>" * 9)
    Callback.objects.create(
        account=account, dedup_key="k", msg_type="event", event="VIEW", body="<xml/>", pushed_at=now,
        received_at=now, status="failed")
"""

Open = Callable[..., Page]


@pytest.fixture
def open_dashboard(page: Page, product: Product) -> Open:
    """`open_dashboard("editor", theme="dark", width=390)`: a browser of its own; "boss" is the demo's superuser."""

    def open_it(name: str = "boss", *, theme: str = "light", width: int = 1280, language: str = "zh-hans") -> Page:
        context = page.context.browser.new_context(viewport={"width": width, "height": 860}, locale="zh-CN")
        context.add_cookies([{"name": "django_language", "value": language, "url": product.site}])
        context.add_init_script(f"if (!localStorage.adminTheme) localStorage.adminTheme = '\"{theme}\"'")
        window = context.new_page()
        log_in(window, product, name)
        return window

    return open_it


def log_in(window: Page, product: Product, name: str) -> None:
    login = product.login() if name == "boss" else {"username": name, "password": name}
    window.goto(product.site)
    window.fill("input[name=username]", login["username"])
    window.fill("input[name=password]", login["password"])
    window.keyboard.press("Enter")
    window.wait_for_url(re.compile(rf"{product.site}/(\?.*)?$"))


def settle(window: Page) -> None:
    """This will wait until every panel shows what it has."""
    expect(window.locator("#pulse")).to_have_attribute("data-state", re.compile("live|polling"))
    expect(window.locator(".bones")).to_have_count(0)
    expect(window.locator("[aria-busy]")).to_have_count(0)


def panel(window: Page, name: str) -> Any:
    return window.locator(f'[data-panel="{name}"]')


def test_the_numbers_move_while_a_campaign_sends(open_dashboard: Open, product: Product) -> None:
    window = open_dashboard()
    settle(window)
    delivered = window.locator('[data-figure="delivered"] .figure-value')
    before = int(delivered.inner_text().replace(",", ""))
    expect(panel(window, "campaigns")).not_to_contain_text(NAME)
    window.evaluate("window.neverLoadedAnew = true")

    api = product.api()
    sent = next(row for row in api.get("campaigns/")["results"] if row["name"] == NAME)
    api.send(sent["id"])

    run = panel(window, "campaigns").locator(f'[data-kind="campaign"][data-id="{sent["id"]}"]')
    expect(run).to_contain_text(NAME, timeout=15_000)
    expect(run).to_have_attribute("data-status", "finished", timeout=30_000)
    expect(run.locator('[role="progressbar"]')).to_have_attribute("aria-valuenow", "100")
    expect(window.locator("#said")).to_contain_text(NAME)
    expect(panel(window, "results")).to_contain_text(NAME, timeout=10_000)
    expect(delivered).not_to_have_text(str(before), timeout=10_000)
    expect(panel(window, "quota").locator('[data-gauge="jobs_to_all"]')).to_contain_text("已用 1 / 4")
    assert window.evaluate("window.neverLoadedAnew")


def test_it_moves_also_when_the_server_has_no_place_for_a_stream(page: Page, product: Product) -> None:
    context = page.context.browser.new_context(locale="zh-CN")
    window = context.new_page()
    window.route(re.compile(r"/api/v1/stream/$"), lambda route: route.fulfill(status=503, body="{}"))
    log_in(window, product, "boss")
    settle(window)
    expect(window.locator("#pulse")).to_have_attribute("data-state", "polling")

    api = product.api()
    sent = next(row for row in api.get("campaigns/")["results"] if row["name"] == NAME)
    api.send(sent["id"])

    expect(panel(window, "results")).to_contain_text(NAME, timeout=30_000)


def test_somebody_of_another_account_sees_nothing_of_it(open_dashboard: Open, product: Product) -> None:
    product.manage("shell", "-c", FULL + STRANGER)
    window = open_dashboard("stranger")
    settle(window)

    said = window.locator("body").inner_text()
    for secret in (NAME, "示例服务号", "名字很长", "请问", "onerror"):
        assert secret not in said
    expect(window.locator("#account")).to_be_hidden()
    for path in ("attention/", "stream/state/", "statistics/campaigns/", "campaigns/", "me/"):
        told = window.evaluate("async (path) => (await fetch(`/api/v1/${path}`)).text()", path)
        assert "示例服务号" not in told, path
        assert "请问" not in told, path
    assert window.evaluate("async () => (await fetch('/api/v1/attention/?account=1')).status") == 400
    assert window.evaluate("async () => (await fetch('/api/v1/accounts/1/quota/')).status") == 404


def test_each_role_sees_the_panels_that_it_may(open_dashboard: Open) -> None:
    analyst, operator = open_dashboard("analyst"), open_dashboard("operator")
    settle(analyst)
    settle(operator)

    expect(panel(analyst, "conversations")).to_be_hidden()
    expect(panel(operator, "conversations")).to_be_visible()
    expect(panel(analyst, "campaigns").get_by_role("link", name="新建群发任务")).to_have_count(0)


@pytest.mark.parametrize("is_full", [False, True], ids=["as made", "full"])
def test_axe_finds_no_serious_fault(open_dashboard: Open, product: Product, is_full: bool) -> None:
    if is_full:
        product.manage("shell", "-c", FULL)
    for theme, width in (("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)):
        window = open_dashboard(theme=theme, width=width)
        settle(window)
        if is_full:
            window.locator("details.behind summary").first.click()
        window.wait_for_timeout(700)  # until the bars stand still
        assert serious(window) == [], (theme, width)
        assert window.evaluate("document.documentElement.scrollWidth <= innerWidth"), (theme, width)
        assert window.title() != "1"
        window.context.close()


def serious(window: Page) -> list[tuple[str, str]]:
    window.evaluate(AXE.read_text())
    found = window.evaluate("async (rules) => (await axe.run({ runOnly: rules })).violations", RULES)
    return [
        (fault["id"], node["html"][:200] + " " + node.get("failureSummary", ""))
        for fault in found
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def test_it_weighs_less_than_300_kb(page: Page, product: Product) -> None:
    product.manage("shell", "-c", FULL)
    context: BrowserContext = page.context.browser.new_context()
    window = context.new_page()
    log_in(window, product, "boss")
    bytes_of: list[float] = []
    network = context.new_cdp_session(window)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    network.on("Network.loadingFinished", lambda told: bytes_of.append(told["encodedDataLength"]))
    window.goto(product.site)
    settle(window)

    assert len(bytes_of) > 20
    assert sum(bytes_of) < MOST_BYTES


def test_the_keyboard_is_enough(open_dashboard: Open) -> None:
    window = open_dashboard()
    settle(window)
    window.evaluate("document.activeElement.blur()")

    window.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.className") == "skip"
    window.keyboard.press("Enter")
    assert window.evaluate("document.activeElement.id") == "main"
    window.keyboard.press("Tab")
    assert window.evaluate("document.activeElement.dataset.days") == "7"
    window.keyboard.press("Enter")
    expect(window.locator("#range [data-days='7']")).to_have_attribute("aria-pressed", "true")
    assert "days=7" in window.url
    for _stop in range(30):
        window.keyboard.press("Tab")
        shown = window.evaluate("""() => {
            const { width, height } = document.activeElement.getBoundingClientRect();
            return document.activeElement === document.body
                || (width > 0 && height > 0 && getComputedStyle(document.activeElement).outlineStyle !== "none");
        }""")
        assert shown, window.evaluate("document.activeElement.outerHTML")


def test_what_was_chosen_stays(open_dashboard: Open, product: Product) -> None:
    product.manage("shell", "-c", FULL)
    window = open_dashboard()
    settle(window)

    window.select_option("#account", label="示例服务号")
    window.click("#range [data-days='90']")
    settle(window)
    window.click("#theme")
    assert window.evaluate("localStorage.adminTheme") == '"dark"'
    window.goto(product.site)
    settle(window)

    expect(window.locator("#account")).to_have_value("1")
    expect(window.locator("#range [data-days='90']")).to_have_attribute("aria-pressed", "true")
    expect(window.locator("html")).to_have_class("dark")
    expect(panel(window, "attention")).not_to_contain_text("名字很长")
    window.goto(f"{product.site}/admin/")
    expect(window.locator("html")).to_have_class(re.compile("dark"))
    window.goto(f"{product.site}/?days=7")
    window.click(".switch button[value=en]")
    expect(window.locator("h1")).to_have_text("Dashboard")
    assert "days=7" in window.url


def test_a_panel_that_fails_says_so_and_the_others_go_on(page: Page, product: Product) -> None:
    window = page.context.browser.new_context(locale="zh-CN").new_page()
    words = {"code": "x", "message": "坏了 <b>", "fix": "修一下", "fields": {}}

    def refuse(route: Route) -> None:
        route.fulfill(status=500, body=json.dumps(words), content_type="application/json")

    window.route("**/statistics/growth/**", refuse)
    log_in(window, product, "boss")
    settle(window)

    expect(panel(window, "growth").locator("[role=alert]")).to_contain_text("坏了 <b>")
    expect(panel(window, "overview")).to_contain_text("本月送达")
    window.unroute("**/statistics/growth/**")
    panel(window, "growth").get_by_role("button", name="重试").click()
    expect(panel(window, "growth").locator("[role=alert]")).to_have_count(0)


def test_an_empty_site_says_what_to_do_next(open_dashboard: Open, product: Product) -> None:
    product.manage(
        "shell",
        "-c",
        "from django.contrib.auth.models import User; User.objects.create_user('new', password='new', is_staff=True)",
    )
    window = open_dashboard("new")

    expect(window.locator("#welcome")).to_contain_text("您还没有加入任何公众号")
    expect(window.locator("#panels")).to_be_hidden()
    assert serious(window) == []


def test_tomorrow_evening_is_tomorrow_also_in_the_early_morning(open_dashboard: Open) -> None:
    window = open_dashboard()
    window.clock.set_fixed_time("2026-11-22T05:00:00")
    said = window.evaluate(
        "import('dashboard/page').then((page) => ['23T20', '24T04', '22T20'].map((at) => page.ago(`2026-11-${at}:00`)))"
    )
    assert said == ["明天", "后天", "15小时后"]


def test_a_time_is_that_of_the_account_s_wall(open_dashboard: Open) -> None:
    window = open_dashboard()
    said = window.evaluate(
        "import('dashboard/page').then((page) => page.time('2026-11-22T12:00:00Z', 'America/New_York'))"
    )
    assert "07:00" in said
    assert "GMT-5" in said or "EST" in said
