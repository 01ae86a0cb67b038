"""The tick runs what is due, a few at a time; the night queues a sync of every account."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from followers import services, tasks
from followers.models import Sync
from followers.states import SyncStatus
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = dt.timedelta(minutes=1)


def test_a_sync_that_is_due_is_run(wechat_account: OfficialAccount, control: Control) -> None:
    control.followers(APPID, 3)
    services.request_sync(wechat_account, now=timezone.now())

    tasks.tick()

    assert Sync.objects.values_list("status", "fetched").get() == (SyncStatus.FINISHED, 3)


def test_a_sync_that_waits_is_left_alone(wechat_account: OfficialAccount, control: Control) -> None:
    services.request_sync(wechat_account, now=timezone.now() + MINUTE)

    tasks.tick()

    assert Sync.objects.get().status == SyncStatus.PENDING
    assert control.calls()["counts"] == {}


def test_enough_at_once_is_enough(wechat_account: OfficialAccount) -> None:
    services.request_sync(wechat_account, now=timezone.now())
    for number in range(tasks.AT_ONCE):
        other = OfficialAccount.objects.create(slug=f"s{number}", appid=f"wx{number:016}", secret="s", token="t")
        Sync.objects.create(account=other, status=SyncStatus.RUNNING, due_at=timezone.now() + MINUTE)

    tasks.tick()

    assert Sync.objects.get(account=wechat_account).status == SyncStatus.PENDING


def test_every_active_account_is_queued_once(account: OfficialAccount, other_account: OfficialAccount) -> None:
    OfficialAccount.objects.create(slug="off", appid="wxoff0000000001", secret="s", token="t", is_active=False)
    services.request_sync(account, now=timezone.now())

    tasks.sync_all()

    assert set(Sync.objects.values_list("account", flat=True)) == {account.pk, other_account.pk}
    assert Sync.objects.count() == 2
