"""Customer-service messages: every kind arrives as it was meant, and every refusal has its class."""

from __future__ import annotations

import pytest

from tests.simulator_control import Control
from tests.wechat import files
from tests.wechat.conftest import APPID
from wxcore.wechat import customer_service as kf
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import (
    ApiError,
    InvalidMediaId,
    InvalidRequest,
    MessagesRefused,
    NoAnswer,
    NotTyping,
    WindowClosed,
    WindowUsedUp,
)


@pytest.fixture
def openid(openids: list[str], control: Control) -> str:
    """Somebody who has just written."""
    control.message(APPID, openids[0], "在吗")
    return openids[0]


def seen(control: Control, openid: str) -> list[dict[str, object]]:
    return [line for line in control.chat(openid) if line["kind"] == "service"]


def test_a_text_arrives(simulated: WeChat, control: Control, openid: str) -> None:
    simulated.customer_service.send(openid, kf.Text("您好 👋"))

    assert [line["text"] for line in seen(control, openid)] == ["您好 👋"]


def test_files_arrive(simulated: WeChat, control: Control, openid: str) -> None:
    media = simulated.media
    picture = media.upload("image", "a.jpg", files.jpeg(), "image/jpeg").media_id
    voice = media.upload("voice", "a.amr", files.amr(), "audio/amr").media_id
    video = media.upload("video", "a.mp4", files.mp4(), "video/mp4").media_id

    for message in (kf.Image(picture), kf.Voice(voice), kf.Video(video, "片", "说明", picture)):
        simulated.customer_service.send(openid, message)

    assert [line["msgtype"] for line in seen(control, openid)] == ["image", "voice", "video"]


def test_cards_arrive(simulated: WeChat, control: Control, openid: str) -> None:
    picture = simulated.media.upload("image", "a.jpg", files.jpeg(), "image/jpeg").media_id
    thumb = simulated.media.upload("thumb", "a.jpg", files.jpeg(), "image/jpeg").media_id
    cards: list[kf.Message] = [
        kf.News("春季上新", "https://example.com/spring", "说明", "https://example.com/p.jpg"),
        kf.MiniProgramPage("小程序", "wx1111111111111111", "pages/index", picture),
        kf.Music("https://example.com/a.mp3", "https://example.com/b.mp3", thumb, "曲", "唱"),
        kf.Menu("满意吗？", (kf.Choice("1", "满意"), kf.Choice("2", "不满意")), "谢谢"),
    ]

    for card in cards:
        simulated.customer_service.send(openid, card)

    assert [line["msgtype"] for line in seen(control, openid)] == ["news", "miniprogrampage", "music", "msgmenu"]


def test_an_unpublished_article_is_refused(simulated: WeChat, openid: str) -> None:
    with pytest.raises(ApiError) as caught:
        simulated.customer_service.send(openid, kf.PublishedArticle("nobody"))

    assert caught.value.errcode == 53600


@pytest.mark.parametrize("text", ["", " \n", "字" * 683])
def test_a_text_that_wechat_would_refuse_is_not_sent(text: str) -> None:
    with pytest.raises(InvalidRequest):
        kf.Text(text)


def test_who_did_nothing_lately_cannot_be_written_to(simulated: WeChat, openids: list[str]) -> None:
    with pytest.raises(WindowClosed):
        simulated.customer_service.send(openids[1], kf.Text("您好"))


def test_the_sixth_message_is_one_too_many(simulated: WeChat, openid: str) -> None:
    for number in range(5):
        simulated.customer_service.send(openid, kf.Text(str(number)))

    with pytest.raises(WindowUsedUp):
        simulated.customer_service.send(openid, kf.Text("6"))


def test_who_switched_messages_off_is_left_alone(simulated: WeChat, control: Control, openid: str) -> None:
    control.refuse(APPID, openid)

    with pytest.raises(MessagesRefused):
        simulated.customer_service.send(openid, kf.Text("您好"))


def test_an_unknown_file_is_refused(simulated: WeChat, openid: str) -> None:
    with pytest.raises(InvalidMediaId):
        simulated.customer_service.send(openid, kf.Image("nobody"))


def test_a_lost_answer_is_never_repeated(simulated: WeChat, control: Control, openid: str) -> None:
    control.fault(kf.SEND, drop="after")

    with pytest.raises(NoAnswer) as caught:
        simulated.customer_service.send(openid, kf.Text("您好"))

    assert caught.value.maybe_carried_out
    assert len(seen(control, openid)) == 1


def test_an_agent_that_does_not_exist_is_refused(simulated: WeChat, openid: str) -> None:
    with pytest.raises(ApiError) as caught:
        simulated.customer_service.send(openid, kf.Text("您好"), kf_account="nobody@shop")

    assert caught.value.errcode == 65401


def test_typing_is_shown_once_and_only_in_a_talk(simulated: WeChat, control: Control, openid: str) -> None:
    simulated.customer_service.typing(openid)
    with pytest.raises(NotTyping) as caught:
        simulated.customer_service.typing(openid)
    assert caught.value.errcode == 45081
    simulated.customer_service.typing(openid, is_typing=False)

    control.advance(60)
    with pytest.raises(NotTyping) as caught:
        simulated.customer_service.typing(openid)
    assert caught.value.errcode == 45080
