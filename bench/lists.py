"""The lists of followers: whether a page costs the same when the table is a thousand times as large."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import quote

from bench.place import Place
from bench.report import Figure, Row, cost
from bench.scale import Scale
from wxcore.pagination import Place as Keyset

BOUND = 2.0
PAGE = 50
ROWS = {"admin search, openid prefix": 10, "API list, one openid": 1}
DEEP = 1000  # pages
ADMIN = "/admin/followers/follower/"
API = "/api/v1/followers/"


def measure(place: Place, scale: Scale) -> Iterator[Row]:
    """This will ask two processes, one with few rows and one with many, for the same pages in turns."""
    times: dict[str, tuple[list[float], list[float]]] = defaultdict(lambda: ([], []))
    with ExitStack() as stack:
        sides = []
        for count in (scale.list_small, scale.list_large):
            data = place.data(f"lists-{count}")
            filled = place.job("fill", count, data=data)
            sides.append((stack.enter_context(place.conversation("lists", data=data)), pages(count, filled)))
        for number in range(1 + scale.list_rounds):
            for name in sides[0][1]:
                for side, (conversation, paths) in enumerate(sides):
                    answer = conversation.ask(paths[name])
                    if answer["rows"] != ROWS.get(name, PAGE):
                        raise RuntimeError(f"{paths[name]} shows {answer['rows']} rows")
                    if number:  # the first round compiles templates and opens the database
                        times[name][side].append(answer["ms"])
    for name, (small, large) in times.items():
        label = f"{name}, {scale.list_large:,} rows by {scale.list_small:,}"
        yield cost(label, large, small, figure=lambda taken: Figure(taken, "ms"), bound=BOUND)


def pages(count: int, filled: dict[str, Any]) -> dict[str, str]:
    """This will be what is asked of a table of `count` rows: name -> path."""
    account, tags = filled["account"], filled["tags"]
    # The thousandth page, or the last full one of a table that has fewer.
    position = max(count - PAGE * DEEP, PAGE) + 1
    return {
        "admin list": ADMIN,
        "admin list, a common tag": f"{ADMIN}?tag={tags['common']}",
        "admin list, a rare tag": f"{ADMIN}?tag={tags['rare']}",
        "admin list, of an account": f"{ADMIN}?account={account}",
        "admin list, following an account": f"{ADMIN}?account={account}&subscribed=1",
        "admin list, left an account": f"{ADMIN}?account={account}&subscribed=0",
        "admin search, openid prefix": f"{ADMIN}?q=oBench{5:021d}",
        "admin search, fits everybody": f"{ADMIN}?q=oBench",
        "API list": API,
        f"API list, page {DEEP:,}": f"{API}?cursor={_cursor(position)}",
        "API list, one openid": f"{API}?openid=oBench{5:022d}",
        "API list, a common tag": f"{API}?tags={tags['common']}",
        "API list, a rare tag": f"{API}?tags={tags['rare']}",
        "API list, following an account": f"{API}?account={account}&subscribed=true",
        "API list, left an account": f"{API}?account={account}&subscribed=false",
    }


def _cursor(position: int) -> str:
    """A cursor of the API's: the rows behind a primary key."""
    return quote(Keyset([str(position)]).encode())
