"""The head count of a segment on PostgreSQL: what reading, checking and building the conditions adds to SQL by hand."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator

import psycopg

from bench.jobs.segments import CASES
from bench.place import SERVER, Place
from bench.report import Figure, Row, cost
from bench.scale import Scale

BOUND = 1.3


def measure(place: Place, scale: Scale) -> Iterator[Row]:
    """This will count in turns, in one process. Without PostgreSQL there is only a line that says so."""
    try:
        psycopg.connect(SERVER, connect_timeout=5).close()
    except psycopg.OperationalError:
        print("segments: left out, because no PostgreSQL answers at DATABASE_URL", file=sys.stderr)
        return
    times: dict[str, dict[str, list[float]]] = defaultdict(lambda: {"ours": [], "bare": []})
    count = scale.segment_followers
    with place.postgres() as data, place.conversation("segments", count, data=data) as job:
        for number in range(1 + scale.segment_rounds):
            for name in CASES:
                counts = set()
                for side, taken in times[name].items():
                    answer = job.ask([name, side])
                    counts.add(answer["count"])
                    if number:  # the first round warms the database
                        taken.append(answer["ms"])
                if len(counts) != 1 or 0 in counts:
                    raise RuntimeError(f"{name}: {counts} followers")
    for name, sides in times.items():
        title = f"segment of {count:,}, {name}"
        yield cost(title, sides["ours"], sides["bare"], figure=lambda taken: Figure(taken, "ms"), bound=BOUND)
