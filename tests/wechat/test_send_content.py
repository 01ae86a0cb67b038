"""Pictures, voices, videos and articles, from the upload to what a follower sees."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator_control import Control
from tests.wechat.conftest import APPID
from tests.wechat.files import amr, jpeg, mp4
from wxcore.wechat.broadcasts import (
    ArticleMessage,
    CardMessage,
    ImageMessage,
    ImagesMessage,
    Message,
    ToAll,
    VideoMessage,
    VoiceMessage,
)
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import ApiError, InvalidMediaId


def pictures(wechat: WeChat) -> Message:
    shades = ("teal", "coral")
    return ImagesMessage(
        tuple(wechat.media.upload("image", "a.jpg", jpeg(shade), "image/jpeg").media_id for shade in shades),
        recommend="看春天",
    )


def picture(wechat: WeChat) -> Message:
    return ImageMessage(wechat.materials.add("image", "a.jpg", jpeg(), "image/jpeg").media_id)


def voice(wechat: WeChat) -> Message:
    return VoiceMessage(wechat.media.upload("voice", "a.amr", amr(), "audio/amr").media_id)


def video(wechat: WeChat) -> Message:
    uploaded = wechat.media.upload("video", "a.mp4", mp4(), "video/mp4")
    return VideoMessage(wechat.media.upload_video(uploaded.media_id, "春天", "新品发布"))


def send(wechat: WeChat, control: Control, message: Message, openid: str) -> Any:
    """This will be what one of the followers received."""
    submission = wechat.broadcasts.sendall(ToAll(), message, clientmsgid="c1")
    control.delivered(submission.msg_id)
    return control.received(openid)[-1]


def test_pictures_arrive(simulated: WeChat, control: Control, openids: list[str]) -> None:
    received = send(simulated, control, pictures(simulated), openids[0])
    assert (received["msgtype"], len(received["images"]), received["recommend"]) == ("image", 2, "看春天")


def test_a_picture_in_the_older_form_arrives(simulated: WeChat, control: Control, openids: list[str]) -> None:
    assert len(send(simulated, control, picture(simulated), openids[0])["images"]) == 1


def test_a_voice_arrives(simulated: WeChat, control: Control, openids: list[str]) -> None:
    assert send(simulated, control, voice(simulated), openids[0])["voice"]["seconds"] == 2


def test_a_video_arrives_with_its_words(simulated: WeChat, control: Control, openids: list[str]) -> None:
    received = send(simulated, control, video(simulated), openids[0])["video"]
    assert (received["title"], received["description"]) == ("春天", "新品发布")


def test_articles_arrive_and_the_draft_is_gone(simulated: WeChat, control: Control, openids: list[str]) -> None:
    draft = control.draft(APPID, {"title": "第一篇"}, {"title": "第二篇"})
    received = send(simulated, control, ArticleMessage(draft), openids[0])
    assert [article["title"] for article in received["articles"]] == ["第一篇", "第二篇"]
    with pytest.raises(InvalidMediaId):
        simulated.drafts.get(draft)


def test_a_video_file_is_no_video_message(simulated: WeChat) -> None:
    uploaded = simulated.media.upload("video", "a.mp4", mp4(), "video/mp4")
    with pytest.raises(InvalidMediaId):
        simulated.broadcasts.sendall(ToAll(), VideoMessage(uploaded.media_id), clientmsgid="c1")


def test_a_coupon_is_refused_today(simulated: WeChat) -> None:
    with pytest.raises(ApiError) as caught:
        simulated.broadcasts.sendall(ToAll(), CardMessage("C1"), clientmsgid="c1")
    assert caught.value.errcode == 45113


@pytest.mark.parametrize("make", [pictures, picture, voice, video])
def test_each_can_be_previewed(simulated: WeChat, control: Control, openids: list[str], make: Any) -> None:
    message = make(simulated)
    simulated.broadcasts.preview(message, openid=openids[0])
    (shown,) = control.chat(openids[0])
    assert (shown["kind"], shown["msgtype"]) == ("preview", message.payload()["msgtype"])
    assert control.chat(openids[1]) == []


def test_a_previewed_draft_stays(simulated: WeChat, control: Control, openids: list[str]) -> None:
    draft = control.draft(APPID, {"title": "第一篇"})
    simulated.broadcasts.preview(ArticleMessage(draft, send_ignore_reprint=True), openid=openids[0])
    assert simulated.drafts.get(draft)[0].title == "第一篇"
