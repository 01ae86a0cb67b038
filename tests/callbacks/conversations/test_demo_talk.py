"""Followers of the demo account who write, once."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Thread

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection

from callbacks import tasks
from callbacks.management.commands import demo_talk
from callbacks.models import Conversation, Direction, Message
from tests.conftest import APPID
from tests.simulator_control import Control, wait_for
from wxcore.models import Membership, OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo(live_server: object, wechat_account: OfficialAccount, control: Control) -> OfficialAccount:
    """The demo account, whose pushes arrive at the running server."""
    wechat_account.slug = "demo"
    wechat_account.save()
    url = f"{live_server}{wechat_account.callback_path}"
    account = {"secret": str(wechat_account.secret), "token": str(wechat_account.token), "callback_url": url}
    control.account(APPID, original_id=wechat_account.original_id, verified=True, kind="service", **account)
    control.followers(APPID, 10)
    operator = User.objects.create_user("operator", is_staff=True)
    Membership.objects.create(account=wechat_account, user=operator, role=Group.objects.get(name="operator"))
    return wechat_account


@pytest.fixture
def with_a_worker() -> Iterator[None]:
    """Ticks that process what is pushed."""
    over = Event()

    def work() -> None:
        while not over.wait(0.1):
            tasks.tick()
        connection.close()

    worker = Thread(target=work)
    worker.start()
    yield
    over.set()
    worker.join()


def test_they_write_and_one_is_answered(demo: OfficialAccount, control: Control, with_a_worker: None) -> None:
    call_command("demo_talk", simulator=control.url)

    answer = Message.objects.get(direction=Direction.OUT, text=demo_talk.ANSWER)
    assert answer.created_by == User.objects.get(username="operator")
    assert Conversation.objects.filter(is_done=True).count() == 1
    wait_for(lambda: Conversation.objects.count() == len(demo_talk.SAID), 30)  # it waits for two of them only

    call_command("demo_talk", simulator=control.url)

    assert Conversation.objects.count() == len(demo_talk.SAID)


def test_without_a_simulator_nothing_happens(demo: OfficialAccount) -> None:
    call_command("demo_talk", simulator="http://127.0.0.1:9")

    assert not Conversation.objects.exists()
