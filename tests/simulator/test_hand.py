"""What a person does with the phone on the page: the menu, the plus sign, a scan; and what comes back."""

import pytest
from playwright.sync_api import Page, expect

from tests.simulator.conftest import APPID
from tests.simulator.test_act import BUTTONS
from tests.simulator_control import wait_for
from wxcore.simulator import samples

pytestmark = pytest.mark.browser
ORIGINAL = "gh_123456789abc"


@pytest.fixture
def openid(control, account, listener):
    control.account(APPID, name="小店", callback_url=listener.url, token="token", original_id=ORIGINAL)
    control.followers(APPID, 1)
    control.settings(push_interval=0)
    return control.openids(APPID)[0]


@pytest.fixture
def chat(simulator, openid, page: Page):
    page.goto(f"{simulator.url}/?lang=en")
    expect(page.locator("#who")).to_have_text(openid)
    return page.locator("#chat")


def events(control):
    return [push["event"] for push in control.pushes(APPID)]


def test_a_keyword_is_answered(listener, openid, chat, page: Page):
    listener.answer = lambda target, body: (
        f"<xml><ToUserName>{openid}</ToUserName><FromUserName>{ORIGINAL}</FromUserName>"
        "<CreateTime>1</CreateTime><MsgType>text</MsgType><Content>九点到九点</Content></xml>"
    )
    page.get_by_label("Write as this follower").fill("营业时间")
    page.get_by_role("button", name="Send").click()
    expect(chat.locator(".line:not(.mine) .bubble")).to_have_text("九点到九点")


@pytest.mark.parametrize(
    ("language", "why"), [("en", "Why: neither success, empty, nor XML"), ("zh", "原因：回答不是 success、空串或 XML")]
)
def test_a_wrong_answer_is_explained(simulator, control, listener, openid, page: Page, language, why):
    listener.answer = lambda target, body: "oops"
    control.message(APPID, openid, "hi")
    page.goto(f"{simulator.url}/?lang={language}")
    expect(page.locator(".complaint")).to_contain_text("该公众号提供的服务出现故障，请稍后再试")
    expect(page.locator(".complaint")).to_contain_text(why)


@pytest.mark.parametrize(
    ("name", "kind", "seen"),
    [
        ("Camera", "image", ".mine .single img"),
        ("Voice", "voice", ".mine .voice"),
        ("Video", "video", ".mine video"),
        ("Location", "location", ".mine .place"),
        ("Link", "link", ".mine .lead"),
    ],
)
def test_the_plus_sign_sends(control, chat, page: Page, name, kind, seen):
    page.get_by_role("button", name="More").click()
    page.locator("#plus").get_by_role("button", name=name, exact=True).click()
    expect(chat.locator(seen)).to_be_visible()
    assert events(control) == [kind]
    expect(page.locator("#plus")).to_be_hidden()


def test_a_picture_of_ones_own(control, caller, chat, page: Page, tmp_path):
    path = tmp_path / "own.jpg"
    path.write_bytes(samples.picture(7))
    page.locator("#file").set_input_files(path)
    expect(chat.locator(".mine .single img")).to_be_visible()
    (item,) = control.all_media(APPID)
    media = caller.download("GET", "/cgi-bin/media/get", media_id=item["media_id"])
    assert media.content == samples.picture(7)


def test_where_somebody_is_can_be_reported(control, chat, page: Page):
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Report place").click()
    expect(chat).to_contain_text("Reported 31.2304, 121.4737")
    assert events(control) == ["LOCATION"]


def test_a_code_is_scanned(control, openid, chat, page: Page):
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Scan", exact=True).click()
    page.get_by_label("Scene of the QR code").fill("shop1")
    page.get_by_role("button", name="This follower scans").click()
    expect(chat).to_contain_text("Scanned shop1")
    expect(page.locator("#windows")).to_contain_text("within a minute, left 3")
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Scan", exact=True).click()
    page.get_by_role("button", name="A new person scans").click()
    expect(page.locator("#who")).not_to_have_text(openid)
    assert events(control) == ["SCAN", "subscribe"]


@pytest.fixture
def menu(caller, openid):
    assert caller.post("/cgi-bin/menu/create", {"button": BUTTONS})["errcode"] == 0


def test_the_menu_is_tapped(control, menu, chat, page: Page):
    page.locator("#menuBar").get_by_role("button", name="优惠").click()
    expect(chat).to_contain_text("Tapped 优惠")
    assert events(control) == ["CLICK"]


def test_a_button_opens_a_page(control, menu, chat, page: Page):
    page.locator("#menuBar").get_by_role("button", name="商城").click()
    expect(page.locator("#readerBody")).to_contain_text("https://example.com/shop")
    assert events(control) == ["VIEW"]


def test_sub_buttons_rise_and_scan(control, menu, chat, page: Page):
    bar = page.locator("#menuBar")
    expect(bar.get_by_role("button", name="扫码等待")).to_be_hidden()
    bar.get_by_role("button", name="更多").click()
    bar.get_by_role("button", name="扫码等待").click()
    page.get_by_label("What the camera reads").fill("6901234567892")
    page.get_by_role("button", name="Scan it").click()
    expect(chat).to_contain_text("Tapped 扫码等待")
    assert "6901234567892" in control.pushes(APPID)[0]["body"]


def test_menu_and_keyboard_change_places(menu, chat, page: Page):
    expect(page.get_by_label("Write as this follower")).to_be_hidden()
    page.get_by_role("button", name="Keyboard").click()
    expect(page.get_by_label("Write as this follower")).to_be_visible()
    expect(page.locator("#menuBar")).to_be_hidden()
    page.get_by_role("button", name="Menu", exact=True).click()
    expect(page.locator("#menuBar")).to_be_visible()


def test_an_answer_of_a_menu_message_is_tapped(control, caller, openid, chat, page: Page):
    control.message(APPID, openid, "hi")
    choices = [{"id": "101", "content": "满意"}, {"id": "102", "content": "不满意"}]
    body = {"touser": openid, "msgtype": "msgmenu", "msgmenu": {"head_content": "满意吗？", "list": choices}}
    assert caller.post("/cgi-bin/message/custom/send", body)["errcode"] == 0
    chat.get_by_role("button", name="不满意").click()
    wait_for(lambda: "<bizmsgmenuid><![CDATA[102]]>" in control.pushes(APPID)[-1]["body"])


def test_who_left_can_only_scan_and_follow(control, openid, chat, page: Page):
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Unfollow").click()
    expect(page.get_by_label("Write as this follower")).to_be_disabled()
    expect(page.get_by_role("button", name="Camera")).to_be_disabled()
    expect(page.get_by_role("button", name="Scan", exact=True)).to_be_enabled()


def test_the_mode_changes_and_any_event_is_pushed(control, chat, page: Page):
    page.get_by_role("tab", name="Pushes").click()
    page.get_by_label("Format").select_option("json")
    wait_for(lambda: control.state()["accounts"][0]["format"] == "json")
    page.get_by_label("Push any event").select_option("kf_create_session")
    page.get_by_label("Changed fields").fill('{"KfAccount": "kf9@shop"}')
    page.get_by_role("button", name="Push", exact=True).click()
    expect(page.locator("#rows")).to_contain_text("kf_create_session")
    assert '"KfAccount": "kf9@shop"' in control.pushes(APPID)[0]["body"]
    page.get_by_label("Encryption").select_option("safe")
    expect(page.locator("#trouble")).to_contain_text("encoding_aes_key")
    expect(page.get_by_label("Encryption")).to_have_value("plaintext")


def test_it_all_fits_a_small_phone(menu, simulator, page: Page):
    page.set_viewport_size({"width": 390, "height": 800})
    for language, keyboard in (("zh", "键盘"), ("en", "Keyboard")):
        page.goto(f"{simulator.url}/?lang={language}")
        page.get_by_role("button", name=keyboard).click()
        page.locator("#more").click()
        page.locator("#scan").click()
        expect(page.locator("#sheet")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
