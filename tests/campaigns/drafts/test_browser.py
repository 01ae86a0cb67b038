"""An article is written, in a real browser."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import FrameLocator, Page, expect

from campaigns import drafts
from tests.campaigns.drafts.conftest import article, picture
from tests.people import permit
from wxcore.models import OfficialAccount

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body>
<p class=MsoNormal style='mso-margin-top-alt:auto'><b><span lang=EN-US style='color:#C00000;mso-fareast-language:ZH-CN'>
会员日规则</span></b><o:p></o:p></p><table><tr><td>金卡</td><td>五折</td></tr></table></body></html>"""
ARTICLE = """<section style="border-left: 4px solid #07c160;"><p style="font-size: 15px;">别处的文章
<img data-src="https://mmbiz.qpic.cn/a/640" class="rich_pages"></p></section>"""
PASTE_HTML = """(body, html) => { const data = new DataTransfer(); data.setData("text/html", html);
body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""
PASTE_FILE = """(body, content) => { const data = new DataTransfer();
const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
data.items.add(new File([bytes], "花.png", {type: "image/png"}));
body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""


@dataclass
class Desk:
    """Who writes, and which draft; made before the browser starts, for then the database is out of reach."""

    site: str
    session: str
    viewer: str  # the session of somebody who may only look
    draft: str


@pytest.fixture
def desk(live_server: Any, admin_client: Client, admin_user: User, staff_user: User, account: OfficialAccount) -> Desk:
    draft = drafts.create(account, admin_user, [article("第一篇")])
    permit(staff_user, "view_draft")
    viewer = Client()
    viewer.force_login(staff_user)
    return Desk(
        live_server.url,
        admin_client.cookies["sessionid"].value,
        viewer.cookies["sessionid"].value,
        f"{live_server.url}/admin/campaigns/draft/{draft.pk}/change/",
    )


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def opened(desk: Desk, page: Page) -> Iterator[Page]:
    """The editor; it fails the test when the console shows an error."""
    shown: list[str] = []
    page.on("console", lambda message: shown.append(message.text) if message.type == "error" else None)
    page.context.route(re.compile("^https://"), lambda route: route.fulfill(body=picture(), content_type="image/png"))
    sign_in(page, desk)
    open_draft(page, desk.draft)
    yield page
    assert shown == []


def sign_in(page: Page, desk: Desk) -> None:
    page.context.add_cookies([{"name": "sessionid", "value": desk.session, "url": desk.site}])


def open_draft(page: Page, url: str) -> Page:
    page.goto(url)
    expect(page.locator(".tox-edit-area")).to_be_visible()
    return page


def body(page: Page) -> Any:
    return page.frame_locator(".tox-edit-area iframe").locator("body")


def phone(page: Page) -> FrameLocator:
    return page.frame_locator("#d-frame")


def saved(page: Page) -> None:
    expect(page.locator("#d-state")).to_have_attribute("data-state", "saved")
    expect(page.locator("#d-state")).to_contain_text("已保存")


def titles(page: Page) -> list[str]:
    return page.locator(".d-item-title").all_inner_texts()


def test_three_articles_are_written_and_are_there_again(opened: Page, desk: Desk) -> None:
    opened.fill("#d-title", "会员日")
    body(opened).click()
    opened.keyboard.type("大家好")
    body(opened).evaluate(PASTE_HTML, WORD)
    expect(body(opened).locator("b")).to_contain_text("会员日规则")
    body(opened).evaluate(PASTE_HTML, ARTICLE)
    expect(body(opened).locator("section img")).to_have_attribute("src", "https://mmbiz.qpic.cn/a/640")
    body(opened).evaluate(PASTE_FILE, base64.b64encode(picture("blue")).decode())
    expect(body(opened).locator("img[src*='/mediaasset/']")).to_be_visible()
    opened.locator(".d-cover-choose").click()
    opened.set_input_files(".q-pick .q-drop-files", {"name": "封面.png", "mimeType": "image/png", "buffer": picture()})
    expect(opened.locator("#d-cover img")).to_be_visible()
    for title in ("新品", "公告"):
        opened.click("#d-add")
        opened.fill("#d-title", title)
    saved(opened)

    open_draft(opened, desk.draft)

    assert titles(opened) == ["会员日", "新品", "公告"]
    expect(opened.locator("#d-cover img")).to_be_visible()
    expect(body(opened)).to_contain_text("大家好")
    assert "mso" not in body(opened).inner_html().lower().replace("data-mce", "")
    expect(phone(opened).locator("h1")).to_have_text("会员日")
    expect(phone(opened).locator("img[src*='/mediaasset/']")).to_be_visible()
    assert phone(opened).locator("img[src*='/mediaasset/']").evaluate("image => image.naturalWidth") == 94
    opened.click("[data-view=card]")
    expect(phone(opened).locator(".more h3")).to_have_text(["新品", "公告"])


def test_counters_say_what_is_too_long_and_it_is_saved_all_the_same(opened: Page) -> None:
    counter = opened.locator("[data-counter=title]")
    opened.fill("#d-title", "标" * 31)
    expect(counter).to_have_class("d-counter is-warning")
    opened.fill("#d-title", "标" * 32 + "👋")
    expect(counter).to_have_text("33 / 32")
    expect(counter).to_have_class("d-counter is-over")
    saved(opened)
    expect(opened.locator("#d-problems")).to_contain_text("最多允许 32")


def test_articles_are_moved_removed_and_brought_back(opened: Page) -> None:
    for title in ("二", "三"):
        opened.click("#d-add")
        opened.fill("#d-title", title)

    opened.locator(".d-item").nth(2).drag_to(opened.locator(".d-item").nth(0))
    assert titles(opened) == ["三", "第一篇", "二"]
    opened.locator(".d-item-open").nth(0).press("Alt+ArrowDown")
    assert titles(opened) == ["第一篇", "三", "二"]
    opened.locator(".d-item").nth(1).hover()
    opened.locator(".d-item").nth(1).get_by_role("button", name="移除这一篇").click()
    assert titles(opened) == ["第一篇", "二"]
    opened.locator("#d-toast").get_by_role("button", name="撤销").click()
    assert titles(opened) == ["第一篇", "三", "二"]
    saved(opened)


def test_of_two_windows_the_second_keeps_its_text_as_a_copy(opened: Page, desk: Desk) -> None:
    late = open_draft(opened.context.new_page(), desk.draft)
    opened.fill("#d-author", "甲")
    saved(opened)
    late.fill("#d-author", "乙")

    expect(late.locator("#d-conflict")).to_contain_text("另一个窗口")
    late.get_by_role("button", name="把我的另存为新草稿").click()

    late.wait_for_url(lambda url: url != desk.draft)
    expect(late.locator("#d-author")).to_have_value("乙")
    open_draft(late, desk.draft)
    expect(late.locator("#d-author")).to_have_value("甲")


def test_a_dead_session_keeps_the_text_and_the_next_visit_offers_it(opened: Page, desk: Desk) -> None:
    opened.context.clear_cookies(name="sessionid")
    opened.fill("#d-title", "没有存上的标题")
    expect(opened.locator("#d-state")).to_contain_text("登录已失效")

    sign_in(opened, desk)
    opened.once("dialog", lambda dialog: dialog.accept())
    opened.reload()

    opened.get_by_role("button", name="恢复它").click()
    expect(opened.locator("#d-title")).to_have_value("没有存上的标题")
    saved(opened)


def test_an_earlier_version_is_brought_back(opened: Page, desk: Desk) -> None:
    opened.fill("#d-title", "改坏了")
    opened.keyboard.press("Control+s")
    saved(opened)
    opened.locator(".d-history").click()
    opened.get_by_role("link", name="恢复", exact=True).click()
    opened.locator("form.q-confirm button").first.click()

    expect(opened.locator("#d-title")).to_have_value("第一篇")


def test_a_picture_of_another_site_is_named(opened: Page) -> None:
    body(opened).click()
    body(opened).evaluate(PASTE_HTML, '<p>图<img src="https://example.com/a.png"></p>')

    expect(opened.locator("#d-foreign")).to_contain_text("example.com/a.png")
    expect(opened.get_by_role("button", name="转存图片")).to_be_visible()
    expect(phone(opened).locator(".body img")).to_have_count(0)


def test_a_picture_that_cannot_be_brought_over_says_why_each_time(opened: Page, desk: Desk) -> None:
    # A window of its own: the refusal is an answer that the first one takes for a failure of the test.
    window = open_draft(opened.context.new_page(), desk.draft)
    body(window).click()
    body(window).evaluate(PASTE_HTML, '<p>图<img src="https://10.0.0.1/a.png"></p>')
    window.get_by_role("button", name="转存图片").click()

    line = window.locator("#d-foreign li")
    expect(line).to_contain_text("a.png —")
    window.locator("#d-foreign").get_by_role("button", name="重试").click()
    expect(line).to_contain_text("a.png —")
    expect(line).to_have_count(1)
    saved(window)


def test_who_may_only_look_sees_the_articles_and_the_phone(opened: Page, desk: Desk) -> None:
    opened.context.add_cookies([{"name": "sessionid", "value": desk.viewer, "url": desk.site}])

    opened.goto(desk.draft)

    expect(phone(opened).locator("h1")).to_have_text("第一篇")
    assert titles(opened) == ["第一篇"]
    expect(opened.locator("#d-save")).to_have_count(0)


def test_a_new_draft_opens_at_once(opened: Page, desk: Desk) -> None:
    opened.goto(f"{desk.site}/admin/campaigns/draft/")
    opened.goto(f"{desk.site}/admin/campaigns/draft/add/")

    opened.wait_for_url(lambda url: url.endswith("/change/") and url != desk.draft)
    expect(opened.locator("#d-title")).to_have_value("")
    opened.go_back()
    opened.wait_for_url("**/admin/campaigns/draft/")
