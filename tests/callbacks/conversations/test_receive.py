"""What a follower writes and does becomes a conversation: once, in any order, with the windows that it opens."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from callbacks import conversations, receiving
from callbacks.models import Callback, Conversation, Direction, Message, MessageStatus, ReplyRule
from campaigns.models import MediaAsset
from tests.callbacks.conversations.conftest import Receive
from wxcore.models import OfficialAccount
from wxcore.wechat import messages

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def test_a_text_is_kept_and_counted(receive: Receive) -> None:
    row = receive("text", "<Content>你好</Content>")

    message, talk = Message.objects.get(), Conversation.objects.get()
    assert (message.direction, message.kind, message.text, message.at) == (Direction.IN, "text", "你好", row.pushed_at)
    assert (talk.unread, talk.preview, talk.talk_left, talk.waiting_since) == (1, "你好", 5, row.pushed_at)
    assert talk.talk_until == row.pushed_at + 48 * HOUR


@pytest.mark.parametrize(
    ("kind", "fields", "text", "content"),
    [
        ("image", ("<PicUrl>https://p</PicUrl><MediaId>M</MediaId>",), "", {"pic_url": "https://p", "media_id": "M"}),
        ("voice", ("<MediaId>M</MediaId><Format>amr</Format>",), "",
         {"media_id": "M", "format": "amr", "recognition": ""}),
        ("location", ("<Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><Label>广州</Label>",), "广州",
         {"latitude": 23.1, "longitude": 113.3, "scale": None, "label": "广州"}),
        ("link", ("<Title>T</Title><Description>D</Description><Url>https://u</Url>",), "T",
         {"title": "T", "description": "D", "url": "https://u"}),
        ("strange", ("<Some>thing</Some>",), "", {}),
    ],
)  # fmt: skip
def test_every_kind_keeps_its_fields(
    receive: Receive, kind: str, fields: tuple[str, ...], text: str, content: dict[str, object]
) -> None:
    receive(kind, *fields)

    message = Message.objects.get()
    assert (message.kind, message.text, message.content) == (kind, text, content)
    assert Conversation.objects.get().preview == (text or f"[{kind}]")


@pytest.mark.parametrize(
    ("event", "fields", "text", "left"),
    [
        ("subscribe", "<EventKey>qrscene_spring</EventKey>", "spring", 3),
        ("SCAN", "<EventKey>spring</EventKey>", "spring", 3),
        ("CLICK", "<EventKey>HELP</EventKey>", "HELP", 3),
        ("VIEW", "<EventKey>https://example.com</EventKey>", "https://example.com", 0),
    ],
)
def test_an_event_is_a_line_and_no_message(receive: Receive, event: str, fields: str, text: str, left: int) -> None:
    receive(event, fields)

    line, talk = Message.objects.get(), Conversation.objects.get()
    assert (line.direction, line.kind, line.text) == (Direction.EVENT, event.lower(), text)
    assert (talk.action_left, talk.unread, talk.last_message_at, talk.waiting_since) == (left, 0, None, None)


def test_what_is_neither_leaves_nothing(receive: Receive) -> None:
    receive("LOCATION", "<Latitude>1</Latitude><Longitude>1</Longitude><Precision>1</Precision>")
    receive("unsubscribe")

    assert not Conversation.objects.exists()


def test_a_push_that_is_processed_twice_is_one_message(receive: Receive) -> None:
    row = receive("text", "<Content>你好</Content>")

    receiving.receive(Callback.objects.get(), messages.parse(row.body.encode()), timezone.now())

    assert (Message.objects.count(), Conversation.objects.get().unread) == (1, 1)


def test_what_comes_late_does_not_take_the_place_of_what_is_newer(receive: Receive) -> None:
    newest = receive("text", "<Content>二</Content>")
    receive("text", "<Content>一</Content>", at=newest.pushed_at - HOUR)

    talk = Conversation.objects.get()
    assert (talk.preview, talk.last_message_at, talk.unread) == ("二", newest.pushed_at, 2)
    assert talk.talk_until == newest.pushed_at + 48 * HOUR
    assert [message.text for message in talk.messages.all()] == ["一", "二"]


def test_within_a_second_they_stand_as_they_arrived(account: OfficialAccount, receive: Receive) -> None:
    pushed = timezone.now().replace(microsecond=0)
    for words, late in (("二", 300), ("一", 100), ("三", 5000)):
        row = receive("text", f"<Content>{words}</Content>", at=pushed)
        Callback.objects.filter(pk=row.pk).update(received_at=pushed + dt.timedelta(milliseconds=late))
        Message.objects.filter(callback=row).delete()
        row.refresh_from_db()
        receiving.receive(row, messages.parse(row.body.encode()), timezone.now())

    assert [message.text for message in Message.objects.all()] == ["一", "二", "三"]


def test_a_new_message_reopens_what_was_done(receive: Receive, talk: Conversation) -> None:
    conversations.mark_done(Conversation.objects.all())

    receive("text", "<Content>还有一个问题</Content>")

    assert not Conversation.objects.get().is_done


def test_what_we_answered_at_once_stands_below_it(receive: Receive, account: OfficialAccount) -> None:
    rule = ReplyRule.objects.create(account=account, name="问候", words="你好", text="您好！")

    receive("text", "<Content>你好</Content>", answer={"rule": rule.pk, "kind": "text", "content": "您好！"})

    question, answer = Message.objects.order_by("pk")
    assert (answer.direction, answer.text, answer.rule, answer.status) == (
        Direction.OUT, "您好！", rule, MessageStatus.SENT,
    )  # fmt: skip
    assert answer.callback == question.callback
    assert Conversation.objects.get().talk_left == 5


def test_an_answer_outlives_its_rule(receive: Receive) -> None:
    receive("text", "<Content>你好</Content>", answer={"rule": 404, "kind": "text", "content": "您好！"})

    assert Message.objects.get(direction=Direction.OUT).rule is None


def test_wechats_own_customer_service_is_named(receive: Receive) -> None:
    receive("kf_create_session", "<KfAccount>anna@shop</KfAccount>")
    assert Conversation.objects.get().kf_account == "anna@shop"

    receive("kf_switch_session", "<FromKfAccount>anna@shop</FromKfAccount><ToKfAccount>ben@shop</ToKfAccount>")
    assert Conversation.objects.get().kf_account == "ben@shop"

    receive("kf_close_session", "<KfAccount>ben@shop</KfAccount>")
    assert Conversation.objects.get().kf_account == ""


def test_erasing_leaves_nothing_of_a_follower(receive: Receive, account: OfficialAccount) -> None:
    receive("text", "<Content>你好</Content>")

    conversations.erase(account, "oU1")

    assert (Conversation.objects.count(), Message.objects.count()) == (0, 0)


def test_an_answer_whose_file_was_not_at_wechat_is_queued_once(receive: Receive, account: OfficialAccount) -> None:
    cover = MediaAsset.objects.create(account=account, kind="image", name="海报", mime="image/png", size=1)
    later = {"kind": "image", "content": {}, "asset": cover.pk}
    callback = receive("text", "<Content>海报</Content>", answer={"rule": 404, "kind": "image", "later": later})
    receiving.receive(callback, messages.parse(callback.body.encode()), timezone.now())

    queued = Message.objects.get(direction=Direction.OUT)
    assert (queued.kind, queued.asset, queued.status) == ("image", cover, MessageStatus.PENDING)


@pytest.mark.parametrize(
    ("trigger", "kind", "waits"),
    [("keyword", "text", False), ("default", "text", True), ("keyword", "transfer_customer_service", True)],
)
def test_whom_a_keyword_has_answered_waits_for_nobody(
    account: OfficialAccount, receive: Receive, trigger: str, kind: str, waits: bool
) -> None:
    rule = ReplyRule.objects.create(
        account=account, name="价格", trigger=trigger, words="价格", kind=kind, text="99 元"
    )
    receive("text", "<Content>在吗</Content>")
    Conversation.objects.update(is_done=True, unread=0, waiting_since=None)

    receive("text", "<Content>价格</Content>", answer={"rule": rule.pk, "kind": kind, "content": "99 元"})

    talk = Conversation.objects.get()
    assert (talk.is_done, talk.unread, talk.waiting_since is not None) == (not waits, int(waits), waits)
    assert talk.preview == "价格"
    assert talk.talk_left == 5
