"""Each step of the work as a place for a worker to die: one round of a test for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.e2e.world import ForkedWorkers

MOST = 300


class Round:
    """A worker that dies at one step; at none, if the step has no name."""

    def __init__(self, forked: ForkedWorkers, step: str) -> None:
        self.step = step
        self._forked = forked
        self._log: Path | None = None

    def start(self) -> None:
        self._log = self._forked.start_watched(self.step)

    def steps(self) -> list[str]:
        """This will be the steps so far; the last one of a dead worker is where it died."""
        return self._log.read_text().splitlines() if self._log and self._log.exists() else []

    def has_died(self) -> bool:
        return bool(self.step) and self.step in self.steps()


def rounds(forked: ForkedWorkers, died: list[str]) -> Iterator[Round]:
    """This will be a round without a crash, and then one for each step that any round has shown.

    Steps go by name and not by number, because tasks that wait for each other's turn do not always come in one order.
    Where a worker has died is added to `died`.
    """
    known = [""]
    for step in known:  # grows as it goes
        each = Round(forked, step)
        yield each
        known += [name for name in each.steps() if name not in known]
        if each.has_died():
            died.append(step)
        forked.kill()
        assert len(known) < MOST, known


def names(died: list[str]) -> set[str]:
    """This will be what was done at the steps, without whose turn it was: `request /draft/add`."""
    return {step.partition(": ")[2].rpartition(" ")[0] for step in died}
