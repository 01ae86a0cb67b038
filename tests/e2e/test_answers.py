"""WeChat takes a message, and what it answers is late, lost, or a riddle: real workers ask again, and send it once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.ledger import assert_everybody_once
from tests.e2e.world import World
from tests.simulator_control import Control

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

SENDALL = "/cgi-bin/message/mass/sendall"
TIMEOUT = 1.0
LATE = {"delay": 2 * TIMEOUT, "when": "after"}
DROPPED = {"drop": "after"}


@pytest.fixture
def variables() -> dict[str, str]:
    return {"WECHAT_READ_TIMEOUT": str(TIMEOUT)}


@pytest.fixture(autouse=True)
def _workers(world: World) -> Iterator[None]:
    world.fleet.start_workers()
    yield
    world.fleet.kill_workers()


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param([LATE], id="after the client's timeout"),
        pytest.param([DROPPED], id="never, the connection is cut after acceptance"),
        pytest.param([DROPPED, {"errcode": 45066}, {"errcode": 45066}], id="45066 twice, then 45065"),
        pytest.param([LATE, DROPPED, {"status": 502}, {"body": "{"}], id="one trouble after the other"),
    ],
)
def test_what_was_taken_is_sent_once(world: World, control: Control, faults: list[dict[str, Any]]) -> None:
    account = world.account(followers=12)
    campaign = world.campaign(account)
    for fault in faults:
        control.fault(SENDALL, **fault)

    world.send(campaign)

    assert_everybody_once(control, campaign, world.openids(account))
    broadcast = campaign.broadcasts.get()
    assert broadcast.uncertain
    assert broadcast.attempts > len(faults)
