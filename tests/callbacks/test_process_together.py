"""What followers write is processed together: in few statements, and as if it were done one by one."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from callbacks import services
from callbacks.models import Callback, Conversation, Direction, Match, Message, ReplyRule, Trigger
from callbacks.states import CallbackStatus
from followers.models import Follower
from followers.services import unfollow
from tests.wechat.pushes import event
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def write(account: OfficialAccount, openid: str, text: str, *, number: int = 0, ago: int = 0, **columns: object) -> int:
    """A text of a follower, stored and due: its primary key."""
    at = timezone.now().replace(microsecond=0) - dt.timedelta(seconds=ago)
    number = number or Callback.objects.count() + 1
    body = (
        f"<xml><ToUserName>gh_1</ToUserName><FromUserName>{openid}</FromUserName>"
        f"<CreateTime>{int(at.timestamp())}</CreateTime><MsgType>text</MsgType>"
        f"<Content>{text}</Content><MsgId>{number}</MsgId></xml>"
    )
    row = {"openid": openid, "msg_type": "text", "body": body, "dedup_key": f"message|{number}"} | columns
    return Callback.objects.create(account=account, pushed_at=at, received_at=at, due_at=at, **row).pk


def process() -> int:
    return services.process_due(now=timezone.now(), most=1000)


def statements(account: OfficialAccount, followers: int) -> int:
    for number in range(followers):
        Follower.objects.create(account=account, openid=f"o{followers}-{number}", confirmed_at=LONG_AGO)
        write(account, f"o{followers}-{number}", "你好")
    with CaptureQueriesContext(connection) as captured:
        assert process() == followers
    return len(captured)


def test_the_statements_do_not_grow_with_the_texts(account: OfficialAccount) -> None:
    few = statements(account, 3)

    assert statements(account, 60) <= few + 2  # the clock may move on to another second or two


def test_everybody_gets_a_conversation_and_is_remembered(
    account: OfficialAccount, other_account: OfficialAccount
) -> None:
    Follower.objects.create(account=account, openid="oA", confirmed_at=LONG_AGO)
    for owner in (account, other_account):
        write(owner, "oA", "第一句", ago=9)
    last = write(account, "oA", "第二句", ago=3)
    write(other_account, "oA", "第二句", ago=3)
    write(account, "oB", "别人")

    process()

    talks = Conversation.objects.order_by("account", "openid").values_list("account", "openid", "preview", "unread")
    assert list(talks) == [
        (account.pk, "oA", "第二句", 2),
        (account.pk, "oB", "别人", 1),
        (other_account.pk, "oA", "第二句", 2),
    ]
    assert list(
        Message.objects.filter(conversation=Conversation.objects.get(openid="oA", account=account))
        .order_by("id")
        .values_list("text", flat=True)
    ) == ["第一句", "第二句"]
    assert Follower.objects.get().last_interaction_at == Callback.objects.get(pk=last).pushed_at
    assert set(Callback.objects.values_list("status", "due_at")) == {(CallbackStatus.PROCESSED, None)}


def test_what_was_answered_stands_below_what_was_asked(account: OfficialAccount) -> None:
    rule = ReplyRule.objects.create(
        account=account, name="价格", trigger=Trigger.KEYWORD, match=Match.EQUALS, words="价格", text="99 元"
    )
    write(account, "oA", "价格", answer={"rule": rule.pk, "kind": "text", "content": "99 元"})
    write(account, "oB", "价格", answer={"rule": rule.pk + 999, "kind": "text", "content": "99 元"})

    process()

    assert list(Message.objects.order_by("id").values_list("direction", "text", "rule")) == [
        (Direction.IN, "价格", None),
        (Direction.OUT, "99 元", rule.pk),
        (Direction.IN, "价格", None),
        (Direction.OUT, "99 元", None),
    ]


def test_one_that_breaks_costs_the_others_nothing(account: OfficialAccount) -> None:
    """JSON that is no object cannot be an answer: what a bug of ours would have stored."""
    write(account, "oA", "前")
    broken = write(account, "oB", "坏", answer=[1])
    write(account, "oC", "后")

    process()

    assert list(Message.objects.values_list("text", flat=True).order_by("id")) == ["前", "后"]
    row = Callback.objects.get(pk=broken)
    assert (row.status, row.error_code, row.attempts) == (CallbackStatus.STORED, "processing_failed", 1)
    assert Callback.objects.filter(status=CallbackStatus.PROCESSED).count() == 2


def test_what_cannot_be_read_costs_the_others_nothing(account: OfficialAccount) -> None:
    write(account, "oA", "前")
    unreadable = write(account, "oB", "坏", body="<xml>")

    process()

    assert Message.objects.get().text == "前"
    assert Callback.objects.get(pk=unreadable).status == CallbackStatus.STORED


def test_whoever_has_left_leaves_nothing(account: OfficialAccount) -> None:
    for openid in ("oA", "oB"):
        Follower.objects.create(account=account, openid=openid, confirmed_at=LONG_AGO)
    erased = write(account, "oA", "再见", ago=20)
    write(account, "oB", "再见", ago=20)
    unfollow(account, openid="oA", at=timezone.now() - dt.timedelta(seconds=10))
    write(account, "oA", "我又来了")

    process()

    assert set(Message.objects.values_list("conversation__openid", "text")) == {("oB", "再见"), ("oA", "我又来了")}
    assert Callback.objects.get(pk=erased).body == ""


def test_other_events_among_them_are_processed_too(account: OfficialAccount) -> None:
    write(account, "oA", "你好")
    body = event("subscribe").decode()
    write(account, "oU1", "", body=body, msg_type="event", event="subscribe")
    write(account, "oB", "", body=event("something_new").decode(), msg_type="event", event="something_new")

    process()

    assert Follower.objects.get().openid == "oU1"
    assert list(Callback.objects.order_by("id").values_list("status", flat=True)) == [
        CallbackStatus.PROCESSED, CallbackStatus.PROCESSED, CallbackStatus.UNKNOWN,
    ]  # fmt: skip


def test_what_is_known_already_is_not_said_twice(account: OfficialAccount) -> None:
    for number in range(3):
        write(account, "oA", f"第{number}句")
    process()
    services.process_again(Callback.objects.all(), now=timezone.now())
    write(account, "oA", "新的")

    process()

    assert list(Message.objects.order_by("id").values_list("text", flat=True)) == ["第0句", "第1句", "第2句", "新的"]
    assert Conversation.objects.get().unread == 4


@pytest.mark.django_db(transaction=True)
def test_workers_at_once_do_everything_once(account: OfficialAccount) -> None:
    for number in range(120):
        write(account, f"o{number % 7}", f"{number}")
    together = Barrier(3)

    def work() -> int:
        try:
            together.wait()
            done = 0
            while count := services.process_due(now=timezone.now(), most=20):
                done += count
            return done
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        done = sum(future.result() for future in [pool.submit(work) for _ in range(3)])

    assert done == 120
    assert Message.objects.count() == 120
    assert sum(Conversation.objects.values_list("unread", flat=True)) == 120
    assert set(Callback.objects.values_list("status", "attempts")) == {(CallbackStatus.PROCESSED, 1)}
