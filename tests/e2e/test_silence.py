"""WeChat does not answer, and many campaigns are due: callbacks are processed meanwhile."""

from __future__ import annotations

import pytest

from campaigns.models import Broadcast
from campaigns.states import BroadcastStatus
from followers.models import Follower
from tests.e2e.ledger import assert_everybody_once
from tests.e2e.world import World
from tests.simulator_control import Control, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

SENDALL = "/cgi-bin/message/mass/sendall"
# More than all workers have threads and processes.
CAMPAIGNS = 16
SILENCE = 20.0


def test_callbacks_do_not_wait_for_broadcasts(world: World, control: Control) -> None:
    campaigns = [world.campaign(world.account(followers=4)) for _ in range(CAMPAIGNS)]
    other = world.account(followers=4)
    control.fault(SENDALL, delay=SILENCE, when="after", times=CAMPAIGNS)
    for campaign in campaigns:
        world.send(campaign)
    world.fleet.start_workers()
    asking = Broadcast.objects.filter(status=BroadcastStatus.SUBMITTING)
    wait_for(lambda: asking.count() >= 4, 60)

    left = world.openids(other)[0]
    control.unfollow(other.appid, left)
    wait_for(lambda: Follower.objects.filter(openid=left, subscribed=False), SILENCE / 2)

    assert asking.exists(), "WeChat has answered meanwhile: this proves nothing"
    control.clear_faults()
    for campaign in campaigns:
        assert_everybody_once(control, campaign, world.openids(campaign.account), seconds=120)
