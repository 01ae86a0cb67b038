"""WeChat's pushes: how much verifying, reading and de-duplicating costs beside a bare insert."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from bench.jobs.account import SLUG
from bench.place import Place
from bench.report import Figure, Row, speed
from bench.scale import Scale

BOUND = 0.8


def measure(place: Place, scale: Scale) -> Iterator[Row]:
    """This will post to the product's view and to a view that only inserts, in turns, to the same web server."""
    data = place.data("callbacks")
    account = place.job("account", "http://127.0.0.1:9", data=data)["account"]
    paths = {"real": f"/wechat/{SLUG}/", "bare": f"/bench/{account}/"}
    seconds: dict[str, list[float]] = {side: [] for side in paths}
    with place.web(data, "bench.settings") as url:
        port = urlsplit(url).port
        for number in range(1 + scale.callback_rounds):
            for side, path in paths.items():
                answer = place.job("post", port, path, scale.callbacks, number, data=data)
                seconds[side].append(answer["seconds"])
    _check_rows(data, 2 * (1 + scale.callback_rounds) * scale.callbacks)
    yield speed(
        "callbacks stored, by bare inserts",
        *(taken[1:] for taken in seconds.values()),  # the first turn opened the connections to the database
        figure=lambda taken: Figure(scale.callbacks / taken, "/s"),
        bound=BOUND,
    )


def _check_rows(data: Path, expected: int) -> None:
    with sqlite3.connect(data / "qunfa.sqlite3") as connection:
        (stored,) = connection.execute("SELECT count(*) FROM callbacks_callback").fetchone()
    if stored != expected:
        raise RuntimeError(f"{stored} rows of {expected}")
