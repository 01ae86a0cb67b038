"""The draft box."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.simulator_control import Control
from tests.wechat.conftest import APPID
from tests.wechat.files import jpeg
from tests.wechat.host import Host
from wxcore.wechat.client import WeChat
from wxcore.wechat.drafts import DraftArticle
from wxcore.wechat.errors import ApiError, InvalidMediaId


@pytest.fixture
def article(simulated: WeChat) -> DraftArticle:
    cover = simulated.materials.add("image", "封面.jpg", jpeg(), "image/jpeg")
    return DraftArticle(
        "春季上新",
        author="编辑部",
        digest="三件新品",
        content="<p>你好 👋</p>",
        content_source_url="https://example.com/a?b=1&c=2",
        thumb_media_id=cover.media_id,
        need_open_comment=True,
        only_fans_can_comment=True,
    )


def test_what_goes_in_comes_out(simulated: WeChat, article: DraftArticle) -> None:
    (found,) = simulated.drafts.get(simulated.drafts.add([article]))
    assert replace(found, url="", thumb_url="") == article
    assert found.url.startswith("http")
    assert found.thumb_url.startswith("http")


def test_what_wechat_takes_out_is_out(simulated: WeChat, article: DraftArticle) -> None:
    content = '<p onclick="x()">a</p><script>x()</script><img src="https://example.com/a.jpg">'
    (found,) = simulated.drafts.get(simulated.drafts.add([replace(article, content=content)]))
    assert "script" not in found.content
    assert "example.com" not in found.content


def test_a_single_article_is_replaced(simulated: WeChat, article: DraftArticle) -> None:
    media_id = simulated.drafts.add([article, replace(article, title="第二篇")])
    simulated.drafts.update(media_id, 1, replace(article, title="改过的第二篇"))
    assert [found.title for found in simulated.drafts.get(media_id)] == ["春季上新", "改过的第二篇"]
    with pytest.raises(ApiError) as caught:
        simulated.drafts.update(media_id, 2, article)
    assert caught.value.errcode == 40114


def test_what_is_deleted_is_gone(simulated: WeChat, article: DraftArticle) -> None:
    media_id = simulated.drafts.add([article])
    assert simulated.drafts.count() == 1
    simulated.drafts.delete(media_id)
    assert simulated.drafts.count() == 0
    with pytest.raises(InvalidMediaId):
        simulated.drafts.get(media_id)


def test_a_temporary_cover_is_refused(simulated: WeChat, article: DraftArticle) -> None:
    cover = simulated.media.upload("image", "a.jpg", jpeg(), "image/jpeg").media_id
    with pytest.raises(InvalidMediaId):
        simulated.drafts.add([replace(article, thumb_media_id=cover)])
    assert simulated.drafts.count() == 0


@pytest.mark.parametrize(("number", "errcode"), [(0, 44003), (9, 45008)])
def test_none_and_too_many_are_refused(simulated: WeChat, article: DraftArticle, number: int, errcode: int) -> None:
    with pytest.raises(ApiError) as caught:
        simulated.drafts.add([article] * number)
    assert caught.value.errcode == errcode


def test_a_list_comes_in_pages_without_bodies(simulated: WeChat, control: Control) -> None:
    control.library(APPID, drafts=22)
    first, second = simulated.drafts.list(), simulated.drafts.list(offset=20)
    assert (first.total, len(first.items), len(second.items)) == (22, 20, 2)
    assert (first.items[0].articles[0].title, first.items[0].articles[0].content) == ("文章22", "")
    assert first.items[0].update_time > 1_600_000_000


def test_a_list_brings_the_bodies_when_asked(simulated: WeChat, control: Control) -> None:
    control.library(APPID, drafts=1)
    (item,) = simulated.drafts.list(with_content=True).items
    assert "正文" in item.articles[0].content


def test_a_picture_message_of_the_console_is_known_as_one(host: Host, wechat: WeChat) -> None:
    host.will("/cgi-bin/draft/get", {"news_item": [{"article_type": "newspic", "title": "图"}, {"title": "文"}]})
    assert [article.article_type for article in wechat.drafts.get("D1")] == ["newspic", "news"]


def test_adding_is_not_repeated_and_updating_is(host: Host, wechat: WeChat) -> None:
    busy, ok = {"errcode": -1, "errmsg": "system error"}, {"errcode": 0}
    host.will("/cgi-bin/draft/add", busy)
    host.will("/cgi-bin/draft/update", busy, ok)
    with pytest.raises(ApiError):
        wechat.drafts.add([DraftArticle("a")])
    wechat.drafts.update("D1", 0, DraftArticle("a"))
    assert len(host.calls("/cgi-bin/draft/add")) == 1
    assert len(host.calls("/cgi-bin/draft/update")) == 2
