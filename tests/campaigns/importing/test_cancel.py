"""Stopping an import: what it brought stays, and a later one goes on with the rest."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from campaigns import importing
from campaigns.importing import ImportNotOpen
from campaigns.models import LibraryImport, MediaAsset
from campaigns.states import ImportStatus
from tests.campaigns.importing.conftest import GET, RunImport
from tests.conftest import APPID
from tests.simulator_control import Control, wait_for
from wxcore.models import OfficialAccount

PICTURES = 30


@pytest.mark.django_db
def test_one_that_waits_is_stopped(wechat_account: OfficialAccount, run_import: RunImport) -> None:
    row = importing.request(wechat_account, by=None, now=timezone.now())

    importing.cancel(row, now=timezone.now())

    assert (row.status, row.finished_at is not None) == (ImportStatus.CANCELLED, True)
    assert not importing.run(row, now=timezone.now())
    assert run_import().status == ImportStatus.FINISHED


@pytest.mark.django_db
def test_one_that_has_ended_cannot_be_stopped(run_import: RunImport) -> None:
    row = run_import()

    with pytest.raises(ImportNotOpen):
        importing.cancel(row, now=timezone.now())

    assert LibraryImport.objects.get().status == ImportStatus.FINISHED


@pytest.mark.django_db(transaction=True)
def test_its_worker_stops_at_the_next_file(
    wechat_account: OfficialAccount, run_import: RunImport, control: Control
) -> None:
    control.library(APPID, images=PICTURES)
    control.fault(GET, delay=0.1, times=1000)
    row = importing.request(wechat_account, by=None, now=timezone.now())

    def work() -> bool:
        try:
            return importing.run(LibraryImport.objects.get(), now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        worker = pool.submit(work)
        wait_for(lambda: MediaAsset.objects.exists())
        importing.cancel(row, now=timezone.now())
        assert not worker.result(30)

    brought = MediaAsset.objects.count()
    assert 0 < brought < PICTURES
    assert LibraryImport.objects.get().status == ImportStatus.CANCELLED
    control.clear_faults()
    assert run_import().status == ImportStatus.FINISHED
    assert MediaAsset.objects.count() == PICTURES


@pytest.mark.django_db
def test_it_is_asked_before_and_told_after(admin_client: Client, wechat_account: OfficialAccount) -> None:
    row = importing.request(wechat_account, by=None, now=timezone.now())
    page, stop = f"/admin/campaigns/libraryimport/{row.pk}/change/", f"/admin/campaigns/libraryimport/{row.pk}/stop/"
    assert stop in admin_client.get(page).content.decode()
    assert "停止" in admin_client.get(stop).content.decode()

    answer = admin_client.post(stop, follow=True)

    assert "已停止" in answer.content.decode()
    assert stop not in answer.content.decode()
    assert LibraryImport.objects.get().status == ImportStatus.CANCELLED


@pytest.mark.django_db
def test_through_the_api(admin_client: Client, wechat_account: OfficialAccount) -> None:
    row = importing.request(wechat_account, by=None, now=timezone.now())

    assert admin_client.post(f"/api/v1/imports/{row.pk}/cancel/").json()["status"] == "cancelled"
    again = admin_client.post(f"/api/v1/imports/{row.pk}/cancel/")

    assert (again.status_code, again.json()["code"]) == (409, "import_not_open")
