"""Freezing an audience on PostgreSQL: how much it adds to one bare INSERT ... SELECT of the same recipients."""

from __future__ import annotations

from collections.abc import Iterator

from bench.place import Place
from bench.report import Figure, Row, cost, difference
from bench.scale import Scale

BOUND = 1.5
MEMORY_BOUND_MB = 20.0
CALL = 10_000  # openids


def measure(place: Place, scale: Scale) -> Iterator[Row]:
    """This will freeze the large audience in turns with the bare statement, then compare memory with a small one."""
    count = scale.freeze_recipients
    ours, bare, large = _turns(place, count, scale.freeze_rounds)
    name = f"freezing {count:,} recipients and {count // CALL} broadcasts, by bare inserting"
    yield cost(name, ours, bare, figure=lambda taken: Figure(taken, "s"), bound=BOUND)
    *_, small = _turns(place, scale.memory_small, 1)
    name = f"peak memory of freezing {count:,}, by {scale.memory_small:,}"
    yield difference(name, Figure(large, "MB"), Figure(small, "MB"), bound=MEMORY_BOUND_MB)


def _turns(place: Place, count: int, rounds: int) -> tuple[list[float], list[float], float]:
    """This will be the seconds of ours and of the bare statement, and the peak memory of the process in MB."""
    with place.postgres() as database, place.conversation("freeze", count, data=database) as conversation:
        turns = [conversation.ask(number) for number in range(rounds)]
    for turn in turns:
        if (turn["rows"], turn["broadcasts"]) != (count, count // CALL):
            raise RuntimeError(f"{turn['rows']} recipients in {turn['broadcasts']} broadcasts")
    return [turn["freeze"] for turn in turns], [turn["bare"] for turn in turns], turns[-1]["peak_mb"]
