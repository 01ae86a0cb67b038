from __future__ import annotations

import datetime as dt

import pytest

from wxcore.clock import SHANGHAI

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=SHANGHAI)
TODAY = NOON.date()
ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def now() -> dt.datetime:
    return NOON
