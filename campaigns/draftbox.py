"""WeChat's draft box: a revision of ours becomes articles there, and is found again when an answer was lost.

A draft leaves the box when it is sent, so every broadcast has one of its own; the copy without a broadcast is the one
that people see in WeChat's console.
"""

from __future__ import annotations

import datetime as dt
import logging
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns import bodies, bringing, drafts, library, uploading
from campaigns.models import Broadcast, Draft, MediaAsset, RemoteDraft, Revision
from campaigns.remote import Columns, CopyUnderway, make_once
from campaigns.states import BroadcastStatus
from wxcore import accounts
from wxcore.errors import OperatorError
from wxcore.models import ArticleEndpoint, OfficialAccount
from wxcore.wechat.client import WeChat
from wxcore.wechat.drafts import DraftArticle
from wxcore.wechat.errors import InvalidMediaId

logger = logging.getLogger(__name__)

PAGE = 20
PAGES = 50
SWEPT = 20  # in one run
CLOCKS = dt.timedelta(minutes=10)


class CoverMissing(OperatorError):
    code = "cover_missing"
    message = _("Article %(number)d, “%(title)s”, has no cover.")
    fix = _("Open the draft and choose a cover.")


class NotInDraftBox(OperatorError):
    code = "not_in_draft_box"
    message = _("“%(draft)s” is not in WeChat's draft box.")
    fix = _("Push it to the draft box first.")


def for_broadcast(wechat: WeChat, broadcast: Broadcast, revision: Revision, *, now: dt.datetime) -> RemoteDraft:
    """This will be the copy of `revision` that this broadcast sends and nobody else, made if need be.

    Raises CoverMissing, CopyUnderway, what uploads and fetches of pictures raise, and WeChatError.
    """
    row, _created = RemoteDraft.objects.get_or_create(
        broadcast=broadcast,
        defaults={"account": broadcast.account, "draft": revision.draft, "revision": revision},
    )
    return _made(wechat, row, now)


def push(wechat: WeChat, draft: Draft, *, now: dt.datetime) -> RemoteDraft:
    """This will bring what the draft holds now into WeChat's draft box, for people to see. Raises like `for_broadcast`.

    Articles are updated where they are; another number of articles, or a copy that WeChat no longer has, makes a new
    draft there.
    """
    revision = drafts.freeze(draft)
    row = shown(draft)
    if row is not None and row.media_id and len(row.revision.articles) == len(revision.articles):
        try:
            return _update(wechat, row, revision, now)
        except InvalidMediaId:
            logger.info("Draft %s left the draft box", draft.pk)
    with transaction.atomic():
        if row is not None and row.media_id:
            RemoteDraft.objects.filter(pk=row.pk).update(gone_at=now)
        fresh, created = RemoteDraft.objects.get_or_create(
            draft=draft, broadcast=None, gone_at=None, defaults={"account": draft.account, "revision": revision}
        )
        if not created and not fresh.tried_at:
            RemoteDraft.objects.filter(pk=fresh.pk).update(revision=revision, covers=[])
            fresh.refresh_from_db()
    _made(wechat, fresh, now)
    if row is not None and row.media_id and row.pk != fresh.pk:
        _delete_quietly(wechat, row.media_id)
    return fresh


def shown(draft: Draft) -> RemoteDraft | None:
    """This will be the copy that people see in WeChat's console, None when there is none."""
    return RemoteDraft.objects.filter(draft=draft, broadcast=None, gone_at=None).select_related("revision").first()


def fetch(wechat: WeChat, draft: Draft, *, now: dt.datetime) -> list[DraftArticle]:
    """This will be the articles as WeChat has them. Raises NotInDraftBox, WeChatError."""
    row = shown(draft)
    if row is None or not row.media_id:
        raise NotInDraftBox(draft=str(draft))
    try:
        return wechat.drafts.get(row.media_id)
    except InvalidMediaId:
        RemoteDraft.objects.filter(pk=row.pk).update(gone_at=now)
    raise NotInDraftBox(draft=str(draft))


def sweep(*, now: dt.datetime) -> None:
    """This will tidy up after broadcasts that have ended: what was sent has left the draft box by itself, what was
    refused is deleted there."""
    copies = RemoteDraft.objects.filter(gone_at=None, broadcast__isnull=False)
    copies.filter(broadcast__status=BroadcastStatus.FINISHED).update(gone_at=now)
    refused = copies.filter(broadcast__status=BroadcastStatus.FAILED).select_related("account", "revision__draft")
    for row in refused.order_by("pk")[:SWEPT]:
        try:
            with accounts.connect(row.account) as wechat:
                _discard(wechat, row, now)
        except OperatorError as error:
            logger.warning("Draft %s stays in the draft box for now: %s", row.pk, error)


def _discard(wechat: WeChat, row: RemoteDraft, now: dt.datetime) -> None:
    media_id = row.media_id
    if not media_id and row.tried_at and row.account.article_endpoint == ArticleEndpoint.DRAFT:
        found = _find(wechat, row, row.tried_at)
        media_id = found["media_id"] if found else ""
    if media_id:
        with suppress(InvalidMediaId):  # sent after all, or deleted in the console
            wechat.drafts.delete(media_id)
    RemoteDraft.objects.filter(pk=row.pk).update(gone_at=now)


def assets(revision: Revision) -> list[MediaAsset]:
    """This will be the files of ours that a revision shows: covers, and pictures in bodies."""
    keys = {article["cover"] for article in revision.articles if article["cover"]}
    for article in revision.articles:
        keys |= {key for url in bodies.pictures(article["body"]) if (key := library.asset_id(url)) is not None}
    return list(MediaAsset.objects.filter(pk__in=keys, account=revision.draft.account))


def _made(wechat: WeChat, row: RemoteDraft, now: dt.datetime) -> RemoteDraft:
    if not row.media_id:
        # A cover that was deleted in WeChat's console is uploaded again.
        uploading.despite_loss(lambda: _make(wechat, row, now), assets(row.revision))
    return row


def _make(wechat: WeChat, row: RemoteDraft, now: dt.datetime) -> None:
    articles = _articles(wechat, row.account, row.revision, now)
    old_way = row.account.article_endpoint == ArticleEndpoint.UPLOADNEWS
    # What uploadnews made expires by itself, and no list names it.
    find = None if old_way else partial(_find, wechat, row)
    send = wechat.media.upload_news if old_way else wechat.drafts.add

    def make() -> Columns:
        covers = [article.thumb_media_id for article in articles]
        if not RemoteDraft.objects.filter(pk=row.pk, lease_until=row.lease_until).update(covers=covers):
            raise CopyUnderway(subject=str(row))  # another worker took over
        return {"media_id": send(articles)}

    make_once(row, make, now=now, find=find)


def _find(wechat: WeChat, row: RemoteDraft, since: dt.datetime) -> Columns | None:
    """This will look for a draft that a lost request left behind: ours by every title and cover, and no other row's.

    Two that are equal in all of that are interchangeable. Without covers no request was made.
    """
    if not row.covers:
        return None
    wanted = [
        (article["title"], article["author"], cover, article["source_url"])
        for article, cover in zip(row.revision.articles, row.covers, strict=True)
    ]
    for page in range(PAGES):
        listed = wechat.drafts.list(offset=page * PAGE, count=PAGE)
        taken = set(
            RemoteDraft.objects.filter(
                account=row.account, media_id__in=[item.media_id for item in listed.items]
            ).values_list("media_id", flat=True)
        )
        for item in listed.items:
            if item.update_time < (since - CLOCKS).timestamp():
                return None
            shown = [(one.title, one.author, one.thumb_media_id, one.content_source_url) for one in item.articles]
            if item.media_id not in taken and shown == wanted:
                return {"media_id": item.media_id}
        if len(listed.items) < PAGE:
            return None
    return None


def _update(wechat: WeChat, row: RemoteDraft, revision: Revision, now: dt.datetime) -> RemoteDraft:
    """Repeating an update does no harm; the row names the new revision only when all articles are through."""
    ready = _articles(wechat, row.account, revision, now)
    for index, (old, new) in enumerate(zip(row.revision.articles, revision.articles, strict=True)):
        if old != new or row.tried_at:
            RemoteDraft.objects.filter(pk=row.pk).update(tried_at=now)
            wechat.drafts.update(row.media_id, index, ready[index])
    RemoteDraft.objects.filter(pk=row.pk).update(revision=revision, uploaded_at=now, tried_at=None)
    row.refresh_from_db()
    return row


def _delete_quietly(wechat: WeChat, media_id: str) -> None:
    """The new copy is there; an old one that stays is untidy, not wrong."""
    try:
        wechat.drafts.delete(media_id)
    except OperatorError as error:
        logger.warning("The old copy %s stays in the draft box: %s", media_id, error)


def _articles(wechat: WeChat, account: OfficialAccount, revision: Revision, now: dt.datetime) -> list[DraftArticle]:
    """This will be a revision as WeChat takes it: covers and pictures uploaded, bodies rewritten."""
    by_key = {asset.pk: asset for asset in assets(revision)}
    covers = _covers(wechat, account, revision, by_key, now)
    addresses = _addresses(wechat, account, revision, by_key, now)

    def hosted(url: str) -> bool:
        return uploading.is_hosted(account, urlsplit(url).netloc)

    return [
        DraftArticle(
            title=article["title"],
            author=article["author"],
            digest=article["digest"],
            content=bodies.for_wechat(article["body"], addresses, is_hosted=hosted),
            content_source_url=article["source_url"],
            thumb_media_id=cover,
            need_open_comment=article["need_open_comment"],
            only_fans_can_comment=article["only_fans_can_comment"],
        )
        for article, cover in zip(revision.articles, covers, strict=True)
    ]


def _covers(
    wechat: WeChat, account: OfficialAccount, revision: Revision, by_key: dict[int, MediaAsset], now: dt.datetime
) -> list[str]:
    chosen = []
    for number, article in enumerate(revision.articles, start=1):
        if article["cover"] not in by_key:
            raise CoverMissing(number=number, title=article["title"])
        chosen.append(by_key[article["cover"]])
    upload = uploading.thumb if account.article_endpoint == ArticleEndpoint.UPLOADNEWS else uploading.permanent
    return uploading.concurrently(lambda asset: upload(wechat, asset, now=now), chosen)


def _addresses(
    wechat: WeChat, account: OfficialAccount, revision: Revision, by_key: dict[int, MediaAsset], now: dt.datetime
) -> dict[str, str]:
    """This will be the address at WeChat for each picture that is not there already."""
    urls = {url for article in revision.articles for url in bodies.pictures(article["body"])}
    foreign = sorted(url for url in urls if not uploading.is_hosted(account, urlsplit(url).netloc))

    def file(url: str) -> MediaAsset:
        key = library.asset_id(url)
        if key is None:
            return bringing.bring(account, url, by=None)
        if key not in by_key:
            raise bodies.ForeignPicture(url=url)
        return by_key[key]

    files = uploading.concurrently(file, foreign)
    hosted = uploading.concurrently(lambda asset: uploading.article_url(wechat, asset, now=now), files)
    return dict(zip(foreign, hosted, strict=True))
