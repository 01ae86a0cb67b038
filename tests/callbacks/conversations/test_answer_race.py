"""Several workers and one message: it goes out once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from callbacks import answering, conversations, receiving
from callbacks.models import Callback, Conversation, Message, MessageStatus
from tests.callbacks.conversations.conftest import Receive
from tests.conftest import APPID
from tests.simulator_control import Control, wait_for
from wxcore.models import OfficialAccount
from wxcore.wechat import messages
from wxcore.wechat.customer_service import SEND

pytestmark = pytest.mark.django_db(transaction=True)

Run = Callable[[Callable[[], object]], Future[object]]


@pytest.fixture
def in_background() -> Iterator[Run]:
    """`in_background(work)` does it in another worker."""
    with ThreadPoolExecutor(8) as pool:

        def run(work: Callable[[], object]) -> object:
            try:
                return work()
            finally:
                connection.close()

        yield lambda work: pool.submit(run, work)


@pytest.fixture
def message(wechat_account: OfficialAccount, receive: Receive, control: Control) -> Message:
    control.followers(APPID, 1)
    [openid] = control.openids(APPID)
    control.message(APPID, openid, "在吗")
    receive("text", "<Content>在吗</Content>")
    Conversation.objects.update(openid=openid)
    return conversations.queue(wechat_account, openid, kind="text", text="您好", now=timezone.now())


def send(message: Message) -> Callable[[], bool]:
    def work() -> bool:
        row = Message.objects.select_related("conversation__account").get(pk=message.pk)
        return answering.send(row, now=timezone.now())

    return work


def calls(control: Control) -> int:
    return control.calls()["counts"].get(SEND, 0)


def test_one_of_four_workers_sends(message: Message, control: Control, in_background: Run) -> None:
    control.fault(SEND, delay=0.3)

    done = [in_background(send(message)) for _ in range(4)]

    assert sorted(bool(future.result(30)) for future in done) == [False, False, False, True]
    assert calls(control) == 1
    assert Conversation.objects.get().talk_left == 4


def test_a_late_answer_does_not_overwrite_the_doubt(message: Message, control: Control, in_background: Run) -> None:
    control.fault(SEND, delay=0.6)
    late = in_background(send(message))
    wait_for(lambda: Message.objects.get(pk=message.pk).status == MessageStatus.SUBMITTING)
    Message.objects.filter(pk=message.pk).update(due_at=timezone.now() - dt.timedelta(seconds=1))

    assert send(message)()

    assert late.result(30)
    assert Message.objects.get(pk=message.pk).status == MessageStatus.UNKNOWN
    assert calls(control) == 1


def test_one_push_on_several_workers_is_one_message(
    account: OfficialAccount, receive: Receive, in_background: Run
) -> None:
    row = receive("text", "<Content>你好</Content>")
    conversations.erase(account, row.openid)
    push = messages.parse(row.body.encode())

    done = [in_background(lambda: receiving.receive(Callback.objects.get(), push, timezone.now())) for _ in range(4)]
    for future in done:
        future.result(30)

    assert (Message.objects.count(), Conversation.objects.get().unread) == (1, 1)
