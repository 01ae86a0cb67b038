"""What a push says, whichever way WeChat writes it."""

from __future__ import annotations

import pytest

from tests.wechat.pushes import event, message
from wxcore.wechat.messages import MalformedPush, Push, Subscribe, TextMessage, Unsubscribe, encrypted_part, parse


def test_a_message_has_its_common_fields() -> None:
    push = parse(message("<Content><![CDATA[你好 & <b>]]></Content>", "<MsgId>1234567890123456</MsgId>"))
    assert isinstance(push, TextMessage)
    assert (push.to_user, push.from_user, push.create_time) == ("gh_1", "oU1", 1711931950)
    assert (push.msg_type, push.event, push.msg_id) == ("text", "", 1234567890123456)
    assert push.content == push.fields["Content"] == "你好 & <b>"


@pytest.mark.parametrize("name", ["SCAN", "scan", "Scan"])
def test_the_case_of_an_event_does_not_matter(name: str) -> None:
    assert parse(event(name)).event == "scan"


@pytest.mark.parametrize("name", ["MsgId", "MsgID", "msgid"])
def test_the_case_of_an_id_does_not_matter(name: str) -> None:
    assert parse(message(f"<{name}>77</{name}>")).msg_id == 77


def test_a_value_may_be_plain_or_cdata_and_have_space_around() -> None:
    push = parse(b"<xml>\n <FromUserName> oU1\n</FromUserName><CreateTime><![CDATA[12]]></CreateTime></xml>")
    assert (push.from_user, push.create_time) == ("oU1", 12)


def test_an_event_that_we_do_not_know_is_a_plain_push() -> None:
    push = parse(event("debug_demo", "<CardId>c</CardId>"))
    assert type(push) is Push
    assert push.fields["CardId"] == "c"


def test_nested_elements_can_be_found() -> None:
    picture = "<item><PicMd5Sum>{}</PicMd5Sum></item>"
    info = f"<SendPicsInfo><Count>2</Count><PicList>{picture.format('a')}{picture.format('b')}</PicList></SendPicsInfo>"
    push = parse(event("pic_weixin", info))
    assert [item.text("picmd5sum") for item in push.body.find("SendPicsInfo", "PicList", "item")] == ["a", "b"]
    assert push.body.find("ScanCodeInfo", "ScanType") == []


def test_a_follower_who_scanned_a_code_brings_its_scene() -> None:
    push = parse(event("subscribe", "<EventKey><![CDATA[qrscene_spring2024]]></EventKey><Ticket>T</Ticket>"))
    assert isinstance(push, Subscribe)
    assert (push.scene, push.ticket) == ("spring2024", "T")


@pytest.mark.parametrize("key", ["", "<EventKey/>", "<EventKey><![CDATA[]]></EventKey>"])
def test_a_follower_without_a_code_brings_none(key: str) -> None:
    push = parse(event("subscribe", key))
    assert isinstance(push, Subscribe)
    assert (push.scene, push.ticket) == ("", "")


def test_somebody_leaves() -> None:
    assert isinstance(parse(event("unsubscribe")), Unsubscribe)


def test_the_ciphertext_of_safe_mode_is_found() -> None:
    assert encrypted_part(b"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[abc=]]></Encrypt></xml>") == "abc="


@pytest.mark.parametrize("body", [b"<xml/>", b"<xml><Encrypt/></xml>", b"", b"not xml"])
def test_a_body_without_ciphertext_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedPush):
        encrypted_part(body)
