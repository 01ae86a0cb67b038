"""One thing that WeChat's library holds, and how it is kept here: a file as a MediaAsset, a draft as a Draft."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Sequence
from enum import Enum

from django.utils.translation import gettext_lazy as _

from campaigns import drafts, incoming, library
from campaigns.models import LibraryImport, MediaAsset, RemoteDraft, RemoteMedia, Target
from campaigns.models.library import Stage
from campaigns.remote import check_lengths
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount
from wxcore.wechat.client import WeChat
from wxcore.wechat.drafts import DraftItem
from wxcore.wechat.materials import MaterialItem
from wxcore.wechat.transport import Download

Item = MaterialItem | DraftItem
# The bytes of a picture or a voice; None for what is not downloaded.
Content = bytes | None
NAME_LENGTH = 100
# As `uploading.filename` makes it.
OWN_NAME = re.compile(r"qunfa-([1-9]\d{0,17})-([0-9a-f]{12})\.")
DOWNLOADED = (Stage.IMAGE, Stage.VOICE)


class Outcome(Enum):
    NEW = "new"
    KNOWN = "known"


class NoFile(OperatorError):
    code = "no_file"
    message = _("WeChat answered with something else than the file.")
    fix = _("Look at it in WeChat's console.")


class PictureMessage(OperatorError):
    code = "picture_message"
    message = _("It is a picture message, which has no articles.")
    fix = _("Make a campaign of pictures from the library.")


def known(account: OfficialAccount, stage: str, listed: Sequence[Item]) -> set[str]:
    """This will be the media_ids of those that are here already, or are just on their way from here to WeChat."""
    ids = [item.media_id for item in listed]
    if stage != Stage.DRAFT:
        copies = RemoteMedia.objects.filter(media_id__in=ids, asset__account=account, target=Target.PERMANENT)
        return set(copies.values_list("media_id", flat=True))
    found = set(RemoteDraft.objects.filter(account=account, media_id__in=ids).values_list("media_id", flat=True))
    pushed = _pushed_without_answer(account)
    return found | {item.media_id for item in listed if _titles(item) in pushed}


def _pushed_without_answer(account: OfficialAccount) -> set[tuple[str, ...]]:
    """A draft that we are pushing at this moment is in WeChat's box before its media_id is on our row."""
    rows = RemoteDraft.objects.filter(account=account, media_id="", gone_at=None).exclude(tried_at=None)
    return {tuple(article["title"] for article in row.revision.articles) for row in rows.select_related("revision")}


def _titles(item: Item) -> tuple[str, ...]:
    return tuple(article.title for article in item.articles) if isinstance(item, DraftItem) else ()


def name(item: Item) -> str:
    """This will be what a person calls it."""
    return _titles(item)[0] if isinstance(item, DraftItem) and item.articles else getattr(item, "name", item.media_id)


def fetch(wechat: WeChat, stage: str, item: Item) -> Content:
    """This will be the bytes of a picture or voice; None for what is not downloaded. Raises NoFile, WeChatError."""
    if stage not in DOWNLOADED:
        return None
    answer = wechat.materials.get(item.media_id)
    if not isinstance(answer, Download):
        raise NoFile
    return answer.content


def prepare(row: LibraryImport, item: Item, content: Content) -> Callable[[dt.datetime], Outcome]:
    """This will do what takes time, and be what stores the item, for a transaction of the caller's.

    Raises PictureMessage, AnswerTooLong, and what `library.store_bytes`, `drafts.create` and `bodies.clean` raise.
    """
    if isinstance(item, DraftItem):
        check_lengths(RemoteDraft, {"media_id": item.media_id})
        if any(article.article_type != "news" for article in item.articles):
            raise PictureMessage
        articles = incoming.contents(row.account, item.articles)
        return lambda now: _keep_draft(row, item.media_id, articles, now)
    check_lengths(RemoteMedia, {"media_id": item.media_id, "url": item.url})
    asset, is_new = _asset(row, item, content)
    return lambda now: _keep_copy(asset, item, is_new, now)


def _keep_draft(row: LibraryImport, media_id: str, articles: list[incoming.Contents], now: dt.datetime) -> Outcome:
    draft = drafts.create(row.account, row.created_by, articles)
    revision = drafts.freeze(draft, row.created_by)
    RemoteDraft.objects.create(account=row.account, draft=draft, revision=revision, media_id=media_id, uploaded_at=now)
    return Outcome.NEW


def _asset(row: LibraryImport, item: MaterialItem, content: Content) -> tuple[MediaAsset, bool]:
    own = _own(row, item)
    if own is not None:
        return own, False
    if content is None:
        # Two runs that meet here make two; the account's imports run one after the other.
        return MediaAsset(
            account=row.account, kind=row.stage, name=item.name[:NAME_LENGTH], created_by=row.created_by
        ), True
    stored = library.store_bytes(row.account, content, kind=row.stage, name=item.name, by=row.created_by)
    return stored.asset, stored.is_new or _left_behind(row, stored.asset)


def _left_behind(row: LibraryImport, asset: MediaAsset) -> bool:
    """Whether a worker of this import died after it had stored the file, and before it had said so."""
    return asset.created_at >= row.created_at and not asset.remote.filter(target=Target.PERMANENT).exists()


def _own(row: LibraryImport, item: MaterialItem) -> MediaAsset | None:
    """A file that was uploaded from here, and whose id was lost, is told by the name that it got on its way."""
    match = OWN_NAME.match(item.name)
    if match is None:
        return None
    return MediaAsset.objects.filter(pk=int(match[1]), account=row.account, sha256__startswith=match[2]).first()


def _keep_copy(asset: MediaAsset, item: MaterialItem, is_new: bool, now: dt.datetime) -> Outcome:
    """The same file may stand twice in WeChat's library: each of its ids is kept, so that covers find their file."""
    if asset.pk is None:
        asset.save()
    columns = {"media_id": item.media_id, "url": item.url, "uploaded_at": now}
    copy, created = RemoteMedia.objects.get_or_create(
        asset=asset, target=Target.PERMANENT, variant="", defaults=columns
    )
    if not created and copy.media_id:
        variant = hashlib.sha256(item.media_id.encode()).hexdigest()
        RemoteMedia.objects.get_or_create(asset=asset, target=Target.PERMANENT, variant=variant, defaults=columns)
    elif not created and copy.tried_at is None:
        # With `tried_at` its uploader is at work, and finds the copy by itself.
        RemoteMedia.objects.filter(pk=copy.pk, media_id="", tried_at=None).update(**columns)
    return Outcome.NEW if is_new else Outcome.KNOWN
