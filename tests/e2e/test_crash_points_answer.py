"""`kill -9` of a worker at each step of receiving a message and of answering it with a picture.

What the follower wrote is there once. The answer is on the phone once if it counts as sent, and never twice; a worker
that died with the request under way leaves a doubt, and no second message.
"""

from __future__ import annotations

import pytest
from django.utils import timezone

from callbacks import conversations
from callbacks.answering import OPEN as UNDER_WAY
from callbacks.models import Callback, Conversation, Direction, Message, MessageStatus
from callbacks.states import OPEN
from campaigns import library
from tests import services
from tests.e2e import crashes
from tests.e2e.world import ForkedWorkers, World
from tests.simulator_control import wait_for
from wxcore.models import OfficialAccount
from wxcore.simulator import samples

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e" if services.WANTED else "crashes")]


def prepare(world: World) -> tuple[OfficialAccount, str]:
    """This will be an account and a follower who has written, with an answer that waits for a worker."""
    account = world.account(followers=1)
    [openid] = world.openids(account)
    world.control.message(account.appid, openid, "在吗")
    wait_for(lambda: Callback.objects.filter(account=account).exists(), 30, pause=0.05)
    picture = library.store_bytes(account, samples.picture(1), name="图.png").asset
    conversations.queue(account, openid, kind="image", asset=picture, now=timezone.now())
    return account, openid


def has_ended(account: OfficialAccount) -> bool:
    waiting = Message.objects.filter(conversation__account=account, status__in=UNDER_WAY).exists()
    return not waiting and not Callback.objects.filter(account=account, status__in=OPEN).exists()


def assert_once(world: World, account: OfficialAccount, openid: str, fault: str) -> None:
    arrived = [line for line in world.control.chat(openid) if line["kind"] == "service"]
    answer = Message.objects.get(conversation__account=account, direction=Direction.OUT)
    talk = Conversation.objects.get(account=account)
    assert len(arrived) in ((1,) if answer.status == MessageStatus.SENT else (0, 1)), fault
    assert answer.status in (MessageStatus.SENT, MessageStatus.UNKNOWN), fault
    assert talk.messages.filter(direction=Direction.IN).count() == 1, fault
    assert (talk.unread, talk.talk_left) in ((1, 4), (1, 5)), fault


def test_a_message_and_its_answer(world: World, forked: ForkedWorkers) -> None:
    died: list[str] = []
    for each in crashes.rounds(forked, died):
        account, openid = prepare(world)
        each.start()
        wait_for(lambda: not forked.alive() or has_ended(account), 60, pause=0.05)  # noqa: B023 - called at once
        if each.has_died():
            world.let_leases_run_out()
            forked.start()
        wait_for(lambda: has_ended(account), 60, pause=0.05)  # noqa: B023 - called at once
        assert_once(world, account, openid, each.step)

    sending = {"request /message/custom/send", "answer /message/custom/send"}
    assert {"request /media/upload", "COMMIT"} | sending <= crashes.names(died)
