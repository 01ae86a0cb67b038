"""What stands in the way of statistics is kept, explained, and tried again as long as that can help."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import translation

from campaigns import statistics, tasks
from campaigns.models import ArticleStatistic, Broadcast, StatisticsDay
from tests.campaigns.statistics.conftest import CURRENT, Morning, calls, fetch
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore import accounts

READ = CURRENT[0]


def test_figures_that_are_not_ready_are_asked_for_an_hour_later(
    sent: Broadcast, morning: Morning, control: Control
) -> None:
    control.fault(READ, errcode=61503)
    now = morning()
    fetch(now)
    row = StatisticsDay.objects.get()
    assert row.due_at == now + statistics.AGAIN
    assert "尚未生成" in row.error_message

    assert fetch(now + statistics.AGAIN) == [True]
    row.refresh_from_db()
    assert (row.due_at, row.error_code) == (None, "")
    assert ArticleStatistic.objects.exists()


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"status": 502, "body": "bad gateway"}, {"body": "{"}])
def test_a_broken_answer_is_asked_for_again(
    sent: Broadcast, morning: Morning, control: Control, fault: dict[str, object]
) -> None:
    control.fault(CURRENT[2], **fault)
    now = morning()
    fetch(now)
    assert not ArticleStatistic.objects.exists()
    assert fetch(now + statistics.AGAIN) == [True]
    assert ArticleStatistic.objects.exists()


def test_without_the_right_it_says_so_and_asks_once_a_morning(
    sent: Broadcast, morning: Morning, control: Control
) -> None:
    control.account(APPID, statistics="none")
    now = morning(days=2)
    fetch(now)
    for row in StatisticsDay.objects.all():
        assert row.error_code == "no_statistics_right"
        assert "测试服务号" in row.error_message
        with translation.override("en"):
            assert "does not let" in row.error_message
        assert row.due_at == statistics.ready_at(now.date())
    assert calls(control) == {"getarticleread": 1, "getarticlesummary": 1}


def test_a_right_that_is_granted_later_brings_the_days_before(
    sent: Broadcast, morning: Morning, control: Control
) -> None:
    control.account(APPID, statistics="none")
    fetch(morning(days=2))
    control.account(APPID, statistics="both")
    fetch(morning())
    assert not StatisticsDay.objects.exclude(error_code="").exists()
    assert ArticleStatistic.objects.filter(article=1).count() == 3


def test_a_used_up_quota_waits_for_the_next_morning(sent: Broadcast, morning: Morning, control: Control) -> None:
    control.account(APPID, daily_limits={READ: 0})
    now = morning(days=2)
    fetch(now)
    assert {row.due_at for row in StatisticsDay.objects.all()} == {statistics.ready_at(now.date())}
    assert not StatisticsDay.objects.filter(error_code="").exists()


def test_a_day_is_given_up_after_a_week(sent: Broadcast, morning: Morning, control: Control) -> None:
    control.account(APPID, statistics="none")
    for _day in range(8):
        fetch(morning())
    first = StatisticsDay.objects.order_by("day").first()
    assert first.due_at is None
    assert first.error_code == "no_statistics_right"
    assert StatisticsDay.objects.exclude(due_at=None).count() == 6


@pytest.mark.django_db(transaction=True)
def test_two_workers_ask_once(sent: Broadcast, morning: Morning, control: Control) -> None:
    now = morning()
    statistics.plan(now=now)
    rows = [StatisticsDay.objects.select_related("account").get() for _worker in range(4)]
    begin, answers = threading.Barrier(4), []

    def work(row: StatisticsDay) -> None:
        begin.wait()
        try:
            answers.append(statistics.fetch(row, now=now))
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(row,)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [False, False, False, True]
    assert calls(control)["getarticleread"] == 1


def test_a_worker_that_died_is_followed_by_one_when_its_lease_is_over(sent: Broadcast, morning: Morning) -> None:
    now = morning()
    statistics.plan(now=now)
    StatisticsDay.objects.update(due_at=now + statistics.LEASE, attempts=1)
    assert fetch(now) == []
    assert fetch(now + statistics.LEASE) == [True]


def test_a_worker_that_was_thought_dead_does_not_undo_the_next_one(
    sent: Broadcast, morning: Morning, control: Control
) -> None:
    now = morning()
    statistics.plan(now=now)
    slow = StatisticsDay.objects.select_related("account").get()
    assert statistics._claim(slow, now)
    with accounts.connect(slow.account) as wechat:
        told = statistics._ask(wechat, slow)
    fetch(now + statistics.LEASE)
    done = StatisticsDay.objects.get()
    statistics._give_way(slow, statistics.NoStatisticsRight(account="x"), now)
    statistics._store(slow, told, now)
    after = StatisticsDay.objects.get()
    assert (after.fetched_at, after.error_code, after.due_at) == (done.fetched_at, "", None)


def test_the_task_fetches_what_is_due_as_long_as_its_time_lasts(
    sent: Broadcast, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = control.jobs(APPID)[0]
    control.backdate(job["msg_id"], 2)
    ago = dt.timedelta(days=2)
    Broadcast.objects.update(submitted_at=sent.submitted_at - ago, finished_at=sent.finished_at - ago)
    with monkeypatch.context() as hurried:
        hurried.setattr(tasks, "STATISTICS_SECONDS", 0.0)
        tasks.fetch_statistics()
    assert not ArticleStatistic.objects.exists()

    tasks.fetch_statistics()
    assert ArticleStatistic.objects.filter(article=1).exists()
