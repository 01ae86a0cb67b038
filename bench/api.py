"""The API's lists: whether a page costs the same in a large table, and what our bases cost beside a bare view."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bench.place import Conversation, Place
from bench.report import Figure, Row, cost, speed
from bench.scale import Scale
from wxcore.pagination import Place as Keyset

BOUND, THROUGHPUT = 1.5, 0.5
PAGE = 50
DEEP = 1000  # pages
OURS, BARE = "/api/v1/followers/", "/bench/bare-list/"


def measure(place: Place, scale: Scale) -> Iterator[Row]:
    """This will ask two processes, one with few rows and one with many, for the same pages in turns."""
    times: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    with ExitStack() as stack:
        sides: list[tuple[Conversation, dict[str, str]]] = []
        for count in (scale.list_small, scale.api_large):
            data = place.data(f"api-{count}")
            filled = place.job("rows", count, data=data)
            sides.append((stack.enter_context(place.conversation("lists", data=data)), pages(count, filled)))
        for number in range(1 + scale.list_rounds):
            for name in sides[0][1]:
                for side, (conversation, paths) in enumerate(sides):
                    taken = asked(conversation, paths[name])
                    if number:  # the first round compiles and opens
                        times[name][side].append(taken)
        bare = [(asked(sides[0][0], OURS), asked(sides[0][0], BARE)) for _number in range(1 + scale.list_rounds)][1:]
    for name, (small, large) in times.items():
        label = f"{name}, {scale.api_large:,} rows by {scale.list_small:,}"
        yield cost(label, large, small, figure=_milliseconds, bound=BOUND)
    ours, theirs = zip(*bare, strict=True)
    yield speed("API throughput by a bare DRF view", ours, theirs, figure=_milliseconds, bound=THROUGHPUT)


def pages(count: int, filled: dict[str, Any]) -> dict[str, str]:
    """This will be the first and a deep page of every list: name -> path."""
    lists = {
        "followers": OURS,
        "recipients": f"/api/v1/campaigns/{filled['campaign']}/recipients/",
        "callbacks": "/api/v1/callbacks/",
        "messages": f"/api/v1/conversations/{filled['conversation']}/messages/",
        "conversations": "/api/v1/conversations/",
        "broadcasts": "/api/v1/broadcasts/",
        "campaigns": "/api/v1/campaigns/",
    }
    deep = max(count - PAGE * DEEP, PAGE) + 1  # the thousandth page, or the last full one
    return {f"API {name}, first page": path for name, path in lists.items()} | {
        f"API {name}, page {DEEP:,}": f"{path}#{deep}" for name, path in lists.items()
    }


def asked(conversation: Conversation, path: str) -> float:
    """This will be the milliseconds of a page. Behind `#` stands the row before which it begins."""
    where, _hash, row = path.partition("#")
    if row:
        where = behind(conversation, where, row)
    answer = conversation.ask(where)
    if answer["rows"] != PAGE:
        raise RuntimeError(f"{where} shows {answer['rows']} rows")
    return float(answer["ms"])


def behind(conversation: Conversation, path: str, row: str) -> str:
    """This will be the page behind a row: the cursor of the first page's end, with another key in it."""
    following = conversation.ask(path)["next"]
    cursor = parse_qs(urlsplit(following).query)["cursor"][0]
    length = cursor_length(cursor)
    values = Keyset.decode(cursor, length).values
    return f"{path}?cursor={Keyset([*values[:-1], row]).encode()}"


def cursor_length(cursor: str) -> int:
    return len(json.loads(urlsafe_b64decode(cursor))) - 1


def _milliseconds(value: float) -> Figure:
    return Figure(value, "ms")
