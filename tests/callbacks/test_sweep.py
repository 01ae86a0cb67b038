"""What is old enough is deleted, account by account and in small batches; what still waits is not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from callbacks import metrics, retention, tasks
from callbacks.models import Callback, Conversation, Direction, Message, MessageStatus
from callbacks.states import CallbackStatus
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def ago(days: float) -> dt.datetime:
    return NOW - dt.timedelta(days=days)


def store(account: OfficialAccount, *days: float, status: str = CallbackStatus.PROCESSED) -> list[Callback]:
    """This will be callbacks of so many days ago, in the order in which they came."""
    start = Callback.objects.count()
    return Callback.objects.bulk_create(
        Callback(
            account=account,
            dedup_key=str(start + place),
            openid="oU1",
            msg_type="text",
            pushed_at=ago(age),
            received_at=ago(age),
            status=status,
        )
        for place, age in enumerate(days)
    )


def say(account: OfficialAccount, days: float, openid: str = "oU1", **columns: Any) -> Message:
    """This will be one message of so many days ago."""
    conversation, _made = Conversation.objects.get_or_create(account=account, openid=openid)
    Conversation.objects.filter(pk=conversation.pk).update(last_message_at=ago(days))
    return Message.objects.create(
        conversation=conversation,
        at=ago(days),
        dedup_key=str(Message.objects.count()),
        **({"direction": Direction.IN, "kind": "text"} | columns),
    )


def test_each_account_keeps_its_own_days(account: OfficialAccount, other_account: OfficialAccount) -> None:
    OfficialAccount.objects.filter(pk=other_account.pk).update(callback_days=7)
    kept = [store(account, 91, 89, 8)[1:], store(other_account, 91, 89, 8, 6)[3:]]

    assert retention.sweep(now=NOW)["callbacks"] == 4

    assert set(Callback.objects.all()) == {row for rows in kept for row in rows}


def test_many_go_in_small_batches(account: OfficialAccount) -> None:
    store(account, *[100] * 25, *[1] * 5)

    with CaptureQueriesContext(connection) as queries:
        assert retention.sweep(now=NOW, batch=10)["callbacks"] == 25

    deleting = [query for query in queries if query["sql"].startswith('DELETE FROM "callbacks_callback"')]
    assert len(deleting) == 3


def test_a_sweep_is_bounded(account: OfficialAccount) -> None:
    store(account, *[100] * 25)

    assert retention.sweep(now=NOW, batch=10, most=20)["callbacks"] == 20


@pytest.mark.parametrize("status", [CallbackStatus.STORED, CallbackStatus.PROCESSING])
def test_what_waits_is_kept_however_old(account: OfficialAccount, status: str) -> None:
    store(account, 100, 100, status=status)
    store(account, 100)

    retention.sweep(now=NOW, batch=1)

    assert list(Callback.objects.values_list("status", flat=True)) == [status] * 2


def test_old_messages_go_and_young_ones_stay(account: OfficialAccount) -> None:
    say(account, 100)
    young = say(account, 1)

    assert retention.sweep(now=NOW)["messages"] == 1

    assert Message.objects.get() == young


def test_a_message_outlives_its_callback(account: OfficialAccount) -> None:
    message = say(account, 1, callback=store(account, 100)[0])

    retention.sweep(now=NOW)

    message.refresh_from_db()
    assert message.callback is None


def test_what_is_still_to_be_sent_is_kept(account: OfficialAccount) -> None:
    say(account, 100, direction=Direction.OUT, status=MessageStatus.PENDING)

    assert retention.sweep(now=NOW)["messages"] == 0


def test_messages_of_many_conversations_go_in_small_batches(account: OfficialAccount) -> None:
    for number in range(7):
        say(account, 100, f"oU{number}")
        say(account, 95, f"oU{number}")

    assert retention.sweep(now=NOW, batch=3)["messages"] == 14


def test_a_conversation_goes_with_its_last_message(account: OfficialAccount) -> None:
    say(account, 100, "oGone")
    say(account, 1, "oHere")

    retention.sweep(now=NOW)

    assert Conversation.objects.values_list("openid", flat=True).get() == "oHere"


def test_the_task_sweeps(account: OfficialAccount) -> None:
    store(account, 100, 1)

    tasks.sweep()

    assert Callback.objects.count() == 1


def test_how_long_they_are_kept_is_a_number_to_watch(account: OfficialAccount, other_account: OfficialAccount) -> None:
    store(account, 40, 1)

    assert {name: round(days) for name, days in metrics.kept().items()} == {"test": 40}
