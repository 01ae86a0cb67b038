"""One push delivered three times has one key; two pushes have two."""

from __future__ import annotations

from tests.wechat.pushes import COUNTS, event, finish, message
from wxcore.wechat.messages import dedup_key, parse

CLICK = "<EventKey><![CDATA[menu_1]]></EventKey>"


def key(body: bytes) -> str:
    return dedup_key(parse(body))


def test_a_message_is_known_by_its_id() -> None:
    assert key(message("<MsgId>7</MsgId>")) == key(message("<MsgId>7</MsgId>", "<Content>x</Content>"))
    assert key(message("<MsgId>7</MsgId>")) != key(message("<MsgId>8</MsgId>"))


def test_an_event_is_known_by_its_sender_second_name_and_key() -> None:
    known = key(event("CLICK", CLICK))
    assert known == key(event("CLICK", CLICK))
    assert known == key(event("click", CLICK.replace("menu_1", " menu_1 ")))
    assert known != key(event("CLICK", CLICK.replace("menu_1", "menu_2")))
    assert known != key(event("VIEW", CLICK))
    assert known != key(event("CLICK", CLICK).replace(b"1711931950", b"1711931951"))
    assert known != key(event("CLICK", CLICK).replace(b"oU1", b"oU2"))


def test_two_jobs_that_end_in_one_second_are_two() -> None:
    assert key(finish(COUNTS)) != key(finish(COUNTS).replace(b"3162228393", b"3162228394"))


def test_two_publications_that_end_in_one_second_are_two() -> None:
    info = "<PublishEventInfo><publish_id>{}</publish_id><publish_status>0</publish_status></PublishEventInfo>"
    assert key(event("PUBLISHJOBFINISH", info.format(1))) != key(event("PUBLISHJOBFINISH", info.format(2)))


def test_an_event_and_a_message_with_the_same_id_are_two() -> None:
    assert key(finish()) != key(message("<MsgId>3162228393</MsgId>"))


def test_a_message_without_id_is_known_like_an_event() -> None:
    assert key(message("<MsgId/>")).startswith("event|oU1|1711931950|")


def test_a_long_key_stays_short_and_different() -> None:
    one, two = (key(event("VIEW", f"<EventKey>https://example.com/{'x' * 900}{end}</EventKey>")) for end in "ab")
    assert one != two
    assert max(len(one), len(two)) < 200
