"""The library of permanent material."""

from __future__ import annotations

import pytest

from tests.simulator_control import Control
from tests.wechat.conftest import APPID
from tests.wechat.files import amr, jpeg, mp4
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import ApiError, InvalidMediaId
from wxcore.wechat.materials import AddedMaterial, MaterialCount, VideoMaterial
from wxcore.wechat.transport import Download


def test_a_picture_stays_and_has_an_address(simulated: WeChat, control: Control) -> None:
    added = simulated.materials.add("image", "海报.jpg", jpeg(), "image/jpeg")
    assert added.url.startswith(control.url)
    control.advance(100 * 24 * 3600)
    assert simulated.materials.get(added.media_id) == Download(jpeg(), "image/jpeg", "海报.jpg")


def test_a_voice_has_no_address(simulated: WeChat) -> None:
    added = simulated.materials.add("voice", "问候.amr", amr(), "audio/amr")
    assert added == AddedMaterial(added.media_id, "")


def test_a_video_has_its_title_and_introduction(simulated: WeChat, control: Control) -> None:
    added = simulated.materials.add("video", "a.mp4", mp4(), "video/mp4", title="春天", introduction='“新”"品"')
    found = simulated.materials.get(added.media_id)
    assert isinstance(found, VideoMaterial)
    assert (found.title, found.description) == ("春天", '“新”"品"')
    assert found.down_url.startswith(control.url)


def test_old_news_come_back_as_articles(simulated: WeChat, control: Control) -> None:
    (media_id,) = control.library(APPID, news=1)["news"]
    articles = simulated.materials.get(media_id)
    assert isinstance(articles, list)
    assert [(article.title, article.author) for article in articles] == [("文章1", "编辑部")]


def test_what_is_deleted_is_gone(simulated: WeChat) -> None:
    added = simulated.materials.add("image", "a.jpg", jpeg(), "image/jpeg")
    simulated.materials.delete(added.media_id)
    with pytest.raises(InvalidMediaId):
        simulated.materials.get(added.media_id)
    with pytest.raises(InvalidMediaId):
        simulated.materials.delete(added.media_id)


def test_what_the_console_holds_is_counted(simulated: WeChat, control: Control) -> None:
    control.library(APPID, images=3, voices=2, videos=1)
    assert simulated.materials.count() == MaterialCount(voice=2, video=1, image=3, news=0)


def test_a_list_comes_in_pages_with_the_newest_first(simulated: WeChat, control: Control) -> None:
    made = control.library(APPID, images=25)["images"]
    first, second = simulated.materials.list("image"), simulated.materials.list("image", offset=20)
    assert (first.total, len(first.items), len(second.items)) == (25, 20, 5)
    assert [item.media_id for item in first.items + second.items] == made[::-1]
    assert (first.items[0].name, first.items[0].url[:4]) == ("图片25.jpg", "http")
    assert first.items[0].update_time > 1_600_000_000


def test_an_empty_list_is_a_page_too(simulated: WeChat) -> None:
    page = simulated.materials.list("voice")
    assert (page.total, page.items) == (0, ())


def test_a_page_of_too_many_is_refused(simulated: WeChat) -> None:
    with pytest.raises(ApiError):
        simulated.materials.list("image", count=21)
