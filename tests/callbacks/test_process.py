"""A worker does what a push asks for; what fails stays, is tried again, and then waits for a person."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from callbacks import services, tasks
from callbacks.models import Callback
from callbacks.states import CallbackStatus
from campaigns.models import Broadcast, Campaign, SendResult
from campaigns.states import BroadcastStatus
from followers.models import Follower
from tests.callbacks.pushing import process, pushed
from tests.callbacks.sender import Sender
from tests.wechat.pushes import ARTICLES, COPYRIGHT, COUNTS, EMPTY_CONTAINERS, event, finish, message
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

MSG_ID = 3162228393


def test_subscribe_makes_a_follower(wechat: Sender) -> None:
    row = pushed(wechat, event("subscribe", "<EventKey><![CDATA[]]></EventKey>"))

    assert (row.status, row.error_code, row.due_at) == (CallbackStatus.PROCESSED, "", None)
    assert Follower.objects.values_list("openid", "subscribed").get() == ("oU1", True)


def test_subscribe_by_a_qr_code_keeps_the_scene(wechat: Sender) -> None:
    pushed(wechat, event("subscribe", "<EventKey>qrscene_spring2026</EventKey>", "<Ticket>T</Ticket>"))

    assert Follower.objects.get().qr_scene_str == "spring2026"


@pytest.mark.parametrize(
    ("body", "counts"),
    [
        (message("<Content>hi</Content>", "<MsgId>5</MsgId>"), True),
        (event("CLICK", "<EventKey>K</EventKey>"), True),
        (event("SCAN", "<EventKey>1</EventKey>"), True),
        (event("subscribe"), True),
        (event("LOCATION", "<Latitude>1</Latitude>"), False),
    ],
)
def test_what_a_follower_does_is_remembered(
    wechat: Sender, account: OfficialAccount, body: bytes, counts: bool
) -> None:
    past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    follower = Follower.objects.create(account=account, openid="oU1", confirmed_at=past, subscribe_time=past)

    row = pushed(wechat, body)

    follower.refresh_from_db()
    assert follower.last_interaction_at == (row.pushed_at if counts else None)


def test_unsubscribe_erases_a_follower(wechat: Sender, account: OfficialAccount) -> None:
    past = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    Follower.objects.create(account=account, openid="oU1", unionid="u", confirmed_at=past)

    pushed(wechat, event("unsubscribe"))

    assert Follower.objects.values_list("subscribed", "unionid").get() == (False, "")


FULL = [100, 80, 75, 5]


@pytest.mark.parametrize(
    ("body", "figures"),
    [
        (finish(COUNTS), FULL),
        (finish(COUNTS, status="sendsuccess"), FULL),
        (finish(COUNTS, COPYRIGHT, ARTICLES), FULL),
        (finish(COUNTS, EMPTY_CONTAINERS), FULL),
        (finish(COUNTS.replace(">100<", "><![CDATA[100]]><")), FULL),
        (finish(COUNTS).replace(b"<MsgID>3162228393</MsgID>", b"<MsgID><![CDATA[3162228393]]></MsgID>"), FULL),
        (finish(COUNTS).replace(b"MsgID", b"MsgId"), FULL),
        (finish(COUNTS).replace(b"oU1", b"mphelper"), FULL),
        (finish("<TotalCount>100</TotalCount><SentCount></SentCount>"), [100, None, None, None]),
        (finish(), [None] * 4),
    ],
)
def test_a_finish_is_recorded_in_every_form(wechat: Sender, body: bytes, figures: list[int | None]) -> None:
    row = pushed(wechat, body)

    result = SendResult.objects.get()
    assert (row.status, result.msg_id, result.succeeded) == (CallbackStatus.PROCESSED, MSG_ID, True)
    assert [result.total_count, result.filter_count, result.sent_count, result.error_count] == figures


@pytest.mark.parametrize(
    "body",
    [
        message("<MsgId>1</MsgId>", kind="hologram"),
        event("something_new"),
        event("LOCATION", "<Latitude>north</Latitude>"),
    ],
)
def test_what_nobody_knows_is_kept_as_unknown(wechat: Sender, body: bytes) -> None:
    row = pushed(wechat, body)

    assert (row.status, row.body.encode(), row.due_at) == (CallbackStatus.UNKNOWN, body, None)
    assert row.processed_at is not None


# A finish for a broadcast that was never submitted cannot be applied: what a failing handler leaves behind.


@pytest.fixture
def stuck(wechat: Sender, campaign: Campaign) -> Callback:
    Broadcast.objects.create(account=campaign.account, campaign=campaign, position=1, msg_id=MSG_ID)
    return pushed(wechat, finish(COUNTS))


def test_a_failure_keeps_the_row_and_its_error(stuck: Callback) -> None:
    assert (stuck.status, stuck.attempts, stuck.error_code) == (CallbackStatus.STORED, 1, "not_allowed_now")
    assert stuck.error_message
    assert stuck.body.encode() == finish(COUNTS)


def test_a_failure_leaves_nothing_half_done(stuck: Callback) -> None:
    assert not SendResult.objects.exists()


def test_a_failure_is_tried_again_with_growing_pauses_and_then_left(stuck: Callback) -> None:
    rows = [stuck, *(process(stuck) for _ in range(3))]

    pauses = [row.due_at and round((row.due_at - timezone.now()).total_seconds(), -1) for row in rows]
    assert pauses == [0, 60, 600, None]
    assert [row.status for row in rows] == [CallbackStatus.STORED] * 3 + [CallbackStatus.FAILED]


def test_a_failure_that_is_mended_is_processed(stuck: Callback) -> None:
    Broadcast.objects.update(status=BroadcastStatus.SUBMITTED)

    assert process(stuck).error_code == ""

    assert Broadcast.objects.get().status == BroadcastStatus.FINISHED


def test_process_again_queues_what_was_left(stuck: Callback) -> None:
    Callback.objects.update(status=CallbackStatus.FAILED, due_at=None, attempts=4)
    Broadcast.objects.update(status=BroadcastStatus.SUBMITTED)

    assert services.process_again(Callback.objects.all(), now=timezone.now()) == 1
    tasks.tick()

    assert Callback.objects.values_list("status", "attempts").get() == (CallbackStatus.PROCESSED, 1)


def test_process_again_changes_nothing_that_was_done(wechat: Sender) -> None:
    row = pushed(wechat, finish(COUNTS))
    before = SendResult.objects.values().get()
    services.process_again(Callback.objects.all(), now=timezone.now())

    assert process(row).status == CallbackStatus.PROCESSED

    assert SendResult.objects.values().get() == before


def test_process_again_leaves_alone_what_waits(stuck: Callback) -> None:
    assert services.process_again(Callback.objects.all(), now=timezone.now()) == 0

    assert Callback.objects.get().attempts == 1


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_ours_is_named_on_the_row(wechat: Sender) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE campaigns_sendresult RENAME TO elsewhere")
    try:
        row = pushed(wechat, finish(COUNTS))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO campaigns_sendresult")

    assert (row.status, row.error_code) == (CallbackStatus.STORED, "processing_failed")
    assert process(row).status == CallbackStatus.PROCESSED


def test_a_worker_that_died_leaves_a_lease_that_runs_out(wechat: Sender) -> None:
    wechat.post(event("subscribe"))
    row = Callback.objects.get()
    Callback.objects.update(status=CallbackStatus.PROCESSING, due_at=timezone.now() + services.LEASE)
    assert not services.process(row, now=timezone.now())

    assert services.process(row, now=timezone.now() + services.LEASE * 2)

    assert Callback.objects.get().status == CallbackStatus.PROCESSED


def test_a_tick_drains_everything(wechat: Sender, account: OfficialAccount) -> None:
    now = timezone.now()
    body = event("subscribe").decode()
    row = {"account": account, "msg_type": "event", "pushed_at": now, "received_at": now, "due_at": now}
    Callback.objects.bulk_create(
        Callback(
            **row,
            openid=f"oU{number}",
            event="subscribe",
            body=body.replace("oU1", f"oU{number}"),
            dedup_key=str(number),
        )
        for number in range(510)
    )

    tasks.tick()

    assert not Callback.objects.exclude(status=CallbackStatus.PROCESSED).exists()
    assert Follower.objects.count() == 510


def test_a_tick_leaves_alone_what_is_not_due(stuck: Callback) -> None:
    tasks.tick()

    assert Callback.objects.get().attempts == 1
