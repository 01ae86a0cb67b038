"""The media library: files come in once, are found by their address, and go when nothing needs them."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.http.request import validate_host
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns import mediafiles, thumbnails
from campaigns.mediafiles import MediaFile
from campaigns.models import MediaAsset, MediaKind
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

CHUNK = 64 * 1024
# Up to here an upload waits in memory.
IN_MEMORY = 2 * 1024 * 1024
# Around the file in the body of a request: the other fields and the boundaries.
ENVELOPE = 64 * 1024
NAME_LENGTH = 100
# Also what turns the direction of writing: it would make "exe.jpg" of "gpj.exe".
CONTROL = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
ORPHAN_AGE = dt.timedelta(days=1)
ROOT = "media"


class WrongKind(OperatorError):
    code = "wrong_kind"
    message = _("This file is a %(found)s; here a %(wanted)s is needed.")
    fix = _("Choose another file.")


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a file: `is_new` is False when the library had it already; `warnings` are sentences."""

    asset: MediaAsset
    is_new: bool
    warnings: list[str]


def check_announced(length: str | None) -> None:
    """This will refuse a request by its announced length, before all of it is read. Raises FileTooBig."""
    announced, most = int(length) if length and length.isdecimal() else 0, mediafiles.largest()
    if announced > most + ENVELOPE:
        size = mediafiles.show_size(announced, up=True)
        raise mediafiles.FileTooBig(size=size, limit=mediafiles.show_size(most))


def store(
    account: OfficialAccount,
    upload: File,
    *,
    kind: MediaKind | str | None = None,
    name: str = "",
    by: AbstractBaseUser | None = None,
) -> Stored:
    """This will keep an uploaded file in the account's library. The same content is kept once.

    1. the content is copied, counted and hashed, 2. looked at and held against WeChat's limits, 3. looked up,
    4. written, then its row: a crash between leaves a file that `sweep` removes, never a row without its file.
    `kind` is what is wanted; a picture that is wanted as a thumbnail becomes a small JPEG.
    Raises WrongKind, and what `mediafiles.inspect` and `mediafiles.check` raise.
    """
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as copy:
        _copy(upload, copy, limit=mediafiles.largest(account))
        found = mediafiles.inspect(copy)
        if kind == MediaKind.THUMB and found.kind == MediaKind.IMAGE:
            found = _as_thumb(copy, found)
        elif kind and kind != found.kind:
            raise WrongKind(found=found.kind.label, wanted=MediaKind(kind).label)
        warnings = mediafiles.check(found, account)
        asset, is_new = _keep(account, copy, found, name=_clean_name(name or upload.name or "", found), by=by)
    return Stored(asset, is_new, warnings)


def store_bytes(
    account: OfficialAccount,
    content: bytes,
    *,
    kind: MediaKind | str | None = None,
    name: str = "",
    by: AbstractBaseUser | None = None,
) -> Stored:
    """This will do the same with content that is in memory: what was pasted, or fetched from elsewhere."""
    return store(account, ContentFile(content), kind=kind, name=name, by=by)


def _copy(upload: File, copy: IO[bytes], *, limit: int) -> None:
    size = 0
    for chunk in upload.chunks(CHUNK):
        size += len(chunk)
        if size > limit:
            told = max(upload.size or 0, size)
            raise mediafiles.FileTooBig(size=mediafiles.show_size(told, up=True), limit=mediafiles.show_size(limit))
        copy.write(chunk)


def _as_thumb(copy: IO[bytes], found: MediaFile) -> MediaFile:
    if found.mime == "image/jpeg" and found.size <= thumbnails.WECHAT_BYTES:
        return replace(found, kind=MediaKind.THUMB)
    content = thumbnails.for_wechat(copy)
    copy.seek(0)
    copy.truncate()
    copy.write(content)
    return replace(mediafiles.inspect(copy), kind=MediaKind.THUMB)


def _keep(
    account: OfficialAccount, copy: IO[bytes], found: MediaFile, *, name: str, by: AbstractBaseUser | None
) -> tuple[MediaAsset, bool]:
    copy.seek(0)
    digest = hashlib.file_digest(copy, "sha256").hexdigest()
    same = MediaAsset.objects.filter(account=account, kind=found.kind, sha256=digest)
    known = same.first()
    if known is not None:
        _put_back(known, copy, found)
        return known, False
    asset = MediaAsset(
        account=account,
        kind=found.kind,
        name=name,
        sha256=digest,
        mime=found.mime,
        size=found.size,
        width=found.width,
        height=found.height,
        seconds=found.seconds,
        created_by=by,
    )
    copy.seek(0)
    asset.file.save(f"file.{found.extension}", File(copy), save=False)
    try:
        with transaction.atomic():
            asset.save()
    except IntegrityError:
        # Somebody else stored the same file in this moment.
        default_storage.delete(asset.file.name)
        return same.get(), False
    return asset, True


def _put_back(asset: MediaAsset, copy: IO[bytes], found: MediaFile) -> None:
    """A file that was lost from the disk comes back with the next upload of the same content."""
    if default_storage.exists(asset.file.name):
        return
    copy.seek(0)
    asset.file.save(f"file.{found.extension}", File(copy), save=False)
    MediaAsset.objects.filter(pk=asset.pk).update(file=asset.file.name)


def _clean_name(name: str, found: MediaFile) -> str:
    """A name for people: without folders and without what a screen cannot show."""
    last = re.split(r"[/\\]", name)[-1]
    return CONTROL.sub(" ", last).strip()[:NAME_LENGTH] or f"{found.kind.label}.{found.extension}"


def describe(asset: MediaAsset, *, name: str | None = None, description: str | None = None) -> None:
    """This will give a file another name or description, without what a screen cannot show. None leaves them."""
    for column, value in (("name", name), ("description", description)):
        if value is not None:
            setattr(asset, column, CONTROL.sub(" ", value).strip() or value)
    asset.save(update_fields=["name", "description"])


def asset_id(url: str) -> int | None:
    """This will be the id of the file at `url`: a path of this site, or an absolute address of it. None for others."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("", "http", "https") or (host and not validate_host(host, settings.ALLOWED_HOSTS)):
        return None
    match = _reference().fullmatch(parts.path)
    return int(match[1]) if match else None


def asset_ids(html: str) -> set[int]:
    """This will be the ids of all files of the library that an article's body shows."""
    return {int(found) for found in _reference().findall(html)}


@cache
def _reference() -> re.Pattern[str]:
    before, _zero, after = reverse("admin:campaigns_mediaasset_file", args=[0]).rpartition("0")
    return re.compile(re.escape(before) + r"([1-9]\d{0,17})" + re.escape(after))


def sweep(*, now: dt.datetime) -> int:
    """This will remove files that belong to no row and are older than a day, and count them.

    They are left behind by a crash, by a transaction that was rolled back, and by two uploads of the same file at once.
    """
    return sum(_sweep(folder, now) for folder in _folders(ROOT, depth=2))


def _folders(path: str, *, depth: int) -> Iterable[str]:
    try:
        folders, _files = default_storage.listdir(path)
    except FileNotFoundError:
        return
    for name in sorted(folders):
        if depth == 1:
            yield f"{path}/{name}"
        else:
            yield from _folders(f"{path}/{name}", depth=depth - 1)


def _sweep(folder: str, now: dt.datetime) -> int:
    _nested, files = default_storage.listdir(folder)
    owned = _owned(folder, files)
    swept = 0
    for name in files:
        path = f"{folder}/{name}"
        if path in owned or path.removesuffix(thumbnails.SUFFIX) in owned:
            continue
        # Gone meanwhile: another sweep, or a deletion.
        with contextlib.suppress(FileNotFoundError):
            if now - default_storage.get_modified_time(path) > ORPHAN_AGE:
                default_storage.delete(path)
                swept += 1
    return swept


def _owned(folder: str, files: Iterable[str]) -> set[str]:
    """The paths in the folder that belong to rows; a file is named after its content, which has an index."""
    _root, account, _beginning = folder.split("/")
    digests = {name[:64] for name in files}
    rows = MediaAsset.objects.filter(account=account, kind__in=MediaKind.values, sha256__in=digests)
    return set(rows.values_list("file", flat=True)) if account.isdecimal() else set()
