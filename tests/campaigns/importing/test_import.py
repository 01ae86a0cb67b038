"""An import brings what the account has at WeChat, once."""

from __future__ import annotations

import hashlib

import pytest
from django.db import IntegrityError
from django.utils import timezone

from campaigns import importing
from campaigns.models import Draft, LibraryImport, MediaAsset, MediaKind, RemoteDraft, RemoteMedia, Target
from campaigns.states import ImportStatus
from tests.campaigns.importing.conftest import GET, RunImport
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db(transaction=True)


def test_brings_every_file_and_draft(run_import: RunImport, control: Control) -> None:
    made = control.library(APPID, images=23, voices=2, videos=1, drafts=3)

    row = run_import()

    here = set(RemoteMedia.objects.filter(target=Target.PERMANENT).values_list("media_id", flat=True))
    assert (row.status, row.total, row.imported, row.known, row.skipped) == (ImportStatus.FINISHED, 29, 29, 0, 0)
    assert here == {*made["images"], *made["voices"], *made["videos"]}
    assert set(RemoteDraft.objects.values_list("media_id", flat=True)) == set(made["drafts"])


def test_keeps_the_bytes_of_pictures_and_voices(run_import: RunImport, control: Control) -> None:
    control.library(APPID, images=1, voices=1)

    run_import()

    for asset in MediaAsset.objects.all():
        assert hashlib.sha256(asset.file.read()).hexdigest() == asset.sha256
    assert MediaAsset.objects.get(kind=MediaKind.IMAGE).width == 480
    assert MediaAsset.objects.get(kind=MediaKind.VOICE).seconds == pytest.approx(3, abs=0.1)


def test_keeps_a_video_without_its_file(run_import: RunImport, control: Control) -> None:
    control.library(APPID, videos=1)

    run_import()

    video = MediaAsset.objects.get()
    assert (video.kind, bool(video.file), video.sha256) == (MediaKind.VIDEO, False, "")
    assert video.name
    assert control.calls()["counts"].get(GET, 0) == 0


def test_makes_a_draft_of_a_draft(run_import: RunImport, control: Control) -> None:
    cover = control.library(APPID, images=1)["images"][0]
    first = {"title": "一", "author": "小编", "content": "<p onclick='x()'>你好</p>", "thumb_media_id": cover}
    control.draft(APPID, first, {"title": "二", "content": "<p>二</p>", "content_source_url": "https://example.com/"})

    run_import()

    one, two = Draft.objects.get().articles.all()
    assert (one.title, one.author, one.body) == ("一", "小编", "<p>你好</p>")
    assert one.cover == RemoteMedia.objects.get(media_id=cover).asset
    assert (two.title, two.source_url) == ("二", "https://example.com/")


def test_a_digest_of_wechats_making_stays_empty_here(run_import: RunImport, control: Control) -> None:
    control.draft(APPID, {"title": "一", "content": "<p>第一段</p><p>第二段</p>"})
    control.draft(APPID, {"title": "二", "content": "<p>正文</p>", "digest": "自己写的"})

    run_import()

    assert dict(Draft.objects.values_list("title", "articles__digest")) == {"一": "", "二": "自己写的"}


def test_changes_nothing_the_second_time(run_import: RunImport, control: Control) -> None:
    control.library(APPID, images=21, voices=1, videos=1, drafts=2)
    run_import()
    before = set(MediaAsset.objects.values_list()), set(Draft.objects.values_list()), RemoteMedia.objects.count()
    downloads = control.calls()["counts"][GET]

    row = run_import()

    assert (row.status, row.imported, row.known, row.skipped) == (ImportStatus.FINISHED, 0, 25, 0)
    assert before == (
        set(MediaAsset.objects.values_list()),
        set(Draft.objects.values_list()),
        RemoteMedia.objects.count(),
    )
    assert control.calls()["counts"][GET] == downloads


def test_brings_only_what_is_new_the_next_time(run_import: RunImport, control: Control) -> None:
    control.library(APPID, images=2)
    run_import()
    control.draft(APPID, {"title": "新"})

    row = run_import()

    assert Draft.objects.get().title == "新"
    assert row.imported >= 1


def test_a_file_that_stands_there_twice_is_one_file_with_two_ids(run_import: RunImport, control: Control) -> None:
    first = control.library(APPID, images=1)["images"]
    second = control.library(APPID, images=1)["images"]

    row = run_import()

    asset = MediaAsset.objects.get()
    assert set(asset.remote.values_list("media_id", flat=True)) == {*first, *second}
    assert (row.imported, row.known) == (1, 1)
    assert run_import().known == 2


def test_an_empty_account_is_finished_at_once(run_import: RunImport) -> None:
    row = run_import()

    assert (row.status, row.total, row.percent) == (ImportStatus.FINISHED, 0, 100)


def test_a_second_import_of_the_account_is_refused(account: OfficialAccount) -> None:
    importing.request(account, by=None, now=timezone.now())

    with pytest.raises(importing.ImportAlreadyOpen):
        importing.request(account, by=None, now=timezone.now())


def test_cannot_be_opened_twice_even_past_the_service(account: OfficialAccount) -> None:
    LibraryImport.objects.create(account=account, due_at=timezone.now())

    with pytest.raises(IntegrityError):
        LibraryImport.objects.create(account=account, due_at=timezone.now(), status=ImportStatus.WAITING)


def test_an_account_that_is_switched_off_is_refused(account: OfficialAccount) -> None:
    account.is_active = False

    with pytest.raises(importing.AccountInactive):
        importing.request(account, by=None, now=timezone.now())


def test_never_takes_another_accounts_file_for_a_cover(
    run_import: RunImport, control: Control, other_account: OfficialAccount
) -> None:
    asset = MediaAsset.objects.create(account=other_account, kind=MediaKind.IMAGE, name="x")
    cover = control.library(APPID, images=1)["images"][0]
    RemoteMedia.objects.create(asset=asset, target=Target.PERMANENT, media_id=cover)
    control.draft(APPID, {"title": "一", "thumb_media_id": cover})

    run_import()

    assert Draft.objects.get().articles.get().cover.account_id != other_account.pk
