"""The times that staff usually mean."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wxcore import zones

# A choice that is nearly over is none.
NOTICE = dt.timedelta(minutes=15)
MONDAY, SATURDAY = 0, 5


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the times that staff usually mean; `wall` is what the input takes."""

    label: str
    wall: str


def choices(zone: ZoneInfo, *, now: dt.datetime) -> list[Choice]:
    """This will be tonight, tomorrow, Saturday and Monday at the hours at which people read, in order."""
    today = now.astimezone(zone).date()
    offered = (
        (_("Tonight %(time)s"), today, 20),
        (_("Tomorrow %(time)s"), today + dt.timedelta(days=1), 8),
        (_("Tomorrow night %(time)s"), today + dt.timedelta(days=1), 20),
        (_("Saturday, %(date)s, %(time)s"), _next(SATURDAY, today), 10),
        (_("Monday, %(date)s, %(time)s"), _next(MONDAY, today), 8),
    )
    soonest = (now + NOTICE).astimezone(zone).replace(tzinfo=None)
    found = []
    for label, day, hour in sorted(offered, key=lambda choice: (choice[1], choice[2])):
        at = dt.datetime.combine(day, dt.time(hour))
        if at > soonest:
            words = {"time": f"{hour:02d}:00", "date": date_format(day, "MONTH_DAY_FORMAT")}
            found.append(Choice(label % words, at.strftime(zones.WALL_FORMAT)))
    return found


def _next(weekday: int, today: dt.date) -> dt.date:
    """The next such day that is neither today nor tomorrow, which have names of their own."""
    ahead = (weekday - today.weekday()) % 7
    return today + dt.timedelta(days=ahead if ahead > 1 else ahead + 7)
