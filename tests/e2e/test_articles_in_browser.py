"""Articles as a person makes and sends them: written, illustrated, previewed, sent to a tag, read on the phone."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image
from playwright.sync_api import FrameLocator, Page, expect

from tests.e2e.product import Product
from tests.e2e.test_send_in_browser import log_in
from tests.simulator_control import Control, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.xdist_group("e2e")]

TITLES = ("会员日", "新品上架", "到店指南")
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body>
<p class=MsoNormal style='mso-margin-top-alt:auto;text-align:center'><b><span lang=EN-US style='color:#C00000'>
满三百减六十</span></b><o:p></o:p></p><table><tr><td>金卡</td><td>五折</td></tr></table></body></html>"""
PASTE_HTML = """(body, html) => { const data = new DataTransfer(); data.setData("text/html", html);
body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""
PASTE_FILE = """(body, content) => { const data = new DataTransfer();
const bytes = Uint8Array.from(atob(content), (one) => one.charCodeAt(0));
data.items.add(new File([bytes], "花.png", {type: "image/png"}));
body.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})); }"""

COLOUR = "node => getComputedStyle(node).color"


def png(colour: str, size: tuple[int, int] = (470, 200)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def editor(page: Page) -> FrameLocator:
    return page.frame_locator(".tox-edit-area iframe")


def write(page: Page, title: str, colour: str) -> None:
    """One article: title, pasted formatting, a pasted picture, a cover."""
    page.fill("#d-title", title)
    body = editor(page).locator("body")
    body.click()
    body.evaluate(PASTE_HTML, WORD)
    body.evaluate(PASTE_FILE, base64.b64encode(png(colour, (300, 200))).decode())
    expect(editor(page).locator("img[src*='/mediaasset/']")).to_be_visible()
    page.locator(".d-cover-choose").click()
    page.set_input_files(
        ".q-pick .q-drop-files", {"name": f"{title}.png", "mimeType": "image/png", "buffer": png(colour)}
    )
    expect(page.locator("#d-cover img")).to_be_visible()


def test_three_articles_reach_a_tag_as_previewed(page: Page, product: Product, control: Control) -> None:
    log_in(page, product)
    page.goto(f"{product.site}/admin/campaigns/draft/add/")
    page.wait_for_url("**/change/")
    expect(page.locator(".tox-edit-area")).to_be_visible()
    for number, (title, colour) in enumerate(zip(TITLES, ("#d63031", "#0984e3", "#6c5ce7"), strict=True)):
        if number:
            page.click("#d-add")
        write(page, title, colour)
    expect(page.locator("#d-state")).to_have_attribute("data-state", "saved")
    page.locator(".d-item-open").first.click()
    preview = page.frame_locator("#d-frame")
    expect(preview.locator("h1")).to_have_text(TITLES[0])
    expect(preview.locator("td").first).to_have_text("金卡")
    expect(preview.locator("img[src*='/mediaasset/']")).to_be_visible()
    previewed = preview.get_by_text("满三百减六十").evaluate(COLOUR)

    page.goto(f"{product.site}/admin/campaigns/campaign/add/")
    page.fill("#id_name", "会员日图文")
    page.locator("input[name=msgtype][value=mpnews]").check()
    page.get_by_role("button", name="选择草稿").click()
    page.locator(".q-draft-choice").filter(has_text=TITLES[0]).first.click()
    page.locator("input[name=audience][value=tag]").check()
    page.select_option("#id_tag", page.locator("#id_tag option", has_text="新朋友").get_attribute("value"))
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("link", name="立即群发").click()
    page.locator("form.q-confirm button").click()

    wait_for(control.jobs, 60)
    (job,) = control.jobs()
    wait_for(lambda: control.delivered(job["msg_id"])["sent"], 60)
    expect(page.locator(".q-funnel")).to_contain_text("发送成功", timeout=40_000)
    (reader, *_others) = control.recipients(job["msg_id"])
    articles = control.received(reader)[0]["articles"]
    assert [article["title"] for article in articles] == list(TITLES)
    assert len(control.recipients(job["msg_id"])) < 300

    page.goto(articles[0]["url"])
    expect(page.locator("h1")).to_have_text(TITLES[0])
    expect(page.locator("td").first).to_have_text("金卡")
    assert page.get_by_text("满三百减六十").evaluate(COLOUR) == previewed == "rgb(192, 0, 0)"
    assert page.locator("img[src*='/mmbiz_']").last.evaluate("image => image.naturalWidth") == 300
