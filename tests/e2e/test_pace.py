"""Several worker processes share one account's minute: WeChat's 60 calls are never passed, and hardly any is wasted."""

from __future__ import annotations

import pytest

from tests import services
from tests.e2e.crashing_worker import LARGEST_CALL
from tests.e2e.ledger import assert_everybody_once
from tests.e2e.world import ForkedWorkers, World
from tests.simulator_control import Control, wait_for

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.xdist_group("e2e"),
    pytest.mark.skipif(not services.WANTED, reason="takes more than a minute, and needs several workers"),
]

SEND = "/cgi-bin/message/mass/send"
LIMIT = 60
CALLS = 64
MINUTE = 60.0
WORKERS = 3


@pytest.fixture
def variables() -> dict[str, str]:
    """The pace of production; other tests are in a hurry."""
    return {"MASS_CALLS_PER_MINUTE": "58"}


def test_a_minute_of_three_workers_holds_at_most_60_calls_and_at_least_57(
    world: World, forked: ForkedWorkers, control: Control
) -> None:
    account = world.account(followers=CALLS * LARGEST_CALL)
    campaign = world.to_list(account)
    for _worker in range(WORKERS):
        forked.start()
    world.send(campaign)

    wait_for(lambda: control.calls()["counts"].get(SEND, 0) >= CALLS, 150, pause=1)
    made = [call["time"] for call in control.calls()["recent"] if call["path"] == SEND]
    # Minutes that begin at a call, and end before the last one.
    minutes = [sum(begin <= at < begin + MINUTE for at in made) for begin in made if begin + MINUTE <= made[-1]]
    assert minutes, " ".join(f"{at - made[0]:.1f}" for at in made)
    assert 0.95 * LIMIT <= min(minutes) <= max(minutes) <= LIMIT, " ".join(f"{at - made[0]:.1f}" for at in made)
    assert_everybody_once(control, campaign, world.openids(account))
