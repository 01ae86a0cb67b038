"""Campaigns of several calls, people with and without rights, and what WeChat says of a job."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from campaigns import audience, sending, services
from campaigns.models import Audience, Broadcast, Campaign, MassCalls
from campaigns.states import BroadcastStatus
from followers.models import Follower
from tests.campaigns.conftest import Mirror, start
from tests.wechat.pushes import COUNTS, finish
from wxcore.errors import Conflict
from wxcore.models import OfficialAccount
from wxcore.wechat import messages

HEADS = 12
CALLS = 6

Person = Callable[[str], User]


@pytest.fixture
def several(campaign: Campaign, mirror: Mirror, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """A started campaign to a list of twelve followers, in six calls of two."""
    monkeypatch.setattr(audience, "LARGEST_CALL", HEADS // CALLS)
    mirror(HEADS)
    campaign.audience = Audience.LIST
    campaign.save()
    audience.replace_list(campaign, list(Follower.objects.values_list("openid", flat=True)))
    start(campaign)
    return campaign


@pytest.fixture
def person(db: None) -> Person:
    """`person("小李")` may do everything and has written nothing yet."""
    return lambda name: User.objects.create_superuser(name)


@pytest.fixture
def strict(account: OfficialAccount) -> OfficialAccount:
    """Nobody approves their own campaigns here."""
    account.allow_self_approval = False
    account.save()
    return account


def submit(campaign: Campaign, number: int = 1) -> list[Broadcast]:
    """This will do what workers do when the time of the next broadcasts has come, and be what those have become."""
    worked = []
    for broadcast in Broadcast.objects.filter(campaign=campaign, status=BroadcastStatus.PENDING)[:number]:
        Broadcast.objects.filter(pk=broadcast.pk).update(due_at=timezone.now(), slot_at=None)
        MassCalls.objects.update(next_at=timezone.now())
        sending.submit(Broadcast.objects.get(pk=broadcast.pk), now=timezone.now())
        worked.append(Broadcast.objects.get(pk=broadcast.pk))
    return worked


def statuses(campaign: Campaign) -> list[str]:
    return [broadcast.status for broadcast in campaign.broadcasts.order_by("position")]


def verbs(campaign: Campaign) -> list[str]:
    """The campaign's history, oldest first."""
    return list(campaign.events.order_by("pk").values_list("verb", flat=True))


def report(broadcast: Broadcast, status: str = "send success") -> Broadcast:
    """This will be the broadcast after WeChat has reported its job."""
    push = finish(COUNTS, status=status).replace(b"3162228393", str(broadcast.msg_id).encode())
    services.record_result(broadcast.account, messages.parse(push), now=timezone.now())
    return Broadcast.objects.get(pk=broadcast.pk)


def at_once(*deeds: Callable[[], object]) -> list[bool]:
    """This will do several things at the same moment; which of them were not refused."""
    together = threading.Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> bool:
        try:
            together.wait(10)
            return deed() is not False
        except Conflict:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))
