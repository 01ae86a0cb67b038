"""WeChat's calendar: quotas count days and months in Asia/Shanghai, whatever zone the site shows."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def next_quota_day(now: dt.datetime) -> dt.datetime:
    """This will be 00:05 of the next day in Shanghai; the five minutes are for WeChat's own clock."""
    today = now.astimezone(SHANGHAI).replace(hour=0, minute=5, second=0, microsecond=0)
    return today + dt.timedelta(days=1)
