"""The tick that runs every second: whether campaigns that have ended cost it anything."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from statistics import median

from bench.place import Place
from bench.report import Figure, Row, cost
from bench.scale import Scale

BOUND = 1.3
TICKS = 20  # of one side, before the other has its turn


def measure(place: Place, scale: Scale) -> Iterator[Row]:
    """This will run ticks in two processes, one with few old campaigns and one with many, in turns."""
    counts = (scale.tick_small, scale.tick_large)
    times: tuple[list[float], list[float]] = ([], [])
    with ExitStack() as stack:
        sides = [
            stack.enter_context(place.conversation("tick", count, data=place.data(f"tick-{count}"))) for count in counts
        ]
        for number in range(1 + scale.tick_rounds):
            for side, taken in zip(sides, times, strict=True):
                milliseconds = median(side.ask(TICKS))
                if number:  # the first round opens the database
                    taken.append(milliseconds)
    small, large = times
    name = f"a tick with {counts[1]:,} old campaigns, by {counts[0]:,}"
    yield cost(name, large, small, figure=lambda taken: Figure(taken, "ms"), bound=BOUND)
