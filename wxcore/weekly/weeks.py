"""A week on the wall of an account: from Monday to Sunday, whatever its clocks do in between."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from wxcore.errors import OperatorError

WRITTEN = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)
WEEK = dt.timedelta(days=7)
# When the report of the last week is due.
HOUR = dt.time(9)
# There was no WeChat before; a Monday.
FIRST = dt.date(2000, 1, 3)


class NoSuchWeek(OperatorError):
    code = "no_such_week"
    message = _("This is no week of which there is a report.")
    fix = _("Write a week as 2026-W47. The newest is the one that is not over yet, %(newest)s.")


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
    """This will be the week that an address names (2026-W47). Raises NoSuchWeek for what names none, or one to come."""
    found = WRITTEN.fullmatch(text.strip())
    newest = last(zone, now).after
    try:
        monday = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    if monday is None or not FIRST <= monday <= newest.monday:
        raise NoSuchWeek(newest=newest, fields={"week": "wrong"})
    return Week(monday, zone)


def read_or_last(text: str, zone: ZoneInfo, now: dt.datetime) -> Week:
    """This will be the week that an address names; what names none is the last one that is over."""
    try:
        return read(text, zone, now)
    except NoSuchWeek:
        return last(zone, now)
