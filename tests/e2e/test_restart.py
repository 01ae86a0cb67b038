"""A deployment in the middle of a send: SIGTERM to all workers, and new ones."""

from __future__ import annotations

import pytest

from campaigns.models import Broadcast
from tests.e2e.ledger import assert_everybody_once
from tests.e2e.world import World
from tests.simulator_control import Control, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

SENDALL = "/cgi-bin/message/mass/sendall"
CAMPAIGNS = 12


@pytest.fixture
def variables() -> dict[str, str]:
    """A lease that outlives WeChat's delay on a busy machine: with a shorter one, a second worker asks again."""
    return {"BROADCAST_LEASE_SECONDS": "30"}


def test_what_is_under_way_is_finished_and_the_rest_goes_on_afterwards(world: World, control: Control) -> None:
    campaigns = [world.campaign(world.account(followers=5)) for _ in range(CAMPAIGNS)]
    control.fault(SENDALL, delay=1, when="after", times=CAMPAIGNS)
    world.fleet.start_workers()
    for campaign in campaigns:
        world.send(campaign)

    wait_for(lambda: len(control.jobs()) >= 2, 30)
    world.fleet.terminate_workers()
    assert not Broadcast.objects.filter(status="submitting"), "a worker left before its answer"
    world.fleet.start_workers()

    for campaign in campaigns:
        assert_everybody_once(control, campaign, world.openids(campaign.account))
    assert set(Broadcast.objects.values_list("attempts", "uncertain")) == {(1, False)}
