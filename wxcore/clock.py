"""WeChat's calendar: quotas count days and months in Asia/Shanghai, whatever zone the site shows."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def quota_day(moment: dt.datetime) -> dt.date:
    """This will be the day that WeChat counts `moment` in."""
    return moment.astimezone(SHANGHAI).date()


def quota_month(moment: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """This will be the first moment of WeChat's month around `moment`, and that of the next month."""
    first = moment.astimezone(SHANGHAI).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first, (first + dt.timedelta(days=32)).replace(day=1)


def quota_day_span(moment: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """This will be the first moment of WeChat's day around `moment`, and that of the next day."""
    first = moment.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    return first, first + dt.timedelta(days=1)


def next_quota_day(now: dt.datetime) -> dt.datetime:
    """This will be 00:05 of the next day in Shanghai; the five minutes are for WeChat's own clock."""
    today = now.astimezone(SHANGHAI).replace(hour=0, minute=5, second=0, microsecond=0)
    return today + dt.timedelta(days=1)
