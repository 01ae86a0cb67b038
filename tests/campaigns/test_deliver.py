"""The whole way: a campaign is sent, WeChat delivers, pushes to our callback, and the figures are WeChat's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from callbacks import tasks as callback_tasks
from callbacks.models import Callback
from campaigns import audience, sending, services, tasks
from campaigns.models import FIGURES, Audience, Broadcast, Campaign, SendResult
from campaigns.states import BroadcastStatus, Status
from followers.models import Follower, Tag
from tests.campaigns.conftest import SENDALL, Mirror, start
from tests.conftest import APPID
from tests.simulator_control import Control, wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _callback(live_server, mirror: Mirror, control: Control) -> None:
    """Two hundred followers, a tag, and a WeChat that pushes to us."""
    mirror(200, tags=[{"name": "VIP", "share": 0.3}], refusing_share=0.1, left_share=0.1)
    control.account(APPID, callback_url=f"{live_server.url}/wechat/test/")


def deliver(campaign: Campaign, pushes: int = 1) -> Campaign:
    """This will send a campaign, wait for WeChat's pushes, process them, and be what it has become."""
    services.send(campaign, by=None, now=timezone.now())
    tasks.tick()
    wait_for(lambda: Callback.objects.count() == pushes)
    callback_tasks.tick()
    return Campaign.objects.with_figures().get(pk=campaign.pk)


def ledger(control: Control) -> list[int]:
    """The four numbers, added up over WeChat's own books."""
    return [sum(job[name] for job in control.jobs(APPID)) for name in ("total", "filter", "sent", "error")]


def figures(row: Campaign | Broadcast) -> list[int | None]:
    return [getattr(row, name) for name in FIGURES]


def test_everybody(campaign: Campaign, control: Control) -> None:
    control.outcome(error_share=0.05)

    done = deliver(campaign)

    assert done.status == Status.FINISHED
    assert figures(done) == ledger(control)
    total, left, sent, failed = figures(done)
    assert total == 180 > left == sent + failed > sent > 0


def test_a_tag(campaign: Campaign, control: Control) -> None:
    campaign.audience, campaign.tag = Audience.TAG, Tag.objects.get(name="VIP")
    campaign.save()

    done = deliver(campaign)

    assert (done.status, figures(done)) == (Status.FINISHED, ledger(control))
    broadcast = done.broadcasts.get()
    assert figures(done)[0] == broadcast.recipient_count == broadcast.recipients.count()


def test_a_list_with_people_who_left_meanwhile(campaign: Campaign, control: Control) -> None:
    campaign.audience = Audience.LIST
    campaign.save()
    openids = list(Follower.objects.filter(subscribed=True).values_list("openid", flat=True)[:20])
    audience.replace_list(campaign, openids)
    Follower.objects.filter(subscribed=False).update(subscribed=True)
    audience.replace_list(campaign, list(Follower.objects.values_list("openid", flat=True)))

    done = deliver(campaign)

    assert figures(done) == ledger(control)
    assert done.error_count == 20


@pytest.mark.parametrize("status", ["send fail", "err(10001)", "err(30003)"])
def test_a_job_that_fails(campaign: Campaign, control: Control, status: str) -> None:
    control.outcome(status=status)

    done = deliver(campaign)

    assert (done.status, done.error_code) == (Status.FAILED, "result_rejected")
    assert done.broadcasts.get().result_status == status


def test_a_push_that_comes_three_times(campaign: Campaign, control: Control) -> None:
    control.settings(push_interval=0)
    control.plan_pushes(times=3, event="MASSSENDJOBFINISH")

    done = deliver(campaign)

    wait_for(lambda: len(control.pushes()[0]["attempts"]) == 3)
    callback_tasks.tick()
    assert (Callback.objects.count(), SendResult.objects.count()) == (1, 1)
    assert figures(done) == ledger(control)


def test_a_push_that_overtakes_the_answer(campaign: Campaign, control: Control) -> None:
    control.fault(SENDALL, when="after", delay=1.0)
    broadcast = start(campaign)

    with ThreadPoolExecutor(1) as worker:
        answer = worker.submit(_submit, broadcast)
        wait_for(Callback.objects.exists)
        callback_tasks.tick()
        assert SendResult.objects.get().broadcast is None
        assert Broadcast.objects.get().status == BroadcastStatus.SUBMITTING
        answer.result(30)

    done = Broadcast.objects.get()
    assert (done.status, figures(done)) == (BroadcastStatus.FINISHED, ledger(control))


def test_a_push_that_is_lost_and_an_answer_too(campaign: Campaign, control: Control) -> None:
    control.plan_pushes(lose=1)
    control.fault(SENDALL, drop="after")
    broadcast = start(campaign)
    for _ in range(2):
        Broadcast.objects.update(due_at=timezone.now())
        sending.submit(Broadcast.objects.get(), now=timezone.now())
    control.delivered(Broadcast.objects.get().msg_id)
    Broadcast.objects.update(due_at=timezone.now())

    tasks.tick()

    broadcast.refresh_from_db()
    assert (broadcast.status, broadcast.result_status) == (BroadcastStatus.FINISHED, "SEND_SUCCESS")
    assert len(control.jobs()) == 1


def test_the_fifth_message_of_a_month_reaches_nobody(campaign: Campaign, control: Control) -> None:
    campaign.audience, campaign.tag = Audience.TAG, Tag.objects.get(name="VIP")
    campaign.save()
    for pushes in range(1, 5):
        deliver(services.duplicate(campaign, name=f"第 {pushes} 次", by=None), pushes)

    done = deliver(campaign, 5)

    assert done.status == Status.FINISHED
    assert figures(done)[1:] == [0, 0, 0]


def _submit(broadcast: Broadcast) -> None:
    try:
        sending.submit(broadcast, now=timezone.now())
    finally:
        connection.close()
