"""Fixtures that give any test a running WeChat: name this module in `pytest_plugins`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulator_control import Control
from wxcore.simulator.app import Simulator


@pytest.fixture(scope="session")
def simulator_server() -> Iterator[Simulator]:
    """One simulator for the whole run, on a free port."""
    running = Simulator().start()
    yield running
    running.stop()


@pytest.fixture
def simulator(simulator_server: Simulator) -> Simulator:
    """The simulator with an empty world, whose jobs are delivered at once."""
    simulator_server.reset()
    simulator_server.world.settings["job_delay"] = 0.0
    return simulator_server


@pytest.fixture
def control(simulator: Simulator) -> Control:
    """The simulator's control plane."""
    return Control(simulator.url)
