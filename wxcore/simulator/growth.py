"""Who came and went, day by day in Shanghai: what datacube/getusersummary and getusercumulate tell."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta

from wxcore.simulator.clock import day_of

DAY = 86_400


class Growth:
    """Two counters. Seeded followers came long ago, but for the recent ones."""

    def __init__(self) -> None:
        self.came: Counter[date] = Counter()
        self.went: Counter[date] = Counter()

    def total(self, following: int, day: date) -> int:
        """This will be how many followed at the end of `day`, counted back from those who follow now."""
        later = sum(self.came.values()) - sum(number for when, number in self.came.items() if when <= day)
        gone = sum(self.went.values()) - sum(number for when, number in self.went.items() if when <= day)
        return following - later + gone


def recent(count: int, part: float, days: int, *, now: float, seed: str) -> dict[int, int]:
    """This will be when the last `part` of `count` seeded followers came: within `days`, more of them each week."""
    chance = random.Random(seed)  # noqa: S311 - scatter, not secrecy
    newest = range(count - round(count * min(1.0, max(0.0, part))), count)
    ago = sorted((chance.random() ** 1.3 * days * DAY for _number in newest), reverse=True)
    return {number: int(now - back) for number, back in zip(newest, ago, strict=True)}


def seeded(followed_at: dict[int, int], seed: str) -> Growth:
    """This will be the growth that such followers make; on most days some others left who are not told of."""
    growth, chance = Growth(), random.Random(seed)  # noqa: S311 - scatter, not secrecy
    growth.came.update(day_of(at) for at in followed_at.values())
    first = min(growth.came, default=None)
    for number in range((max(growth.came) - first).days if first else 0):
        day = first + timedelta(number)
        growth.went[day] += round(growth.came[day] * chance.uniform(0.1, 0.5))
    return growth
