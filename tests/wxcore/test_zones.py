"""A time on the wall becomes a moment and back, or an error that says what to do."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from wxcore import zones

LONDON, SHANGHAI = ZoneInfo("Europe/London"), ZoneInfo("Asia/Shanghai")


def test_a_wall_is_read_in_its_zone() -> None:
    assert zones.read("2026-11-25T20:00", SHANGHAI) == dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    assert zones.read("2026-07-25 20:00", LONDON) == dt.datetime(2026, 7, 25, 19, tzinfo=dt.UTC)


def test_an_offset_of_its_own_counts() -> None:
    assert zones.read("2026-11-25T20:00+08:00", LONDON) == dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)


def test_a_time_in_the_gap_of_spring_does_not_exist() -> None:
    with pytest.raises(zones.NoSuchTime) as raised:
        zones.read("2027-03-28T01:30", LONDON)

    assert "Europe/London" in str(raised.value.message)
    assert str(raised.value.fix)


def test_of_the_two_times_of_autumn_the_earlier_is_meant() -> None:
    assert zones.read("2026-10-25T01:30", LONDON) == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    ["", " ", "tomorrow", "2026-11-25", "2026-02-30T20:00", "0001-01-01T00:00", "2026-11-25T20:00\0", "9" * 9999],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(zones.NotATime):
        zones.read(text, SHANGHAI)


def test_a_moment_is_shown_on_the_wall_and_a_foreign_zone_is_named() -> None:
    moment = dt.datetime(2026, 7, 25, 12, tzinfo=dt.UTC)

    assert zones.wall(moment, LONDON) == "2026-07-25T13:00"
    assert zones.shown(moment, SHANGHAI).endswith("20:00")
    assert zones.shown(moment, LONDON).endswith("13:00 Europe/London (UTC+1)")
    assert zones.shown(moment, ZoneInfo("Asia/Taipei")).endswith("20:00")
    assert zones.name(ZoneInfo("Asia/Kathmandu"), moment) == "Asia/Kathmandu (UTC+5:45)"
    assert zones.name(ZoneInfo("America/St_Johns"), moment) == "America/St_Johns (UTC-2:30)"
