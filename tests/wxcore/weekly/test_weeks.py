"""Weeks on the wall of an account."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from wxcore.weekly import weeks
from wxcore.weekly.weeks import Week

SHANGHAI, NEW_YORK, BEIRUT = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Beirut")


def test_a_week_begins_on_monday_at_midnight_on_the_wall() -> None:
    week = Week(dt.date(2026, 11, 9), SHANGHAI)

    assert week.start == dt.datetime(2026, 11, 8, 16, tzinfo=dt.UTC)
    assert week.end - week.start == dt.timedelta(days=7)
    assert (week.sunday, str(week)) == (dt.date(2026, 11, 15), "2026-W46")
    assert week.due_at == dt.datetime(2026, 11, 16, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(("monday", "hours"), [("2026-03-02", 167), ("2026-10-26", 169), ("2026-05-04", 168)])
def test_a_week_in_which_clocks_change_has_other_hours(monday: str, hours: int) -> None:
    week = Week(dt.date.fromisoformat(monday), NEW_YORK)

    assert (week.end - week.start) == dt.timedelta(hours=hours)
    assert week.due_at.astimezone(NEW_YORK).time() == dt.time(9)
    assert week.end == week.after.start


def test_a_midnight_that_does_not_exist_loses_no_moment() -> None:
    """In Beirut clocks are put forward at midnight."""
    week = Week(dt.date(2026, 3, 23), BEIRUT)

    assert week.end == week.after.start
    assert week.after.before == week


@pytest.mark.parametrize(
    ("now", "zone", "monday"),
    [
        ("2026-11-16T00:30+08:00", SHANGHAI, "2026-11-09"),
        ("2026-11-15T23:59+08:00", SHANGHAI, "2026-11-02"),
        ("2026-11-16T00:30+08:00", NEW_YORK, "2026-11-02"),
        ("2027-01-01T12:00+08:00", SHANGHAI, "2026-12-21"),
    ],
)
def test_the_last_week_is_the_last_that_is_over_there(now: str, zone: ZoneInfo, monday: str) -> None:
    assert weeks.last(zone, dt.datetime.fromisoformat(now)).monday == dt.date.fromisoformat(monday)


@pytest.mark.parametrize(
    "text", ["", "x", "2026-W99", "2026-W00", "0000-W01", "2031-W01", "2026-11-09", "２０２６-W46"]
)
def test_what_names_no_week_is_the_last_one(text: str) -> None:
    now = dt.datetime(2026, 11, 18, tzinfo=dt.UTC)

    assert weeks.read_or_last(text, SHANGHAI, now) == weeks.last(SHANGHAI, now)
    with pytest.raises(weeks.NoSuchWeek):
        weeks.read(text, SHANGHAI, now)


def test_a_week_is_read_as_it_is_written() -> None:
    week = Week(dt.date(2020, 12, 28), SHANGHAI)

    assert str(week) == "2020-W53"
    assert weeks.read(str(week), SHANGHAI, dt.datetime(2026, 11, 18, tzinfo=dt.UTC)) == week


def test_the_newest_week_is_the_one_that_is_not_over() -> None:
    now = dt.datetime(2026, 11, 18, tzinfo=dt.UTC)

    assert weeks.read("2026-W47", SHANGHAI, now).monday == dt.date(2026, 11, 16)
    with pytest.raises(weeks.NoSuchWeek, match="2026-W47"):
        weeks.read("2026-W48", SHANGHAI, now)
