"""How much of everything a run measures."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """`*_rounds` is how often both sides take their turn; the median counts."""

    sync_followers: int = 100_000
    sync_rounds: int = 5
    memory_small: int = 10_000
    memory_large: int = 1_000_000
    callbacks: int = 3_000
    callback_rounds: int = 7
    callback_burst: int = 20_000
    list_small: int = 1_000
    list_large: int = 1_000_000
    list_rounds: int = 25
    api_large: int = 1_000_000
    body_rounds: int = 25
    freeze_recipients: int = 1_000_000
    freeze_rounds: int = 5
    tick_small: int = 10
    tick_large: int = 10_000
    tick_rounds: int = 15
    segment_followers: int = 1_000_000
    segment_rounds: int = 7


FULL = Scale()
# For a look while working on the code: minutes become seconds, and the bounds mean less.
QUICK = Scale(
    sync_followers=20_000,
    sync_rounds=1,
    memory_large=100_000,
    callbacks=1_000,
    callback_rounds=3,
    callback_burst=2_000,
    list_rounds=7,
    api_large=20_000,
    body_rounds=7,
    freeze_recipients=100_000,
    freeze_rounds=3,
    tick_rounds=5,
    segment_followers=100_000,
    segment_rounds=5,
)
