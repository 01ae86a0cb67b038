"""What each type of message puts into a mass send, and into a preview."""

from __future__ import annotations

from typing import Any

import pytest

from tests.wechat.host import Host
from wxcore.wechat.broadcasts import (
    ArticleMessage,
    CardMessage,
    ImageMessage,
    ImagesMessage,
    Message,
    RawMessage,
    TextMessage,
    ToTag,
    VideoMessage,
    VoiceMessage,
)
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import InvalidRequest

SENDALL = "/cgi-bin/message/mass/sendall"
PREVIEW = "/cgi-bin/message/mass/preview"

TEXT = {"msgtype": "text", "text": {"content": "你好"}}
IMAGE = {"msgtype": "image", "image": {"media_id": "M1"}}
IMAGES = {
    "msgtype": "image",
    "images": {"media_ids": ["M1", "M2"], "need_open_comment": 0, "only_fans_can_comment": 0},
}
IMAGES_IN_WORDS = {
    "msgtype": "image",
    "images": {
        "media_ids": ["M1"],
        "recommend": "看春天",
        "title": "春",
        "need_open_comment": 1,
        "only_fans_can_comment": 1,
    },
}
VOICE = {"msgtype": "voice", "voice": {"media_id": "M1"}}
VIDEO = {"msgtype": "mpvideo", "mpvideo": {"media_id": "M1"}}
NEWS: dict[str, Any] = {"msgtype": "mpnews", "mpnews": {"media_id": "D1"}}
CARD = {"msgtype": "wxcard", "wxcard": {"card_id": "C1"}}
CARD_WITH_EXT = {"msgtype": "wxcard", "wxcard": {"card_id": "C1", "card_ext": "{}"}}


@pytest.mark.parametrize(
    ("message", "sent", "previewed"),
    [
        (TextMessage("你好"), TEXT, TEXT),
        (ImageMessage("M1"), IMAGE, IMAGE),
        (ImagesMessage(("M1", "M2")), IMAGES, IMAGE),
        (ImagesMessage(("M1",), "看春天", "春", True, True), IMAGES_IN_WORDS, IMAGE),
        (VoiceMessage("M1"), VOICE, VOICE),
        (VideoMessage("M1"), VIDEO, VIDEO),
        (ArticleMessage("D1"), NEWS | {"send_ignore_reprint": 0}, NEWS),
        (ArticleMessage("D1", send_ignore_reprint=True), NEWS | {"send_ignore_reprint": 1}, NEWS),
        (CardMessage("C1", "{}"), CARD, CARD_WITH_EXT),
        (RawMessage(IMAGES), IMAGES, IMAGE),
        (RawMessage(NEWS | {"send_ignore_reprint": 1}), NEWS | {"send_ignore_reprint": 1}, NEWS),
    ],
)
def test_it_says_what_it_is(
    host: Host, wechat: WeChat, message: Message, sent: dict[str, Any], previewed: dict[str, Any]
) -> None:
    host.will(SENDALL, {"errcode": 0, "msg_id": 1})
    wechat.broadcasts.sendall(ToTag(2), message, clientmsgid="c1")
    wechat.broadcasts.preview(message, wxname="tester")
    audience = {"filter": {"is_to_all": False, "tag_id": 2}, "clientmsgid": "c1"}
    assert host.calls(SENDALL)[0].json() == sent | audience
    assert host.calls(PREVIEW)[0].json() == previewed | {"towxname": "tester"}


@pytest.mark.parametrize("key", ["filter", "touser", "towxname", "clientmsgid"])
def test_a_stored_message_cannot_choose_its_audience(key: str) -> None:
    with pytest.raises(InvalidRequest):
        RawMessage(TEXT | {key: {"is_to_all": True}})


@pytest.mark.parametrize("body", [{}, {"text": {"content": "x"}}, {"msgtype": ""}])
def test_a_stored_message_has_a_type(body: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequest):
        RawMessage(body)


def test_a_preview_leaves_the_message_as_it_was(host: Host, wechat: WeChat) -> None:
    body = {**NEWS, "send_ignore_reprint": 1}
    wechat.broadcasts.preview(RawMessage(body), openid="o1")
    assert body == {**NEWS, "send_ignore_reprint": 1}
