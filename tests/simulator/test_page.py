"""The page: what a person sees and does with it."""

import pytest
from playwright.sync_api import Page, expect

from tests.simulator.conftest import APPID
from tests.simulator_control import wait_for

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _people(control, account):
    control.account(APPID, name="小店")
    control.followers(APPID, 30, tags=[{"name": "VIP", "share": 1}])


def test_a_message_is_shown_as_text(simulator, control, caller, page: Page):
    msg_id = caller.sendall('<img src=x onerror="document.title=1"> 你好')["msg_id"]
    wait_for(lambda: control.job(msg_id)["status"])
    page.goto(simulator.url)
    expect(page.locator("#rows tr")).to_contain_text("<img src=x")
    expect(page.locator("#chat .bubble")).to_contain_text("<img src=x")
    expect(page.locator("#chat img")).to_have_count(0)
    expect(page).to_have_title("微信模拟器")


def test_a_person_types_leaves_and_comes_back(simulator, control, page: Page):
    openid = control.openids(APPID)[3]
    page.goto(f"{simulator.url}/?lang=en")
    page.get_by_role("tab", name="Followers").click()
    page.get_by_role("cell", name=openid).click()
    page.get_by_label("Write as this follower").fill("hello")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".mine .bubble")).to_have_text("hello")
    page.get_by_role("button", name="Unfollow").click()
    expect(page.get_by_role("button", name="Follow", exact=True)).to_be_visible()
    assert control.follower(openid)["subscribe"] == 0
    page.get_by_role("button", name="Follow", exact=True).click()
    expect(page.get_by_role("button", name="Unfollow")).to_be_visible()


def test_it_fits_a_phone(simulator, page: Page):
    page.set_viewport_size({"width": 360, "height": 740})
    for language in ("zh", "en"):
        page.goto(f"{simulator.url}/?lang={language}")
        expect(page.locator("#who")).not_to_be_empty()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
