"""Trouble on the way makes an import wait and continue where it stood; one bad file is left out."""

from __future__ import annotations

import datetime as dt
import io
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from campaigns import drafts, importing
from campaigns.models import Draft, LibraryImport, MediaAsset, RemoteDraft, RemoteMedia, Target
from campaigns.states import ImportStatus
from tests.campaigns.importing.conftest import DRAFTS, GET, LIST, RunImport
from tests.conftest import APPID
from tests.simulator_control import Control, wait_for
from wxcore import accounts
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def interrupted(run_import: RunImport, control: Control) -> LibraryImport:
    """An import whose sixth picture could not be had."""
    control.library(APPID, images=8, drafts=2)
    control.fault(GET, skip=5, errcode=45009, times=4)
    row = run_import()
    control.clear_faults()
    return row


def test_keeps_what_came_before_the_trouble(interrupted: LibraryImport) -> None:
    kept = MediaAsset.objects.count()

    assert interrupted.status == ImportStatus.WAITING
    assert interrupted.offset == interrupted.imported == kept == RemoteMedia.objects.count()
    assert 4 <= kept <= 5


def test_continues_where_it_stood(interrupted: LibraryImport, run_import: RunImport) -> None:
    row = run_import()

    assert (row.pk, row.status, row.imported, row.known) == (interrupted.pk, ImportStatus.FINISHED, 10, 0)
    assert MediaAsset.objects.count() == 8


def test_continues_after_its_worker_died(interrupted: LibraryImport, run_import: RunImport) -> None:
    LibraryImport.objects.update(status=ImportStatus.RUNNING)  # as a kill -9 leaves it, with a lease that runs out

    assert run_import().imported == 10


def test_continues_when_a_file_was_stored_and_its_place_was_not(
    interrupted: LibraryImport, run_import: RunImport
) -> None:
    # As a kill -9 between the file and the place leaves it.
    asset = MediaAsset.objects.latest("pk")
    asset.remote.all().delete()
    LibraryImport.objects.update(
        status=ImportStatus.RUNNING, offset=interrupted.offset - 1, imported=interrupted.imported - 1
    )

    row = run_import()

    assert (row.status, row.imported, row.known) == (ImportStatus.FINISHED, 10, 0)
    assert (MediaAsset.objects.count(), RemoteMedia.objects.count()) == (8, 8)


def test_waits_for_tomorrow_when_the_quota_is_used_up(interrupted: LibraryImport) -> None:
    due = interrupted.due_at.astimezone(ZoneInfo("Asia/Shanghai"))
    tomorrow = timezone.now().astimezone(ZoneInfo("Asia/Shanghai")).date() + dt.timedelta(days=1)

    assert (due.date(), due.time()) == (tomorrow, dt.time(0, 5))
    assert interrupted.error_code == "wechat_quota_used_up"


def test_forgets_why_it_waited_when_it_continues(interrupted: LibraryImport, run_import: RunImport) -> None:
    assert run_import().error_code == ""


def test_is_left_alone_while_its_worker_lives(wechat_account: OfficialAccount) -> None:
    now = timezone.now()
    row = importing.request(wechat_account, by=None, now=now)
    LibraryImport.objects.update(status=ImportStatus.RUNNING, due_at=now + importing.LEASE)

    assert not importing.run(row, now=now)


def test_a_worker_that_was_thought_dead_stores_nothing(wechat_account: OfficialAccount, control: Control) -> None:
    control.library(APPID, images=1)
    control.fault(GET, delay=1)
    row = importing.request(wechat_account, by=None, now=timezone.now())

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(_in_background, row)
        wait_for(lambda: LibraryImport.objects.get().total)
        LibraryImport.objects.update(attempts=7)  # as the next worker's claim does

    row.refresh_from_db()
    assert late.result() is False
    assert (row.status, row.attempts, row.imported) == (ImportStatus.RUNNING, 7, 0)
    assert not RemoteMedia.objects.exists()


def _in_background(row: LibraryImport) -> bool:
    try:
        return importing.run(LibraryImport.objects.get(pk=row.pk), now=timezone.now())
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        (LIST, {"errcode": -1, "times": 4}),
        (LIST, {"html": "<html>Bad gateway</html>"}),
        (GET, {"drop": "after"}),
        (DRAFTS, {"body": '{"total_count": 1, "item": [{"content": {}}]}', "times": 4}),
        ("/cgi-bin/material/get_materialcount", {"drop": "before", "times": 4}),
        ("/cgi-bin/stable_token", {"errcode": -1, "times": 4}),
    ],
)
def test_waits_with_a_growing_pause(run_import: RunImport, control: Control, path: str, fault: dict[str, Any]) -> None:
    control.library(APPID, images=1, drafts=1)
    control.fault(path, **fault)

    row = run_import()

    assert row.status == ImportStatus.WAITING
    assert dt.timedelta(0) < row.due_at - timezone.now() <= dt.timedelta(seconds=10)
    control.clear_faults()
    assert run_import().status == ImportStatus.FINISHED


def test_fails_when_patience_is_at_an_end(run_import: RunImport, control: Control) -> None:
    control.fault(LIST, html="<html>", times=99)

    rows = [run_import() for _ in range(importing.PATIENCE)]

    assert [row.status for row in rows] == [ImportStatus.WAITING] * (importing.PATIENCE - 1) + [ImportStatus.FAILED]


def test_fails_at_once_without_the_right(run_import: RunImport, control: Control) -> None:
    control.library(APPID, images=5)
    control.fault(GET, errcode=48001, times=9)

    row = run_import()

    assert (row.status, row.error_code, row.skipped) == (ImportStatus.FAILED, "wechat_not_authorized", 0)


def test_a_file_that_was_deleted_meanwhile_is_left_out(run_import: RunImport, control: Control) -> None:
    control.library(APPID, images=3)
    control.fault(GET, errcode=40007)

    row = run_import()

    assert (row.status, row.imported, row.skipped) == (ImportStatus.FINISHED, 2, 1)
    assert row.error_code == "left_out"
    with override("en"):
        assert "40007" in row.error_message


def test_a_picture_that_is_too_large_for_the_account_is_left_out(
    run_import: RunImport, control: Control, wechat_account: OfficialAccount
) -> None:
    control.library(APPID, images=1)
    with accounts.connect(wechat_account) as wechat:
        wechat.materials.add("image", "large.png", noise(), "image/png")
    OfficialAccount.objects.update(media_limits="old")

    row = run_import()

    assert (row.status, row.imported, row.skipped, row.error_code) == (ImportStatus.FINISHED, 1, 1, "left_out")
    with override("en"):
        assert "large.png" in row.error_message


def noise() -> bytes:
    """This will be a PNG of 3 MB."""
    target = io.BytesIO()
    Image.frombytes("RGB", (1000, 1000), os.urandom(3_000_000)).save(target, "PNG")
    return target.getvalue()


def test_a_file_that_never_comes_does_not_hold_up_those_behind_it(run_import: RunImport, control: Control) -> None:
    control.library(APPID, images=2)
    for _ in range(importing.FILE_PATIENCE):
        # Both are asked for at once, and only the first one's answer is looked at.
        control.fault(GET, drop="before", times=2)
        row = run_import()

    control.clear_faults()
    row = run_import() if row.status == ImportStatus.WAITING else row
    assert (row.status, row.skipped, row.imported) == (ImportStatus.FINISHED, 1, 1)


def test_a_fault_of_ours_with_one_draft_does_not_end_it(run_import: RunImport, control: Control) -> None:
    control.draft(APPID, {"title": "长" * 20, "content": "<table><tr><td>" * 600})
    control.draft(APPID, {"title": "好"})

    row = run_import()

    assert row.status == ImportStatus.FINISHED
    assert Draft.objects.filter(title="好").exists()


def test_a_draft_that_we_are_pushing_is_not_imported(
    run_import: RunImport, control: Control, wechat_account: OfficialAccount
) -> None:
    draft = drafts.create(wechat_account, None, [{"title": "我们的"}])
    revision = drafts.freeze(draft)
    RemoteDraft.objects.create(account=wechat_account, draft=draft, revision=revision, tried_at=timezone.now())
    control.draft(APPID, {"title": "我们的"})

    run_import()

    assert Draft.objects.get() == draft


def test_an_upload_of_ours_whose_answer_was_lost_is_recognised(
    run_import: RunImport, control: Control, wechat_account: OfficialAccount
) -> None:
    control.library(APPID, images=1)
    run_import()
    RemoteMedia.objects.update(media_id="", url="")

    row = run_import()

    assert (row.imported, row.known) == (0, 1)
    assert RemoteMedia.objects.get(target=Target.PERMANENT).media_id
