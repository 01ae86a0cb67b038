"""WeChat corrects the days that have ended."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from followers import growth
from followers.models import FollowerDay
from tests.conftest import APPID
from tests.simulator_control import SHANGHAI, Control
from wxcore.models import OfficialAccount

ONE_DAY = dt.timedelta(days=1)


@pytest.fixture
def morning(wechat_account: OfficialAccount, control: Control) -> dt.datetime:
    """A morning after weeks of growth that our mirror has not seen."""
    control.followers(APPID, 2000, recent_share=0.2)
    return control.advance_to(9)


def asked(control: Control) -> int:
    return sum(call["path"].startswith("/datacube/getuser") for call in control.calls()["recent"])


def test_the_days_before_are_corrected(wechat_account: OfficialAccount, control: Control, morning: dt.datetime) -> None:
    growth.count(wechat_account, now=morning)
    assert growth.fetch(wechat_account, now=morning)
    rows = {row.day: row for row in FollowerDay.objects.filter(account=wechat_account)}
    today = morning.astimezone(SHANGHAI).date()
    assert rows[today].source == "mirror"
    told = [row for day, row in sorted(rows.items()) if day < today and row.source == "wechat"]
    assert len(told) == 35
    assert sum(row.new for row in told) > 300
    assert all(later.total - earlier.total == later.new - later.left for earlier, later in itertools.pairwise(told))


def test_it_is_asked_once(wechat_account: OfficialAccount, control: Control, morning: dt.datetime) -> None:
    growth.count(wechat_account, now=morning)
    growth.fetch(wechat_account, now=morning)
    before = asked(control)
    assert growth.fetch(wechat_account, now=morning + ONE_DAY / 48) is False
    assert asked(control) == before


def test_yesterday_is_not_asked_for_before_half_past_eight(
    wechat_account: OfficialAccount, morning: dt.datetime
) -> None:
    early = morning.replace(hour=8, minute=29)
    growth.count(wechat_account, now=early)
    assert growth.fetch(wechat_account, now=early)
    yesterday = early.astimezone(SHANGHAI).date() - ONE_DAY
    assert FollowerDay.objects.get(day=yesterday).source == "mirror"
    assert FollowerDay.objects.get(day=yesterday - ONE_DAY).source == "wechat"
    assert growth.fetch(wechat_account, now=early) is False


def test_without_the_right_the_mirror_stands(
    wechat_account: OfficialAccount, control: Control, morning: dt.datetime
) -> None:
    control.account(APPID, statistics="none")
    growth.count(wechat_account, now=morning)
    assert growth.fetch(wechat_account, now=morning)
    assert growth.fetch(wechat_account, now=morning + ONE_DAY / 24) is False  # not asked every tick
    assert not FollowerDay.objects.filter(source="wechat").exists()
