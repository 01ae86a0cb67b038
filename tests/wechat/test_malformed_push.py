"""Whatever a stranger posts, reading it ends in a push or in MalformedPush."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.wechat.pushes import COPYRIGHT, COUNTS, event, finish, message
from wxcore.wechat.messages import MalformedPush, Push, dedup_key, parse

BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml>&b;</xml>'
FILE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><xml><FromUserName>&a;</FromUserName></xml>'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"success",
        b"<xml>",
        b"<xml><a></b></xml>",
        b"{}",
        b"\x00",
        b"\xff\xfe\xff",
        b"<!DOCTYPE xml><xml/>",
        BOMB,
        FILE,
        b"<?xml version='1.0' encoding='nonsense'?><xml/>",
        b"<?xml version='1.0' encoding='utf-32'?><xml/>",
        b"<?xml version='1.0' encoding='idna'?><xml/>",
        b"<xml/>",
        message().replace(b"<![CDATA[oU1]]>", b""),
        message().replace(b"1711931950", b""),
        message().replace(b"1711931950", b"soon"),
        message().replace(b"1711931950", b"-1"),
        message().replace(b"1711931950", b"1e9"),
        message().replace(b"1711931950", "١٢".encode()),
        message().replace(b"1711931950", b"999999999999"),
    ],
)
def test_it_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedPush):
        parse(body)


def test_a_very_deep_body_is_read() -> None:
    deep = "<a>" * 50_000 + "</a>" * 50_000
    assert parse(message(deep)).from_user == "oU1"


@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace"))))
def test_any_bytes_end_in_a_push_or_in_malformed(body: bytes) -> None:
    _read(body)


@given(st.data())
def test_a_damaged_push_ends_in_a_push_or_in_malformed(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from([finish(COUNTS, COPYRIGHT), event("subscribe"), message("<MsgId>1</MsgId>")]))
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    _read(whole[:start] + data.draw(st.binary(max_size=20)) + whole[end:])


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=400))
def test_any_text_in_a_field_gives_a_short_key(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    try:
        push = parse(event("CLICK", f"<EventKey>{escaped}</EventKey>"))
    except MalformedPush:  # some characters are in no XML
        return
    assert len(dedup_key(push)) < 200


def _read(body: bytes) -> None:
    try:
        push = parse(body)
    except MalformedPush:
        return
    assert isinstance(push, Push)
    assert len(dedup_key(push)) < 200
