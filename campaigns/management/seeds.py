"""What other apps add to a new demo account."""

from __future__ import annotations

from collections.abc import Callable

from wxcore.models import OfficialAccount

Seed = Callable[[OfficialAccount], None]

_seeds: list[Seed] = []


def register(seed: Seed) -> None:
    """This will have `seed` called for every demo account that is made."""
    _seeds.append(seed)


def plant(account: OfficialAccount) -> None:
    """This will call them all."""
    for seed in _seeds:
        seed(account)
