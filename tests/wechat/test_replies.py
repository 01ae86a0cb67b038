"""Passive replies, read back by a parser that is not ours."""

from __future__ import annotations

import json
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from tests.wechat.pushes import event, message
from wxcore.wechat import crypto
from wxcore.wechat.messages import encrypted_part, parse
from wxcore.wechat.replies import (
    Article,
    ImageReply,
    MusicReply,
    NewsReply,
    Reply,
    TextReply,
    TransferReply,
    VideoReply,
    VoiceReply,
    render,
    seal,
)

NOW = 1721357414
PUSH = parse(message("<Content>hi</Content>", "<MsgId>1</MsgId>"))
JSON_PUSH = parse(
    b'{"ToUserName":"gh_1","FromUserName":"oU1","CreateTime":1,"MsgType":"text","Content":"hi","MsgId":1}'
)
KEY = crypto.decode_aes_key("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG")
CARD = Article(title="标题", description="d", pic_url="https://p.example/1.png", url="https://example.com/?a=1&b=2")
CARD_FIELDS = {"Title": "标题", "Description": "d", "PicUrl": CARD.pic_url, "Url": CARD.url}
REPLIES: list[tuple[Reply, str, dict[str, Any]]] = [
    (TextReply("你好 <a>&"), "text", {"Content": "你好 <a>&"}),
    (ImageReply("m1"), "image", {"Image": {"MediaId": "m1"}}),
    (VoiceReply("m2"), "voice", {"Voice": {"MediaId": "m2"}}),
    (VideoReply("m3", "t", ""), "video", {"Video": {"MediaId": "m3", "Title": "t", "Description": ""}}),
    (
        MusicReply("t", "d", "https://m.example/a.mp3", "https://m.example/b.mp3", "thumb"),
        "music",
        {
            "Music": {
                "Title": "t",
                "Description": "d",
                "MusicUrl": "https://m.example/a.mp3",
                "HQMusicUrl": "https://m.example/b.mp3",
                "ThumbMediaId": "thumb",
            }
        },
    ),
    (NewsReply((CARD, CARD)), "news", {"ArticleCount": 2, "Articles": [CARD_FIELDS, CARD_FIELDS]}),
    (TransferReply(), "transfer_customer_service", {}),
    (TransferReply("x@acct"), "transfer_customer_service", {"TransInfo": {"KfAccount": "x@acct"}}),
]


def read(element: Element) -> Any:
    """An element as JSON would have it, numbers as text."""
    if len(element) == 0:
        return element.text or ""
    if {child.tag for child in element} == {"item"}:
        return [read(child) for child in element]
    return {child.tag: read(child) for child in element}


@pytest.mark.parametrize(("reply", "kind", "fields"), REPLIES, ids=[kind for _, kind, _ in REPLIES])
def test_it_is_xml_with_the_names_swapped(reply: Reply, kind: str, fields: dict[str, Any]) -> None:
    common = {"ToUserName": "oU1", "FromUserName": "gh_1", "CreateTime": str(NOW), "MsgType": kind}
    if "ArticleCount" in fields:
        fields = fields | {"ArticleCount": "2"}

    assert read(fromstring(render(reply, PUSH, now=NOW))) == common | fields


@pytest.mark.parametrize(("reply", "kind", "fields"), REPLIES, ids=[kind for _, kind, _ in REPLIES])
def test_a_push_in_json_is_answered_in_json(reply: Reply, kind: str, fields: dict[str, Any]) -> None:
    common = {"ToUserName": "oU1", "FromUserName": "gh_1", "CreateTime": NOW, "MsgType": kind}

    assert json.loads(render(reply, JSON_PUSH, now=NOW)) == common | fields


def test_one_card_is_still_a_list() -> None:
    root = fromstring(render(NewsReply((CARD,)), parse(event("CLICK")), now=NOW))

    assert (root.findtext("ArticleCount"), len(root.findall("Articles/item"))) == ("1", 1)


@pytest.mark.parametrize("text", ["]]>", "]]]]>>", "<![CDATA[x]]>", "a\nb", "]]", "]]>]]>", "</Content></xml>"])
def test_no_text_breaks_out(text: str) -> None:
    assert fromstring(render(TextReply(text), PUSH, now=NOW)).findtext("Content") == text


@given(st.text(alphabet=st.characters()))
def test_any_text_is_sent_but_for_what_xml_cannot_hold(text: str) -> None:
    sent = fromstring(render(TextReply(text), PUSH, now=NOW)).findtext("Content")

    held = "".join(
        c for c in text if c in "\t\n\r" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )
    assert sent == held.replace("\r\n", "\n").replace("\r", "\n")
    assert json.loads(render(TextReply(text), JSON_PUSH, now=NOW))["Content"] == held


@pytest.mark.parametrize("is_json", [False, True])
def test_a_sealed_reply_opens_with_key_and_signature(is_json: bool) -> None:
    body = render(TextReply("你好"), JSON_PUSH if is_json else PUSH, now=NOW)

    sealed = seal(body, key=KEY, token="t", appid="wx1", timestamp="1714112445", nonce="41<&>5", is_json=is_json)

    envelope = json.loads(sealed) if is_json else read(fromstring(sealed))
    assert list(envelope) == ["Encrypt", "MsgSignature", "TimeStamp", "Nonce"]
    assert (envelope["Nonce"], str(envelope["TimeStamp"])) == ("41<&>5", "1714112445")
    assert envelope["MsgSignature"] == crypto.signature("t", "1714112445", "41<&>5", envelope["Encrypt"])
    assert crypto.decrypt(encrypted_part(sealed), key=KEY, appid="wx1") == body
