"""A week on the wall of an account: from Monday to Sunday, whatever its clocks do in between."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

WRITTEN = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)
WEEK = dt.timedelta(days=7)
# When the report of the last week is due.
HOUR = dt.time(9)


@dataclass(frozen=True, slots=True)
class Week:
    """`monday` is its first day in `zone`."""

    monday: dt.date
    zone: ZoneInfo

    @property
    def sunday(self) -> dt.date:
        return self.monday + dt.timedelta(days=6)

    @property
    def start(self) -> dt.datetime:
        return self._moment(self.monday, dt.time())

    @property
    def end(self) -> dt.datetime:
        """The first moment after it."""
        return self._moment(self.monday + WEEK, dt.time())

    @property
    def due_at(self) -> dt.datetime:
        """When its report is mailed: the Monday after it, at nine on the wall."""
        return self._moment(self.monday + WEEK, HOUR)

    @property
    def before(self) -> Week:
        return Week(self.monday - WEEK, self.zone)

    @property
    def after(self) -> Week:
        return Week(self.monday + WEEK, self.zone)

    def __str__(self) -> str:
        year, number, _day = self.monday.isocalendar()
        return f"{year}-W{number:02d}"

    def _moment(self, day: dt.date, time: dt.time) -> dt.datetime:
        # Where clocks are put forward at midnight, that midnight is the moment of the change.
        return dt.datetime.combine(day, time, self.zone).astimezone(dt.UTC)


def last(zone: ZoneInfo, now: dt.datetime) -> Week:
    """This will be the last week that is over."""
    today = now.astimezone(zone).date()
    return Week(today - dt.timedelta(days=today.weekday()) - WEEK, zone)


def read(text: str, zone: ZoneInfo, now: dt.datetime) -> Week:
    """This will be the week that an address names (2026-W47); what names none, or one to come, is the last one."""
    found = WRITTEN.fullmatch(text.strip())
    newest = last(zone, now)
    if not found:
        return newest
    try:
        week = Week(dt.date.fromisocalendar(int(found[1]), int(found[2]), 1), zone)
        return week if dt.date(2000, 1, 1) < week.monday <= newest.monday + WEEK else newest
    except (ValueError, OverflowError):
        return newest
