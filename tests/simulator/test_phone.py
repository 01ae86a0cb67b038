"""The phone on the page: pictures, articles, voices and videos as a follower sees them."""

import pytest
from playwright.sync_api import Page, expect

from tests.simulator.conftest import APPID
from tests.simulator.files import mp3, picture
from tests.simulator_control import wait_for
from wxcore.simulator import samples

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(simulator, control, caller, page: Page):
    """A function that sends a message and opens the page on a follower who got it."""
    control.account(APPID, name="小店")
    control.followers(APPID, 1)

    def show(**message):
        answer = caller.sendall(**message)
        assert answer["errcode"] == 0, answer
        wait_for(lambda: control.job(answer["msg_id"])["status"])
        page.goto(f"{simulator.url}/?lang=en")
        return page.locator("#chat")

    return show


def test_articles_are_a_card_that_opens(caller, phone, page: Page):
    media_id = caller.draft({"title": "第一篇", "content": "<p>甲</p>"}, {"title": "第二篇", "content": "<p>乙</p>"})
    chat = phone(msgtype="mpnews", mpnews={"media_id": media_id})
    expect(chat.locator(".lead .cover")).to_have_js_property("naturalWidth", 480)
    chat.get_by_role("button", name="第二篇").click()
    expect(page.frame_locator("#reader iframe").locator("body")).to_contain_text("乙")
    page.get_by_role("button", name="Back").click()
    expect(page.locator("#reader")).to_be_hidden()


def test_scripts_of_an_article_do_not_run(control, caller, phone, page: Page):
    media_id = control.draft(APPID, {"title": "坏", "content": "<script>parent.document.title='x'</script>a"})
    chat = phone(msgtype="mpnews", mpnews={"media_id": media_id})
    chat.get_by_role("button", name="坏").click()
    expect(page.frame_locator("#reader iframe").locator("body")).to_contain_text("a")
    expect(page).to_have_title("WeChat simulator")


def test_pictures_are_a_grid_that_opens(caller, phone, page: Page):
    ids = [caller.cover(), caller.upload("/cgi-bin/media/upload", picture("PNG"), type="image")["media_id"]]
    chat = phone(msgtype="image", images={"media_ids": ids, "title": "夏日"})
    expect(chat.locator(".grid img")).to_have_count(2)
    expect(chat).to_contain_text("夏日")
    chat.get_by_role("button", name="Picture 2").click()
    expect(page.locator("#reader img")).to_have_js_property("naturalWidth", 8)


def test_a_voice_shows_its_length(caller, phone):
    media_id = caller.upload("/cgi-bin/media/upload", mp3(12), type="voice")["media_id"]
    chat = phone(msgtype="voice", voice={"media_id": media_id})
    expect(chat.get_by_role("button", name="Voice 12″")).to_be_visible()


def test_a_video_has_a_player_and_words(caller, phone):
    video = caller.upload("/cgi-bin/media/upload", samples.video(0), type="video")["media_id"]
    body = {"media_id": video, "title": "故事", "description": "介绍"}
    media_id = caller.post("/cgi-bin/media/uploadvideo", body)["media_id"]
    chat = phone(msgtype="mpvideo", mpvideo={"media_id": media_id})
    expect(chat.locator("video")).to_have_js_property("videoWidth", 480)
    expect(chat).to_contain_text("介绍")


def test_a_card_shows_its_id(control, phone):
    control.account(APPID, cards=True)
    chat = phone(msgtype="wxcard", wxcard={"card_id": "pCard"})
    expect(chat.locator(".post")).to_contain_text("Card")
    expect(chat.locator(".post")).to_contain_text("pCard")


def test_media_and_drafts_have_their_lists(control, caller, phone, page: Page):
    control.library(APPID, images=1, drafts=1)
    phone()
    page.get_by_role("tab", name="Media").click()
    expect(page.locator("#rows tr")).to_contain_text("图片1.jpg")
    page.get_by_role("tab", name="Drafts").click()
    page.get_by_role("cell", name="文章1").click()
    expect(page.frame_locator("#reader iframe").locator("body")).to_contain_text("预览，未发布")
