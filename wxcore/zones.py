"""Times of day in an account's time zone: how they are read, and how they are put into words.

They are stored in UTC. What a person types or drags is the time on the wall where the account is at home.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from wxcore.errors import OperatorError

# What an input of the type datetime-local, and the calendar, speak.
WALL_FORMAT = "%Y-%m-%dT%H:%M"
LONGEST = 40
# A day alone would mean midnight, which nobody means.
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


class NotATime(OperatorError):
    code = "not_a_time"
    message = _("“%(text)s” is not a date with a time.")
    fix = _("Write it like 2026-11-30 20:00.")


class NoSuchTime(OperatorError):
    code = "no_such_time"
    message = _("%(time)s does not exist in %(zone)s: the clocks are put forward then.")
    fix = _("Choose a time an hour earlier or later.")


_REGIONS = {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}


@cache
def places() -> tuple[str, ...]:
    """This will be the zones that are named after a place, without the old names that are kept beside them."""
    return tuple(sorted(name for name in available_timezones() if name.partition("/")[0] in _REGIONS))


def read(text: str, zone: ZoneInfo) -> dt.datetime:
    """This will be the moment at which the wall shows `text` in `zone`; the earlier one where clocks are put back.

    A text with an offset of its own (2026-11-30T20:00+08:00) means what it says. Raises NotATime, NoSuchTime.
    """
    try:
        wall = dt.datetime.fromisoformat(text.strip()) if _WRITTEN.fullmatch(text.strip()) else None
        if wall is None:
            raise NotATime(text=text[:LONGEST])
        moment = wall if wall.tzinfo else wall.replace(tzinfo=zone)
        utc = moment.astimezone(dt.UTC)
        if wall.tzinfo is None and utc.astimezone(zone).replace(tzinfo=None) != wall:
            raise NoSuchTime(time=wall.strftime("%Y-%m-%d %H:%M"), zone=zone.key)
    except (ValueError, OverflowError):
        raise NotATime(text=text[:LONGEST]) from None
    return utc


def wall(moment: dt.datetime, zone: ZoneInfo) -> str:
    """This will be what an input shows for `moment`, to the minute."""
    return moment.astimezone(zone).strftime(WALL_FORMAT)


def name(zone: ZoneInfo, moment: dt.datetime) -> str:
    """This will be the zone with its distance from UTC at `moment`: Asia/Shanghai (UTC+8)."""
    minutes = int((moment.astimezone(zone).utcoffset() or dt.timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"{zone.key} (UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02d}' if rest else ''})"


def is_foreign(zone: ZoneInfo, moment: dt.datetime) -> bool:
    """Whether the wall shows another time there than on the other pages of this site."""
    return moment.astimezone(zone).utcoffset() != timezone.localtime(moment).utcoffset()


def shown(moment: dt.datetime, zone: ZoneInfo, format_name: str = "DATETIME_FORMAT") -> str:
    """This will be `moment` as the wall shows it in `zone`, which is named where it is foreign."""
    words = date_format(moment.astimezone(zone), format_name)
    return f"{words} {name(zone, moment)}" if is_foreign(zone, moment) else words
