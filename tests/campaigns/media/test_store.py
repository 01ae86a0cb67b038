"""A file is kept once, whole or not at all."""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from PIL import Image

from campaigns import library, thumbnails
from campaigns.mediafiles import BrokenFile, FileTooBig
from campaigns.models import MediaAsset, MediaKind
from tests.campaigns.media import files
from tests.campaigns.media.conftest import keep
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db


def stored_files(settings: Any) -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_file_is_kept_with_what_is_known_of_it(account: OfficialAccount, admin_user: User) -> None:
    asset = keep(account, files.picture(), "海报.jpg", by=admin_user)

    asset.refresh_from_db()
    assert (asset.kind, asset.name, asset.mime, asset.size) == ("image", "海报.jpg", "image/jpeg", 653)
    assert (asset.width, asset.height, asset.created_by) == (40, 30, admin_user)
    assert asset.file.read() == files.picture()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\photos\\a.jpg", "a.jpg"),
        ("a\x00\nb.jpg", "a b.jpg"),
        ("a\u202egpj.exe", "a gpj.exe"),
        ("长" * 300, "长" * 100),
        ("", "图片.jpg"),
    ],
)
def test_a_name_is_for_people_and_no_path(account: OfficialAccount, given: str, kept: str) -> None:
    asset = keep(account, files.picture(), given)

    assert asset.name == kept
    assert asset.file.name.startswith(f"media/{account.pk}/")


def test_the_same_content_is_kept_once(account: OfficialAccount, settings: Any) -> None:
    first = library.store_bytes(account, files.picture(), name="一.jpg")
    second = library.store_bytes(account, files.picture(), name="二.png")

    assert (second.asset, first.is_new, second.is_new) == (first.asset, True, False)
    assert len(stored_files(settings)) == 1


def test_another_account_has_files_of_its_own(account: OfficialAccount, other_account: OfficialAccount) -> None:
    assert keep(account, files.picture()) != keep(other_account, files.picture())


def test_a_lost_file_comes_back_with_the_next_upload(picture: MediaAsset) -> None:
    default_storage.delete(picture.file.name)

    assert keep(picture.account, files.picture()) == picture

    picture.refresh_from_db()
    assert picture.file.read() == files.picture()


def test_a_picture_as_a_thumbnail_becomes_a_small_jpeg(account: OfficialAccount) -> None:
    noise = Image.frombytes("RGB", (900, 900), os.urandom(900 * 900 * 3))
    big = io.BytesIO()
    noise.save(big, "PNG")

    asset = keep(account, big.getvalue(), kind=MediaKind.THUMB)

    assert (asset.kind, asset.mime) == ("thumb", "image/jpeg")
    assert asset.size <= 64 * 1024


def test_a_small_jpeg_is_a_thumbnail_as_it_is(account: OfficialAccount) -> None:
    assert keep(account, files.picture(), kind=MediaKind.THUMB).file.read() == files.picture()


def test_another_kind_than_wanted_is_refused(account: OfficialAccount) -> None:
    with pytest.raises(library.WrongKind):
        keep(account, files.mp3(), kind=MediaKind.IMAGE)


def test_a_refused_file_leaves_nothing_behind(account: OfficialAccount, settings: Any) -> None:
    with pytest.raises(BrokenFile):
        keep(account, files.picture("JPEG", (300, 300))[:-300])

    assert not MediaAsset.objects.exists()
    assert stored_files(settings) == []


def test_reading_stops_at_the_limit(account: OfficialAccount) -> None:
    class Endless(ContentFile):
        read_so_far = 0

        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            while True:
                self.read_so_far += 1024 * 1024
                yield bytes(1024 * 1024)

    upload = Endless(b"")

    with pytest.raises(FileTooBig):
        library.store(account, upload)
    assert upload.read_so_far <= 12 * files.MB


@pytest.mark.django_db(transaction=True)
def test_two_equal_uploads_at_once_are_one_file(account: OfficialAccount, settings: Any) -> None:
    together = Barrier(4)

    def store(number: int) -> tuple[int, bool]:
        try:
            together.wait(10)
            stored = library.store_bytes(account, files.picture(), name=f"{number}.jpg")
            return stored.asset.pk, stored.is_new
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        stored = list(pool.map(store, range(4)))

    assert len({pk for pk, _is_new in stored}) == 1
    assert sum(is_new for _pk, is_new in stored) == 1
    assert len(stored_files(settings)) == 1


def test_what_belongs_to_no_row_is_swept_after_a_day(picture: MediaAsset, settings: Any) -> None:
    with thumbnails.thumbnail(picture):
        pass
    orphan = default_storage.save(f"media/{picture.account_id}/ab/{'ab' * 32}-image.jpg", ContentFile(b"x"))
    # Beside a living file: what a crash between file and row left.
    twin = default_storage.save(picture.file.name, ContentFile(b"x"))

    assert library.sweep(now=timezone.now()) == 0
    assert library.sweep(now=timezone.now() + dt.timedelta(days=2)) == 2

    assert not default_storage.exists(orphan)
    assert not default_storage.exists(twin)
    assert len(stored_files(settings)) == 2


def test_sweeping_an_empty_library_is_nothing(db: None) -> None:
    assert library.sweep(now=timezone.now()) == 0
