"""A push is stored once, as it came, before anything is done with it."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from callbacks.models import Callback
from callbacks.states import CallbackStatus
from followers.models import Follower
from tests.callbacks.sender import Sender
from tests.wechat.pushes import TIME, event, message
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = message("<Content><![CDATA[你好 👋]]></Content>", "<MsgId>1234567890123456</MsgId>")


def test_the_answer_is_success(wechat: Sender) -> None:
    answer = wechat.post(TEXT)

    assert (answer.status_code, answer.content) == (200, b"success")


def test_the_row_is_what_came(wechat: Sender, account: OfficialAccount) -> None:
    wechat.post(TEXT)

    row = Callback.objects.get()
    assert (row.account, row.openid, row.msg_type, row.event) == (account, "oU1", "text", "")
    assert row.body.encode() == TEXT
    assert row.pushed_at == dt.datetime.fromtimestamp(1711931950, dt.UTC)


def test_nothing_is_done_yet(wechat: Sender) -> None:
    wechat.post(event("subscribe"))

    row = Callback.objects.get()
    assert (row.status, row.processed_at) == (CallbackStatus.STORED, None)
    assert row.due_at == row.received_at
    assert not Follower.objects.exists()


@pytest.mark.parametrize("body", [TEXT, event("subscribe"), event("MASSSENDJOBFINISH", "<MsgID>1</MsgID>")])
def test_three_deliveries_are_one_row(wechat: Sender, body: bytes) -> None:
    answers = [wechat.post(body) for _ in range(3)]

    assert [answer.content for answer in answers] == [b"success"] * 3
    assert Callback.objects.count() == 1


def test_deliveries_at_the_same_moment_are_one_row(wechat: Sender) -> None:
    def deliver(_: int) -> bytes:
        try:
            return Sender().post(TEXT).content
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(deliver, range(16))) == {b"success"}
    assert Callback.objects.count() == 1


def test_different_pushes_under_one_nonce_are_different_rows(wechat: Sender) -> None:
    wechat.post(event("subscribe"))
    wechat.post(event("unsubscribe"))
    wechat.post(event("CLICK", "<EventKey>a</EventKey>"))
    wechat.post(event("CLICK", "<EventKey>b</EventKey>"))
    wechat.post(event("subscribe").replace(TIME.encode(), b"<CreateTime>1711931951</CreateTime>"))

    assert Callback.objects.count() == 5


def test_two_accounts_may_get_the_same_push(wechat: Sender) -> None:
    OfficialAccount.objects.create(
        name="别的号", slug="other", appid="wxother0000000001", secret="s", token="othertoken"
    )

    wechat.post(TEXT)
    wechat.but(path="/wechat/other/", token="othertoken").post(TEXT)

    assert Callback.objects.values("account").distinct().count() == 2


def test_a_push_costs_one_statement(wechat: Sender, django_assert_num_queries) -> None:
    wechat.post(event("subscribe"))

    with django_assert_num_queries(1):
        wechat.post(event("unsubscribe"))


def test_a_database_that_fails_makes_wechat_repeat(wechat: Sender) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE callbacks_callback RENAME TO elsewhere")
    try:
        answer = wechat.post(TEXT)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO callbacks_callback")

    assert answer.status_code == 500
    assert wechat.post(TEXT).content == b"success"
    assert Callback.objects.count() == 1


def test_an_account_deleted_meanwhile_makes_wechat_repeat(wechat: Sender, account: OfficialAccount) -> None:
    wechat.post(event("subscribe"))
    account.delete()

    assert wechat.post(TEXT).status_code == 500


def test_a_secret_that_cannot_be_read_makes_wechat_repeat(wechat: Sender, account: OfficialAccount) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE wxcore_officialaccount SET token = 'not encrypted with our key'")

    answer = wechat.post(TEXT)

    assert (answer.status_code, answer.content) == (500, b"secret_unreadable")
