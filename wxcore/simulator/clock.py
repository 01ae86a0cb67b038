"""The simulated clock: real time plus an offset that only ever grows. WeChat counts days and months in Shanghai."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))


class Clock:
    """Tells the simulated time, in seconds since 1970."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """This will be the simulated time as a Unix timestamp with fractions."""
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """This will move the clock forward by `seconds`; it never goes back."""
        self.offset += max(0.0, seconds)

    def day(self) -> date:
        """This will be the calendar day in Shanghai."""
        return datetime.fromtimestamp(self.now(), SHANGHAI).date()

    def month(self) -> tuple[int, int]:
        """This will be (year, month) in Shanghai."""
        today = self.day()
        return today.year, today.month


def local(timestamp: float) -> datetime:
    """This will be a Unix timestamp as a time in Shanghai."""
    return datetime.fromtimestamp(timestamp, SHANGHAI)


def day_of(timestamp: float) -> date:
    """This will be the calendar day in Shanghai of a Unix timestamp."""
    return local(timestamp).date()
