"""The clock of a machine jumps: leases seem to have run out, or to run for ever, and still nobody gets it twice."""

from __future__ import annotations

import pytest

from tests.e2e.ledger import assert_everybody_once
from tests.e2e.world import ForkedWorkers, World
from tests.simulator_control import Control

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

SENDALL = "/cgi-bin/message/mass/sendall"
# Less than the grace of a schedule: a campaign that seems to be later than that is held, and not sent.
APART = 20 * 60.0
CAMPAIGNS = 6


def test_workers_whose_clocks_disagree_send_once(world: World, forked: ForkedWorkers, control: Control) -> None:
    campaigns = [world.campaign(world.account(followers=5)) for _ in range(CAMPAIGNS)]
    control.fault(SENDALL, delay=0.7, when="after", times=CAMPAIGNS)
    for clock in (0, APART, -APART):
        forked.start(clock=clock)

    for campaign in campaigns:
        world.send(campaign)

    for campaign in campaigns:
        assert_everybody_once(control, campaign, world.openids(campaign.account))
