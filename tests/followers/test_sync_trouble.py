"""Trouble on the way makes a sync wait and continue where it stood; what only a person can mend ends it."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.translation import override

from followers import services, sync
from followers.models import Follower, Sync
from followers.states import SyncStatus
from tests.conftest import APPID
from tests.followers.conftest import RunSync, mirrored, simulated
from tests.simulator_control import Control
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/cgi-bin/user/get"
DETAILS = "/cgi-bin/user/info/batchget"


@pytest.fixture
def interrupted(run_sync: RunSync, control: Control) -> Sync:
    """A sync whose second page could not be had."""
    control.followers(APPID, 10_020)
    control.fault(LIST, skip=1, drop="before")
    return run_sync()


def test_keeps_the_pages_before_the_trouble(interrupted: Sync, control: Control) -> None:
    assert interrupted.status == SyncStatus.WAITING
    assert (interrupted.total, interrupted.fetched, interrupted.percent) == (10_020, 10_000, 100)
    assert interrupted.next_openid == control.openids(APPID, limit=1, offset=9_999)[0]
    assert Follower.objects.count() == 10_000


def test_continues_where_it_stood(interrupted: Sync, run_sync: RunSync, control: Control) -> None:
    again = run_sync()

    assert (again.pk, again.status, again.fetched) == (interrupted.pk, SyncStatus.FINISHED, 10_020)
    assert control.calls()["counts"][DETAILS] == 101
    assert set(mirrored()) == set(simulated(control))


def test_continues_after_its_worker_died(interrupted: Sync, run_sync: RunSync) -> None:
    Sync.objects.update(status=SyncStatus.RUNNING)  # as a kill -9 leaves it, with a lease that runs out

    assert run_sync().status == SyncStatus.FINISHED

    assert Follower.objects.count() == 10_020


def test_is_left_alone_while_its_worker_lives(wechat_account: OfficialAccount) -> None:
    now = timezone.now()
    row = services.request_sync(wechat_account, now=now)
    Sync.objects.update(status=SyncStatus.RUNNING, due_at=now + sync.LEASE)

    assert not sync.run(row, now=now)


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        (LIST, {"errcode": -1, "times": 3}),
        (LIST, {"status": 502, "times": 3}),
        (DETAILS, {"html": "<html>Bad gateway</html>"}),
        (DETAILS, {"drop": "before"}),
        (DETAILS, {"drop": "after"}),
        ("/cgi-bin/tags/get", {"drop": "before"}),
        ("/cgi-bin/stable_token", {"errcode": -1}),
    ],
)
def test_waits_with_a_growing_pause(run_sync: RunSync, control: Control, path: str, fault: dict[str, Any]) -> None:
    control.followers(APPID, 5)
    control.fault(path, **fault)

    row = run_sync()

    assert (row.status, row.attempts) == (SyncStatus.WAITING, 1)
    assert dt.timedelta(seconds=5) < row.due_at - timezone.now() <= dt.timedelta(seconds=10)
    assert run_sync().status == SyncStatus.FINISHED


def test_fails_when_patience_is_at_an_end(run_sync: RunSync, control: Control) -> None:
    control.fault(LIST, html="<html>", times=99)

    rows = [run_sync() for _ in range(sync.PATIENCE)]

    assert [row.status for row in rows] == [SyncStatus.WAITING] * (sync.PATIENCE - 1) + [SyncStatus.FAILED]
    assert max(row.due_at for row in rows[:-1]) - timezone.now() <= dt.timedelta(seconds=300)


def test_waits_for_tomorrow_when_the_quota_is_used_up(run_sync: RunSync, control: Control) -> None:
    control.fault(LIST, errcode=45009)

    row = run_sync()

    due = row.due_at.astimezone(ZoneInfo("Asia/Shanghai"))
    tomorrow = timezone.now().astimezone(ZoneInfo("Asia/Shanghai")).date() + dt.timedelta(days=1)
    assert (row.status, due.date(), due.time()) == (SyncStatus.WAITING, tomorrow, dt.time(0, 5))
    assert run_sync().status == SyncStatus.FINISHED


def test_fails_at_once_without_the_right(run_sync: RunSync, control: Control) -> None:
    control.account(APPID, verified=False)

    row = run_sync()

    assert (row.status, row.error_code) == (SyncStatus.FAILED, "wechat_not_authorized")
    assert row.finished_at is not None


def test_explains_itself_in_both_languages(run_sync: RunSync, control: Control) -> None:
    control.account(APPID, verified=False)

    row = run_sync()

    for language, words in (("zh-hans", "微信对"), ("en", "WeChat answered 48001")):
        with override(language):
            assert row.error_message.startswith(words)
            assert row.error_fix


def test_forgets_the_error_when_it_continues(interrupted: Sync, run_sync: RunSync) -> None:
    assert interrupted.error_code == "wechat_no_answer"

    assert run_sync().error_code == ""


def test_waits_and_says_so_when_the_fault_is_ours(run_sync: RunSync, control: Control) -> None:
    control.followers(APPID, 1)
    control.fault(
        DETAILS, body='{"user_info_list": [{"subscribe": 1, "openid": "o", "subscribe_time": 99999999999999}]}'
    )

    row = run_sync()

    assert (row.status, row.error_code) == (SyncStatus.WAITING, "sync_broke")
    assert "OverflowError" in row.error_message
    assert run_sync().status == SyncStatus.FINISHED
