"""WeChat's pushes: what verifying, decrypting, reading, choosing an answer and de-duplicating cost.

Beside a bare insert, and beside a view on wechatpy that verifies, reads and inserts the same row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from bench.jobs.account import SAFE_SLUG, SLUG
from bench.place import Place
from bench.report import Figure, Row, speed, within
from bench.scale import Scale

BARE = {"plaintext": 0.85, "safe": 0.75}
WECHATPY = 1.0
PROCESSING = 1.0
P99_MILLISECONDS = 1000
SLUGS = {"plaintext": SLUG, "safe": SAFE_SLUG}


def measure(place: Place, scale: Scale) -> Iterator[Row]:
    """This will post to the three views in turns, in both modes, to one web server; then a burst; then process all."""
    data = place.data("callbacks")
    accounts = place.job("mailboxes", data=data)
    seeds = count(1)
    with place.web(data, "bench.settings") as url:
        port = urlsplit(url).port

        def post(path: str, mode: str, pushes: int) -> dict[str, float]:
            return place.job("post", port, path, pushes, next(seeds), mode, data=data)

        for mode, account in accounts.items():
            paths = {
                "ours": f"/wechat/{SLUGS[mode]}/",
                "bare": f"/bench/bare/{account}/",
                "wechatpy": f"/bench/wechatpy/{account}/",
            }
            seconds: dict[str, list[float]] = {side: [] for side in paths}
            for _ in range(1 + scale.callback_rounds):
                for side, path in paths.items():
                    seconds[side].append(post(path, mode, scale.callbacks)["seconds"])
            _take_rows(data, len(paths) * (1 + scale.callback_rounds) * scale.callbacks)
            ours, bare, wechatpy = (taken[1:] for taken in seconds.values())  # the first turn opened the connections
            rate = lambda taken: Figure(scale.callbacks / taken, "/s")  # noqa: E731
            yield speed(f"callbacks in {mode} mode, by bare inserts", ours, bare, figure=rate, bound=BARE[mode])
            yield speed(f"callbacks in {mode} mode, by wechatpy", ours, wechatpy, figure=rate, bound=WECHATPY)
        burst = post(f"/wechat/{SLUG}/", "plaintext", scale.callback_burst)
    milliseconds = lambda taken: Figure(1000 * taken, "ms")  # noqa: E731
    mean = burst["seconds"] / scale.callback_burst
    yield within(
        f"99th percentile of {scale.callback_burst:,} callbacks at once, by the time of one",
        [burst["p99"]],
        [mean],
        figure=milliseconds,
        bound=P99_MILLISECONDS,
    )
    done = place.job("process", data=data)
    if not done["waiting"] == done["processed"] == scale.callback_burst:
        raise RuntimeError(f"{done} of {scale.callback_burst}")
    yield speed(
        "callbacks processed, by received",
        [done["seconds"]],
        [burst["seconds"]],
        figure=lambda taken: Figure(scale.callback_burst / taken, "/s"),
        bound=PROCESSING,
    )


def _take_rows(data: Path, expected: int) -> None:
    """The rows are counted and taken away: the bare ones say nothing that could be processed."""
    with sqlite3.connect(data / "qunfa.sqlite3", timeout=20) as connection:
        taken = connection.execute("DELETE FROM callbacks_callback").rowcount
    if taken != expected:
        raise RuntimeError(f"{taken} rows of {expected}")
