"""The control plane, `/_sim/`, one subject a file. Importing this package fills the table of doors."""

from wxcore.simulator.control import acts, content, events, menus, people
from wxcore.simulator.control.doors import DOORS, PREFIX, answer, read
from wxcore.simulator.control.people import seed

__all__ = ["DOORS", "PREFIX", "acts", "answer", "content", "events", "menus", "people", "read", "seed"]
