"""A campaign of every type is written in a real browser, and the pages around it are used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from campaigns import drafts
from campaigns.models import Campaign
from tests.campaigns.media import files
from tests.campaigns.media.conftest import keep
from wxcore.models import OfficialAccount

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COLOURS = ("red", "green", "blue")


@dataclass
class Site:
    """Made before the browser starts, for then the database is out of reach."""

    url: str
    session: str
    campaign: int


@pytest.fixture
def site(live_server: Any, admin_client: Client, wechat_account: OfficialAccount) -> Site:
    pictures = [keep(wechat_account, files.picture(colour=name), f"{name}.jpg") for name in COLOURS]
    keep(wechat_account, files.mp3(), "问候.mp3")
    keep(wechat_account, files.mp4(), "宣传片.mp4")
    contents = [
        {"title": "双十二会员日", "body": "<p>正文</p>", "cover": pictures[0].pk},
        {"title": "冬季新品", "body": "<p>正文</p>"},
    ]
    draft = drafts.create(wechat_account, None, contents)
    campaign = Campaign.objects.create(account=wechat_account, name="图文", msgtype="mpnews", draft=draft)
    return Site(live_server.url, admin_client.cookies["sessionid"].value, campaign.pk)


@pytest.fixture
def opened(site: Site, page: Page) -> Page:
    """The form of a new campaign."""
    page.context.add_cookies([{"name": "sessionid", "value": site.session, "url": site.url}])
    page.goto(f"{site.url}/admin/campaigns/campaign/add/")
    page.fill("#id_name", "新品")
    return page


def choose_type(page: Page, msgtype: str) -> None:
    page.locator(f"[name=msgtype][value={msgtype}]").check(force=True)


def write_text(page: Page) -> None:
    page.fill("#id_text", "你好 👋")
    expect(page.locator("#id_text ~ .q-counter")).to_have_text("4 / 600")


def choose_draft(page: Page) -> None:
    page.locator(".q-draft-picker [data-choose]").click()
    page.locator(".q-draft-choice").click()
    expect(page.locator(".q-draft-chosen")).to_contain_text("双十二会员日")


def choose_pictures(page: Page) -> None:
    page.locator(".q-files[data-kind=image] [data-choose]").click()
    for name in COLOURS:
        page.locator(f".q-media-choice[data-name='{name}.jpg']").click()
    page.locator(".q-pick-use").click()
    page.locator(".q-files[data-kind=image] .q-file").last.get_by_label("前移").click()
    expect(page.locator(".q-files[data-kind=image] .q-counter")).to_have_text("3 / 20")
    page.fill("#id_description", "三张图")


def choose_file(kind: str) -> Callable[[Page], None]:
    def choose(page: Page) -> None:
        page.locator(f".q-files[data-kind={kind}] [data-choose]").click()
        page.locator(".q-media-choice").click()
        expect(page.locator(f".q-files[data-kind={kind}] .q-file")).to_have_count(1)

    return choose


def name_card(page: Page) -> None:
    page.fill("#id_card_id", "pCard")


TYPES: dict[str, tuple[Callable[[Page], None], str]] = {
    "text": (write_text, ".q-bubble:has-text('你好')"),
    "mpnews": (choose_draft, ".q-news-item:has-text('冬季新品')"),
    "image": (choose_pictures, ".q-shots-3"),
    "voice": (choose_file("voice"), ".q-voice:has-text('2″')"),
    "mpvideo": (choose_file("video"), ".q-news video"),
    "wxcard": (name_card, ".q-news-digest:has-text('pCard')"),
}


@pytest.mark.parametrize("msgtype", TYPES)
def test_each_type_is_written_shown_and_saved(opened: Page, msgtype: str) -> None:
    write, on_the_phone = TYPES[msgtype]
    choose_type(opened, msgtype)
    write(opened)
    expect(opened.locator(f".q-phone {on_the_phone}")).to_be_visible()

    opened.get_by_role("button", name="保存").click()

    opened.wait_for_url("**/change/")
    expect(opened.locator(f"[name=msgtype][value={msgtype}]")).to_be_checked()
    expect(opened.locator(f".q-phone {on_the_phone}")).to_be_visible()


def test_whoever_switches_back_finds_everything(opened: Page) -> None:
    for msgtype, (write, _on_the_phone) in TYPES.items():
        choose_type(opened, msgtype)
        write(opened)
    for msgtype, (_write, on_the_phone) in TYPES.items():
        choose_type(opened, msgtype)
        expect(opened.locator(f".q-phone {on_the_phone}")).to_be_visible()
    expect(opened.locator("#id_text")).to_be_hidden()
    choose_type(opened, "image")
    names = opened.locator(".q-files[data-kind=image] .q-file-name")
    expect(names).to_have_text(["red.jpg", "blue.jpg", "green.jpg"])


def test_the_pre_flight_leads_to_what_is_wrong(site: Site, opened: Page) -> None:
    opened.goto(f"{site.url}/admin/campaigns/campaign/{site.campaign}/preflight/")

    expect(opened.locator(".q-wait")).to_have_count(0, timeout=15_000)
    expect(opened.locator("body")).to_contain_text("微信已接受凭据")
    cover = opened.locator(".q-finding", has_text="没有封面")
    expect(cover).to_contain_text("40007")
    cover.get_by_role("link", name="去修改").click()

    opened.wait_for_url("**/draft/*/change/#article-2")
    expect(opened.locator(".d-item-open[aria-current=true]")).to_contain_text("冬季新品")


def test_a_button_puts_right_what_it_can(site: Site, opened: Page) -> None:
    opened.goto(f"{site.url}/admin/campaigns/campaign/{site.campaign}/preflight/")
    expect(opened.locator(".q-wait")).to_have_count(0, timeout=15_000)

    opened.get_by_role("button", name="允许转载群发").click()

    expect(opened.locator("body")).to_contain_text("已允许以转载方式群发")
    expect(opened.get_by_role("button", name="允许转载群发")).to_have_count(0)
