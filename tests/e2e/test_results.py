"""MASSSENDJOBFINISH comes first, three times, in the wrong order, or never: the figures are WeChat's, each once."""

from __future__ import annotations

import pytest

from callbacks.models import Callback
from campaigns.models import Campaign
from tests.e2e.ledger import assert_everybody_once, reached
from tests.e2e.world import World
from tests.simulator_control import Control, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

SENDALL = "/cgi-bin/message/mass/sendall"
FINISHED = "MASSSENDJOBFINISH"


@pytest.fixture
def variables() -> dict[str, str]:
    return {"RESULT_POLL_SECONDS": "3"}


def send(world: World, followers: int = 12) -> tuple[Campaign, list[str]]:
    """This will press "send" for a new campaign, and be that with those who must get it."""
    account = world.account(followers=followers)
    campaign = world.campaign(account)
    world.send(campaign)
    return campaign, world.openids(account)


def test_it_comes_before_the_answer(world: World, control: Control) -> None:
    world.fleet.start_workers()
    control.fault(SENDALL, delay=1.5, when="after")

    campaign, openids = send(world)

    wait_for(lambda: Callback.objects.filter(event=FINISHED.lower()), 30)
    assert campaign.broadcasts.get().msg_id is None
    assert_everybody_once(control, campaign, openids)


def test_it_comes_three_times(world: World, control: Control) -> None:
    world.fleet.start_workers()
    control.plan_pushes(times=3, event=FINISHED)

    campaign, openids = send(world)

    assert_everybody_once(control, campaign, openids)
    wait_for(lambda: control.pushes(campaign.account.appid)[0]["state"] == "delivered", 30)
    assert Callback.objects.filter(event=FINISHED.lower()).count() == 1
    assert_everybody_once(control, campaign, openids)


def test_two_come_in_the_wrong_order(world: World, control: Control) -> None:
    world.fleet.start_workers()
    control.plan_pushes(reorder=2, event=FINISHED)

    sent = [send(world, followers) for followers in (12, 7)]

    for campaign, openids in sent:
        assert_everybody_once(control, campaign, openids)


def test_it_never_comes(world: World, control: Control) -> None:
    """mass/get tells that it was sent, and not to how many: there are no figures that could be wrong."""
    world.fleet.start_workers()
    control.plan_pushes(lose=1, event=FINISHED)

    campaign, openids = send(world)

    wait_for(lambda: Campaign.objects.get(pk=campaign.pk).status == "finished", 60)
    (job,) = control.jobs(campaign.account.appid)
    assert sorted(reached(control, [job["msg_id"]])) == sorted(openids)
    broadcast = campaign.broadcasts.get()
    assert (broadcast.msg_id, broadcast.sent_count) == (job["msg_id"], None)
