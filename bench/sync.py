"""A sync of followers: how much the storing adds to the fetching, and whether its memory grows with the account."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import requests

from bench.jobs.account import APPID, SECRET
from bench.place import Place
from bench.report import Figure, Row, cost, difference
from bench.scale import Scale

STORING_BOUND = 1.5
MEMORY_BOUND_MB = 60.0
TAGS = [{"name": "VIP", "share": 0.1}, {"name": "Beijing", "share": 0.2}]


def measure(place: Place, scale: Scale) -> Iterator[Row]:
    """This will run the simulator beside it, and measure speed, then memory."""
    with place.simulator() as url:
        yield from _speed(place, scale, url)
        yield _memory(place, scale, url)


def _speed(place: Place, scale: Scale, url: str) -> list[Row]:
    count = scale.sync_followers
    _populate(url, count)
    seconds: dict[str, list[float]] = {"bare": [], "first": [], "second": []}
    for number in range(scale.sync_rounds):
        data = _account(place, f"sync-{number}", url)
        for side, job, arguments in (("bare", "fetch", [url]), ("first", "sync", []), ("second", "sync", [])):
            answer = place.job(job, *arguments, data=data)
            if answer["fetched"] != count:
                raise RuntimeError(f"{job} fetched {answer['fetched']} of {count}")
            seconds[side].append(answer["seconds"])
    return [
        cost(
            f"{name} sync of {count:,}, by bare fetching",
            seconds[name],
            seconds["bare"],
            figure=lambda taken: Figure(count / taken, "followers/s"),
            bound=STORING_BOUND,
        )
        for name in ("first", "second")
    ]


def _memory(place: Place, scale: Scale, url: str) -> Row:
    peaks = []
    for count in (scale.memory_small, scale.memory_large):
        _populate(url, count)
        answer = place.job("sync", data=_account(place, f"memory-{count}", url))
        peaks.append(Figure(answer["peak_mb"], "MB"))
    small, large = peaks
    name = f"peak memory of a sync of {scale.memory_large:,}, by {scale.memory_small:,}"
    return difference(name, large, small, bound=MEMORY_BOUND_MB)


def _account(place: Place, name: str, url: str) -> Path:
    data = place.data(name)
    place.job("account", url, data=data)
    return data


def _populate(url: str, count: int) -> None:
    for verb, body in (("accounts", {"secret": SECRET}), ("followers", {"count": count, "tags": TAGS})):
        requests.post(f"{url}/_sim/{verb}", json={"appid": APPID, **body}, timeout=120).raise_for_status()
