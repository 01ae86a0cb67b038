"""WeChat's day begins at midnight in Shanghai, wherever we are."""

from __future__ import annotations

import datetime as dt

import pytest

from wxcore.clock import next_quota_day


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-01T00:00:00+00:00", "2026-03-01T16:05:00+00:00"),
        ("2026-03-01T15:59:59+00:00", "2026-03-01T16:05:00+00:00"),
        ("2026-03-01T16:00:00+00:00", "2026-03-02T16:05:00+00:00"),
        ("2026-12-31T23:00:00+08:00", "2027-01-01T00:05:00+08:00"),
        ("2026-02-28T20:00:00-05:00", "2026-03-02T00:05:00+08:00"),
    ],
)
def test_the_next_quota_day(now: str, expected: str) -> None:
    assert next_quota_day(dt.datetime.fromisoformat(now)) == dt.datetime.fromisoformat(expected)
