"""docs/simulator.md tells of everything that can be asked for."""

from dataclasses import fields
from pathlib import Path

import pytest

from wxcore.simulator import control
from wxcore.simulator.accounts import Options
from wxcore.simulator.faults import Fault
from wxcore.simulator.jobs import Outcome
from wxcore.simulator.pushes import PLANS
from wxcore.simulator.world import DEFAULTS

TEXT = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text("utf-8")


@pytest.mark.parametrize("path", sorted({path for _, path, _ in control.DOORS}))
def test_every_door_is_explained(path):
    assert f"{control.PREFIX}{path}" in TEXT


@pytest.mark.parametrize(
    "name", [*DEFAULTS, *PLANS, *(option.name for kind in (Options, Fault, Outcome) for option in fields(kind))]
)
def test_every_option_is_explained(name):
    assert name in TEXT
