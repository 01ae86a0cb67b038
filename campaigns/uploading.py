"""Media files on their way to WeChat: temporary or permanent, as a picture inside articles, as a video message.

Only permanent material stays at WeChat for ever, so only there a lost answer is looked for: a temporary upload is gone
after three days, and a picture for articles stands in no library.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.conf import settings
from django.db import connection
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from campaigns import limits, pictures, thumbnails
from campaigns.models import MediaAsset, MediaKind, RemoteMedia, Target
from campaigns.remote import Columns, make_once
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import InvalidMediaId

Item = TypeVar("Item")
Result = TypeVar("Result")

LIFETIME = dt.timedelta(seconds=limits.TEMPORARY_SECONDS)
# An id that is about to expire could be dead before WeChat has sent the message.
MARGIN = dt.timedelta(hours=6)
PAGE = 20
# Pages of the material list to look through for a lost upload, newest first, and how far clocks may differ.
PAGES = 50
CLOCKS = dt.timedelta(minutes=10)
THUMB = "thumb"


class FileMissing(OperatorError):
    code = "file_missing"
    message = _("The file of “%(asset)s” is not here, and WeChat no longer has it.")
    fix = _("Upload the file again in the media library, and choose it anew.")


def media_id(wechat: WeChat, asset: MediaAsset, *, now: dt.datetime, good_for: dt.timedelta = MARGIN) -> str:
    """This will be an id under which a message can carry the file: the permanent one if there is one, or if WeChat
    takes this format and size as permanent material only. One that is not `good_for` so long is renewed.

    Raises FileMissing, CopyUnderway, and what the upload raises.
    """
    known = RemoteMedia.objects.filter(asset=asset, target=Target.PERMANENT).exclude(media_id="").exists()
    if known or is_permanent_only(asset):
        return permanent(wechat, asset, now=now)
    return temporary(wechat, asset, now=now, good_for=good_for)


def is_permanent_only(asset: MediaAsset) -> bool:
    """This will tell whether WeChat takes this format and size as permanent material only."""
    limit = limits.MEDIA[asset.account.media_limits][asset.kind]
    return asset.mime not in limit.formats or asset.size > limit.max_bytes


def temporary(wechat: WeChat, asset: MediaAsset, *, now: dt.datetime, good_for: dt.timedelta = MARGIN) -> str:
    """This will be a temporary id; renewed when it is not `good_for` so long. Raises like `media_id`."""

    def make() -> Columns:
        uploaded = wechat.media.upload(asset.kind, filename(asset), _content(asset), asset.mime)
        return {"media_id": uploaded.media_id, "expires_at": now + LIFETIME}

    return _remote(asset, Target.TEMPORARY, now, make, good_for=good_for).media_id


def thumb(wechat: WeChat, asset: MediaAsset, *, now: dt.datetime, good_for: dt.timedelta = MARGIN) -> str:
    """This will be a temporary id of the picture as a thumbnail, which uploadnews wants. Raises like `media_id`."""

    def make() -> Columns:
        small = thumbnails.for_wechat(io.BytesIO(_content(asset)))
        uploaded = wechat.media.upload(MediaKind.THUMB, f"{_stem(asset)}.jpg", small, "image/jpeg")
        return {"media_id": uploaded.media_id, "expires_at": now + LIFETIME}

    return _remote(asset, Target.TEMPORARY, now, make, variant=THUMB, good_for=good_for).media_id


def permanent(wechat: WeChat, asset: MediaAsset, *, now: dt.datetime) -> str:
    """This will be the permanent id of a file, which covers need. Raises like `media_id`."""
    return _permanent(wechat, asset, now).media_id


def article_url(wechat: WeChat, asset: MediaAsset, *, now: dt.datetime) -> str:
    """This will be the address of a picture inside articles. Raises like `media_id`.

    What uploadimg does not take (an animation) becomes permanent material, whose address serves as well.
    """

    def make() -> Columns:
        content, mime = pictures.fit_article_picture(_content(asset))
        name = f"{_stem(asset)}.{'png' if mime == 'image/png' else 'jpg'}"
        return {"url": wechat.media.upload_image(name, content, mime)}

    try:
        return _remote(asset, Target.ARTICLE, now, make).url
    except pictures.AnimatedPicture:
        return _permanent(wechat, asset, now).url


def mpvideo(wechat: WeChat, asset: MediaAsset, title: str, description: str, *, now: dt.datetime) -> str:
    """This will be the id of a video with this title and description, as a message carries it."""
    variant = hashlib.sha256(f"{title}\0{description}".encode()).hexdigest()

    def message() -> str:
        source = media_id(wechat, asset, now=now)

        def make() -> Columns:
            made = wechat.media.upload_video(source, title, description)
            return {"media_id": made, "expires_at": now + LIFETIME}

        return _remote(asset, Target.MPVIDEO, now, make, variant=variant).media_id

    return despite_loss(message, [asset])


def forget(assets: Iterable[MediaAsset]) -> None:
    """This will take for lost what WeChat has of `assets`, so that the next use uploads them again.

    Rows stay, because another worker may be filling them. Permanent material is looked for first: WeChat may have lost
    one of several files only. A file that is not here keeps its permanent id: it is all that there is.
    """
    for asset in assets:
        known = RemoteMedia.objects.filter(asset=asset).exclude(media_id="", url="")
        known.exclude(target=Target.PERMANENT).update(media_id="", url="", expires_at=None)
        if asset.file:
            listed = known.filter(target=Target.PERMANENT)
            listed.update(media_id="", url="", tried_at=Coalesce("tried_at", "uploaded_at"))


def despite_loss(make: Callable[[], Result], assets: Iterable[MediaAsset]) -> Result:
    """This will be what `make` brings back. If WeChat no longer knows something in it (40007), `assets` are uploaded
    anew and `make` is called a second time."""
    try:
        return make()
    except InvalidMediaId:
        forget(assets)
        return make()


def concurrently(function: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """This will be the function's results in the order of `items`, several at a time and once for equal items.

    Raises the first failure after all others have ended: what they uploaded is kept.
    """
    given = list(items)
    distinct = list(dict.fromkeys(given))
    if len(distinct) < 2:
        return [function(item) for item in distinct] * len(given)

    def in_thread(item: Item) -> Result:
        try:
            return function(item)
        finally:
            connection.close()

    with ThreadPoolExecutor(settings.UPLOAD_THREADS, thread_name_prefix="upload") as pool:
        futures = {item: pool.submit(in_thread, item) for item in distinct}
    return [futures[item].result() for item in given]


def is_hosted(account: OfficialAccount, host: str) -> bool:
    """This will say whether pictures at `host` are WeChat's own: articles keep those, and no others."""
    own = account.api_base_url.partition("://")[2].partition("/")[0]
    return host.endswith((".qpic.cn", ".qlogo.cn")) or host == own


def filename(asset: MediaAsset) -> str:
    """This will be the name under which WeChat lists the file. No two files share it, so that it finds a lost one."""
    return f"{_stem(asset)}.{asset.file.name.rpartition('.')[2]}"


def _stem(asset: MediaAsset) -> str:
    return f"qunfa-{asset.pk}-{asset.sha256[:12]}"


def _permanent(wechat: WeChat, asset: MediaAsset, now: dt.datetime) -> RemoteMedia:
    # WeChat lists thumbnails as pictures, and names a video in its list by its title.
    kind = MediaKind.IMAGE if asset.kind == MediaKind.THUMB else MediaKind(asset.kind)

    def make() -> Columns:
        name = filename(asset)
        added = wechat.materials.add(kind, name, _content(asset), asset.mime, title=name)
        return {"media_id": added.media_id, "url": added.url}

    def find(since: dt.datetime) -> Columns | None:
        for page in range(PAGES):
            listed = wechat.materials.list(kind, offset=page * PAGE, count=PAGE)
            for item in listed.items:
                if item.name == filename(asset):
                    return {"media_id": item.media_id, "url": item.url}
                if item.update_time < (since - CLOCKS).timestamp():
                    return None
            if len(listed.items) < PAGE:
                return None
        return None

    return _remote(asset, Target.PERMANENT, now, make, find=find)


def _remote(
    asset: MediaAsset,
    target: Target,
    now: dt.datetime,
    make: Callable[[], Columns],
    *,
    variant: str = "",
    find: Callable[[dt.datetime], Columns | None] | None = None,
    good_for: dt.timedelta = MARGIN,
) -> RemoteMedia:
    row, _created = RemoteMedia.objects.get_or_create(asset=asset, target=target, variant=variant)
    if not _is_good(row, now, good_for):
        make_once(row, make, now=now, find=find)
    return row


def _is_good(row: RemoteMedia, now: dt.datetime, good_for: dt.timedelta) -> bool:
    return bool(row.media_id or row.url) and (row.expires_at is None or row.expires_at > now + good_for)


def _content(asset: MediaAsset) -> bytes:
    if not asset.file:
        raise FileMissing(asset=asset.name)
    try:
        with asset.file.open("rb") as file:
            content: bytes = file.read()
    except FileNotFoundError:
        raise FileMissing(asset=asset.name) from None
    return content
