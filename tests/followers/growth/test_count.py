"""Our own mirror tells who came and went, day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from followers import growth, services
from followers.models import Follower, FollowerDay
from tests.followers.growth.conftest import NOON, ONE_DAY, TODAY
from wxcore.models import OfficialAccount

MakeFollowers = Callable[..., list[Follower]]
LONG_AGO = NOON - dt.timedelta(days=300)


def told(account: OfficialAccount) -> dict[dt.date, tuple[int, int, int]]:
    rows = FollowerDay.objects.filter(account=account).values_list("day", "new", "left", "total")
    return {day: (new, left, total) for day, new, left, total in rows}


def test_days_are_those_of_shanghai(account: OfficialAccount, make_followers: MakeFollowers) -> None:
    make_followers(5, subscribe_time=LONG_AGO)
    make_followers(2, subscribe_time=NOON.replace(hour=0, minute=5))  # the day before in UTC
    growth.count(account, now=NOON)
    assert told(account)[TODAY] == (2, 0, 7)
    assert told(account)[TODAY - ONE_DAY] == (0, 0, 5)


def test_the_first_count_goes_back_five_weeks(account: OfficialAccount, make_followers: MakeFollowers) -> None:
    make_followers(3, subscribe_time=NOON - 10 * ONE_DAY)
    make_followers(1, subscribed=False, unsubscribed_at=NOON - 5 * ONE_DAY)
    growth.count(account, now=NOON)
    days = told(account)
    assert len(days) == 36
    assert days[TODAY - 10 * ONE_DAY] == (3, 0, 4)
    assert days[TODAY - 5 * ONE_DAY] == (0, 1, 3)
    assert days[TODAY - 11 * ONE_DAY] == (0, 0, 1)


def test_counting_twice_changes_nothing(account: OfficialAccount, make_followers: MakeFollowers) -> None:
    make_followers(3, subscribe_time=NOON)
    growth.count(account, now=NOON)
    before = told(account)
    growth.count(account, now=NOON)
    assert told(account) == before


def test_who_left_again_still_came(account: OfficialAccount, make_followers: MakeFollowers) -> None:
    (somebody,) = make_followers(1, subscribe_time=NOON, confirmed_at=NOON)
    growth.count(account, now=NOON)
    services.unfollow(account, openid=somebody.openid, at=NOON + dt.timedelta(hours=1))
    growth.count(account, now=NOON + dt.timedelta(hours=2))
    assert told(account)[TODAY] == (1, 1, 0)


def test_the_end_of_yesterday_is_known_today(account: OfficialAccount, make_followers: MakeFollowers) -> None:
    make_followers(3, subscribe_time=NOON)
    growth.count(account, now=NOON)
    make_followers(2, subscribe_time=NOON + dt.timedelta(hours=11))
    make_followers(1, subscribe_time=NOON + dt.timedelta(hours=13))
    growth.count(account, now=NOON + ONE_DAY)
    assert told(account)[TODAY] == (5, 0, 5)
    assert told(account)[TODAY + ONE_DAY] == (1, 0, 6)


def test_what_wechat_told_stays(account: OfficialAccount, make_followers: MakeFollowers) -> None:
    FollowerDay.objects.create(account=account, day=TODAY - ONE_DAY, new=9, left=8, total=77, source="wechat")
    make_followers(2, subscribe_time=NOON - ONE_DAY)
    growth.count(account, now=NOON)
    assert told(account)[TODAY - ONE_DAY] == (9, 8, 77)


def test_another_account_is_not_counted(
    account: OfficialAccount, other_account: OfficialAccount, make_followers: MakeFollowers
) -> None:
    make_followers(2, account=other_account, subscribe_time=NOON)
    growth.count(account, now=NOON)
    assert told(account)[TODAY] == (0, 0, 0)


def test_the_statements_do_not_grow_with_the_followers(
    account: OfficialAccount, make_followers: MakeFollowers, django_assert_max_num_queries: Any
) -> None:
    make_followers(50, subscribe_time=NOON)
    growth.count(account, now=NOON)
    with django_assert_max_num_queries(8):
        growth.count(account, now=NOON)
