"""Syncs meet other workers, people who cancel, and events."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from followers import services, sync
from followers.models import Follower, Sync, Tagging
from followers.states import SyncStatus
from tests.conftest import APPID
from tests.followers.conftest import RunSync
from tests.locks import waiting
from tests.simulator_control import Control, wait_for
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def in_background() -> Iterator[Callable[[Sync], Future[bool]]]:
    """`in_background(sync)` runs it in another worker."""
    with ThreadPoolExecutor(8) as pool:

        def run(row: Sync) -> bool:
            try:
                return sync.run(Sync.objects.get(pk=row.pk), now=timezone.now())
            finally:
                connection.close()

        yield lambda row: pool.submit(run, row)


def test_only_one_of_two_workers_runs_it(wechat_account: OfficialAccount, control: Control, in_background) -> None:
    control.followers(APPID, 100)
    row = services.request_sync(wechat_account, now=timezone.now())

    ran = [in_background(row), in_background(row)]

    assert sorted(future.result(30) for future in ran) == [False, True]
    assert control.calls()["counts"]["/cgi-bin/tags/get"] == 1


def test_only_one_of_many_requests_opens_it(account: OfficialAccount) -> None:
    together = threading.Barrier(6)

    def request(_: int) -> bool:
        together.wait(10)
        try:
            return bool(services.request_sync(account, now=timezone.now()))
        except services.SyncAlreadyOpen:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(request, range(6))) == 1


def test_stops_at_the_next_page_when_cancelled(
    wechat_account: OfficialAccount, control: Control, in_background
) -> None:
    control.followers(APPID, 10_020)
    control.fault("/cgi-bin/user/get", skip=1, delay=0.5)
    row = services.request_sync(wechat_account, now=timezone.now())
    running = in_background(row)
    wait_for(lambda: not control.faults())  # the second page is on its way

    services.cancel_sync(row, now=timezone.now())

    assert not running.result(30)
    assert Sync.objects.get(pk=row.pk).status == SyncStatus.CANCELLED
    assert Follower.objects.count() in (0, 10_000)


def test_stays_cancelled_when_its_worker_then_meets_trouble(
    wechat_account: OfficialAccount, control: Control, in_background
) -> None:
    control.fault("/cgi-bin/user/get", delay=0.5, errcode=48001)
    row = services.request_sync(wechat_account, now=timezone.now())
    running = in_background(row)
    wait_for(lambda: control.calls()["counts"].get("/cgi-bin/tags/get"))

    services.cancel_sync(row, now=timezone.now())

    assert not running.result(30)
    assert Sync.objects.get(pk=row.pk).status == SyncStatus.CANCELLED


def test_cannot_be_cancelled_when_it_has_ended(run_sync: RunSync) -> None:
    with pytest.raises(services.SyncNotOpen):
        services.cancel_sync(run_sync(), now=timezone.now())


def test_believes_an_unsubscribe_event_more_than_a_page_on_its_way(
    wechat_account: OfficialAccount, control: Control, in_background
) -> None:
    control.followers(APPID, 3, tags=[{"name": "VIP", "share": 1}])
    leaver = control.openids(APPID)[0]
    control.fault("/cgi-bin/user/info/batchget", when="after", delay=0.5)
    row = services.request_sync(wechat_account, now=timezone.now())
    running = in_background(row)
    wait_for(lambda: control.calls()["counts"].get("/cgi-bin/user/get"))

    # Counted in whole seconds, as WeChat does.
    services.unfollow(wechat_account, openid=leaver, at=timezone.now().replace(microsecond=0))

    assert running.result(30)
    assert Follower.objects.filter(subscribed=True).count() == 2
    gone = Follower.objects.get(openid=leaver)
    assert (gone.unionid, gone.tags.count()) == ("", 0)


def test_keeps_who_follows_while_it_runs(wechat_account: OfficialAccount, control: Control, in_background) -> None:
    control.fault("/cgi-bin/user/get", when="after", delay=0.5)
    row = services.request_sync(wechat_account, now=timezone.now())
    running = in_background(row)
    wait_for(lambda: Sync.objects.get(pk=row.pk).started_at)

    services.follow(wechat_account, openid="oComesNow0000000000000000000", at=timezone.now().replace(microsecond=0))

    assert running.result(30)
    assert Follower.objects.get().subscribed


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets nobody write at the same time")
def test_does_not_deadlock_with_somebody_who_leaves(
    wechat_account: OfficialAccount, control: Control, in_background, run_sync: RunSync
) -> None:
    control.followers(APPID, 3, tags=[{"name": "VIP", "share": 1}])
    run_sync()
    leaver = Follower.objects.latest("pk")
    again = services.request_sync(wechat_account, now=timezone.now())

    def leave() -> None:
        try:
            services.unfollow(wechat_account, openid=leaver.openid, at=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            list(Tagging.objects.select_for_update())  # so that both stop halfway
            left = pool.submit(leave)
            wait_for(lambda: waiting() == 1)
            ran = in_background(again)
            wait_for(lambda: waiting() == 2)
        left.result(30)

    assert ran.result(30)
    assert Sync.objects.get(pk=again.pk).status == SyncStatus.FINISHED
    assert not Follower.objects.get(pk=leaver.pk).subscribed
