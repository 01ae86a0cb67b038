"""Temporary media, and the pictures inside articles."""

from __future__ import annotations

import pytest

from tests.simulator_control import Control
from tests.wechat.conftest import APPID
from tests.wechat.files import amr, jpeg, mp4
from tests.wechat.host import Host
from wxcore.wechat.client import WeChat
from wxcore.wechat.drafts import DraftArticle
from wxcore.wechat.errors import InvalidMediaId, WrongMediaFile
from wxcore.wechat.media import UploadedMedia, VideoLocation
from wxcore.wechat.transport import Download

THREE_DAYS = 3 * 24 * 3600


@pytest.mark.parametrize(
    ("kind", "name", "content", "content_type"),
    [("image", "海报.jpg", jpeg(), "image/jpeg"), ("voice", "问候.amr", amr(), "audio/amr")],
)
def test_what_is_uploaded_comes_back_with_its_name(
    simulated: WeChat, kind: str, name: str, content: bytes, content_type: str
) -> None:
    uploaded = simulated.media.upload(kind, name, content, content_type)
    assert simulated.media.get(uploaded.media_id) == Download(content, content_type, name)


def test_a_thumb_has_an_id_too(simulated: WeChat) -> None:
    uploaded = simulated.media.upload("thumb", "a.jpg", jpeg(), "image/jpeg")
    assert isinstance(simulated.media.get(uploaded.media_id), Download)


@pytest.mark.parametrize("key", ["media_id", "thumb_media_id"])
def test_the_id_of_a_thumb_has_either_name(host: Host, wechat: WeChat, key: str) -> None:
    host.will("/cgi-bin/media/upload", {"type": "thumb", key: "T1", "created_at": "1380000000"})
    assert wechat.media.upload("thumb", "a.jpg", b"x", "image/jpeg") == UploadedMedia("T1", 1380000000)


def test_a_video_comes_back_as_an_address(simulated: WeChat, control: Control) -> None:
    uploaded = simulated.media.upload("video", "春.mp4", mp4(), "video/mp4")
    found = simulated.media.get(uploaded.media_id)
    assert isinstance(found, VideoLocation)
    assert found.url.startswith(control.url)


def test_after_three_days_it_is_gone(simulated: WeChat, control: Control) -> None:
    uploaded = simulated.media.upload("image", "a.jpg", jpeg(), "image/jpeg")
    control.advance(THREE_DAYS + 1)
    with pytest.raises(InvalidMediaId):
        simulated.media.get(uploaded.media_id)


@pytest.mark.parametrize(
    ("kind", "content", "errcode"),
    [
        ("picture", jpeg(), 40004),
        ("image", b"GIF, honestly", 40005),
        ("image", jpeg() + bytes(10 * 1024 * 1024), 40009),
        ("voice", amr(61), 45007),
        ("thumb", jpeg() + bytes(64 * 1024), 40012),
        ("image", b"", 44001),
    ],
)
def test_what_wechat_does_not_take_is_the_wrong_file(
    simulated: WeChat, kind: str, content: bytes, errcode: int
) -> None:
    with pytest.raises(WrongMediaFile) as caught:
        simulated.media.upload(kind, "a", content, "application/octet-stream")
    assert caught.value.errcode == errcode


def test_a_picture_of_an_article_has_an_address_and_no_id(simulated: WeChat, control: Control) -> None:
    url = simulated.media.upload_image("图.jpg", jpeg(), "image/jpeg")
    assert url.startswith(control.url)
    assert control.all_media(APPID) == []


def test_a_video_for_a_mass_message_has_an_id_of_its_own(simulated: WeChat, control: Control) -> None:
    uploaded = simulated.media.upload("video", "春.mp4", mp4(), "video/mp4")
    made = simulated.media.upload_video(uploaded.media_id, "春天", "新品发布")
    assert made != uploaded.media_id
    (video,) = [item for item in control.all_media(APPID) if item["media_id"] == made]
    assert (video["kind"], video["title"], video["introduction"]) == ("mpvideo", "春天", "新品发布")


def test_a_picture_makes_no_video(simulated: WeChat) -> None:
    uploaded = simulated.media.upload("image", "a.jpg", jpeg(), "image/jpeg")
    with pytest.raises(InvalidMediaId):
        simulated.media.upload_video(uploaded.media_id, "春天", "")


def test_articles_can_be_made_the_old_way(simulated: WeChat, control: Control) -> None:
    cover = simulated.media.upload("thumb", "a.jpg", jpeg(), "image/jpeg").media_id
    made = simulated.media.upload_news(
        [DraftArticle("春天", content="<p>新品</p>", thumb_media_id=cover, show_cover_pic=True)]
    )
    (news,) = [item for item in control.all_media(APPID) if item["media_id"] == made]
    assert (news["kind"], news["titles"]) == ("news", ["春天"])
