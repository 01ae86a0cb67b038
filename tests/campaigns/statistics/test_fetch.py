"""The figures of a day are fetched once, stored by article, and kept right."""

from __future__ import annotations

import datetime as dt

import pytest

from campaigns import statistics
from campaigns.models import ArticleStatistic, Broadcast, StatisticsDay
from tests.campaigns.statistics.conftest import Morning, calls, fetch, sent_on
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.models import OfficialAccount

DAY = dt.timedelta(1)


def days(broadcast: Broadcast, article: int = 1) -> list[ArticleStatistic]:
    return list(broadcast.statistics.filter(article=article).order_by("day"))


def test_nothing_is_wanted_before_a_day_is_over(sent: Broadcast) -> None:
    assert statistics.plan(now=sent.submitted_at) == 0


def test_the_first_day_is_there_next_morning(sent: Broadcast, morning: Morning) -> None:
    assert fetch(morning()) == [True]
    first, second = broadcast_rows = [*days(sent, 1), *days(sent, 2)]
    assert [row.day for row in broadcast_rows] == [sent_on(sent)] * 2
    assert first.readers > second.readers > 0
    assert first.readers == sum(getattr(first, name) for name in statistics.SOURCES.values())
    assert first.share_users
    assert (first.reads, first.shares, first.favourite_users) == (None, None, None)
    assert first.total_readers == first.readers
    assert first.total_favourite_users
    assert 0 < first.finish_rate < 1


def test_before_half_past_eight_nobody_asks(sent: Broadcast, morning: Morning, control: Control) -> None:
    assert fetch(morning(hour=8.4)) == []
    assert calls(control) == {}
    assert fetch(morning(days=0, hour=8.5)) == [True]


def test_an_article_is_followed_for_a_week(sent: Broadcast, morning: Morning, control: Control) -> None:
    for _day in range(9):
        fetch(morning())
    rows = days(sent)
    assert [row.day for row in rows] == [sent_on(sent) + number * DAY for number in range(7)]
    assert [row.total_readers for row in rows] == [sum(row.readers for row in rows[: n + 1]) for n in range(7)]
    assert calls(control) == {"getarticleread": 7, "getarticleshare": 7, "getarticletotaldetail": 7}


def test_a_day_that_is_there_is_not_asked_for_again(sent: Broadcast, morning: Morning, control: Control) -> None:
    fetch(morning())
    assert fetch(morning(days=0, hour=18)) == []
    assert calls(control)["getarticleread"] == 1


def test_after_a_pause_the_missed_days_come_at_once(sent: Broadcast, morning: Morning, control: Control) -> None:
    assert fetch(morning(days=4)) == [True] * 4
    rows = days(sent)
    assert [row.day for row in rows] == [sent_on(sent) + number * DAY for number in range(4)]
    assert [row.total_readers for row in rows] == [sum(row.readers for row in rows[: n + 1]) for n in range(4)]
    assert calls(control)["getarticletotaldetail"] == 1


def test_what_is_longer_ago_than_two_weeks_is_left_alone(sent: Broadcast, morning: Morning) -> None:
    assert fetch(morning(days=15)) == []


def test_fetching_a_day_again_corrects_it(sent: Broadcast, morning: Morning) -> None:
    now = morning()
    fetch(now)
    before = ArticleStatistic.objects.values().get(article=1)
    ArticleStatistic.objects.update(readers=1, total_readers=1)
    StatisticsDay.objects.update(due_at=now)
    fetch(now)
    assert ArticleStatistic.objects.values().get(article=1) == before


def test_an_account_without_the_current_calls_is_asked_by_the_older_ones(
    sent: Broadcast, morning: Morning, control: Control
) -> None:
    control.account(APPID, statistics="older")
    assert fetch(morning()) == [True]
    (row,) = days(sent)
    assert row.reads > row.readers > 0
    assert row.total_reads == row.reads
    assert row.favourites is not None
    assert row.total_likes is None
    assert sum(getattr(row, name) or 0 for name in statistics.SOURCES.values()) == row.readers


def test_what_was_sent_in_the_console_is_not_ours(
    sent: Broadcast, morning: Morning, control: Control, wechat_account: OfficialAccount
) -> None:
    Broadcast.objects.update(msg_data_id=1)
    assert fetch(morning()) == [True]
    assert not ArticleStatistic.objects.exists()


def test_delayed_figures_are_stored_and_asked_for_again(sent: Broadcast, morning: Morning, control: Control) -> None:
    control.account(APPID, statistics_delayed=True)
    now = morning()
    fetch(now)
    row = StatisticsDay.objects.get()
    assert (row.delayed, row.due_at) == (True, now + statistics.AGAIN)
    assert days(sent)[0].readers

    control.account(APPID, statistics_delayed=False)
    assert fetch(now + statistics.AGAIN) == [True]
    row.refresh_from_db()
    assert (row.delayed, row.due_at) == (False, None)


def test_figures_that_stay_delayed_are_left_at_last(sent: Broadcast, morning: Morning, control: Control) -> None:
    control.account(APPID, statistics_delayed=True)
    fetch(morning(days=3))
    assert StatisticsDay.objects.get(day=sent_on(sent)).due_at is None


def test_a_switched_off_account_wants_nothing(sent: Broadcast, morning: Morning) -> None:
    OfficialAccount.objects.update(is_active=False)
    assert fetch(morning()) == []


def test_a_message_without_articles_has_no_statistics(sent: Broadcast, morning: Morning) -> None:
    Broadcast.objects.update(msg_data_id=None)
    assert fetch(morning()) == []


@pytest.mark.usefixtures("sent")
def test_planning_twice_changes_nothing(morning: Morning) -> None:
    now = morning(days=3)
    assert statistics.plan(now=now) == 3
    assert statistics.plan(now=now) == 0
