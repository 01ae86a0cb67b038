"""One sync: claim it, mirror the tags, mirror the followers page by page, mark who left.

WeChat pages openids by 10,000 (user/get) and gives details by 100 (user/info/batchget). The details of a page are
fetched concurrently, and the next page is fetched while this one is stored; two pages is all that is ever in memory.
Each page is stored in one transaction with the place where the next one begins, so a crash costs one page.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from followers import services
from followers.models import Follower, Sync, Tag, Tagging
from followers.states import OPEN, SyncStatus
from followers.upserts import upsert_followers, upsert_taggings
from wxcore import accounts, failures
from wxcore.clock import next_quota_day
from wxcore.errors import OperatorError, Retry
from wxcore.wechat.client import WeChat
from wxcore.wechat.users import UserInfo

DETAILS = 100
LEASE = dt.timedelta(minutes=5)
PATIENCE = 10  # attempts without a page in between
# WeChat's total and its list are not taken at the same moment; a larger gap means that the list was cut short.
TOLERATED_GAP = 0.01


class IncompleteList(OperatorError):
    code = "incomplete_list"
    message = _("WeChat listed %(fetched)d of %(total)d followers. Nobody was marked as gone.")
    fix = _("Start the sync again; if it happens again, look at the account in WeChat's console.")
    retry = Retry.BACKOFF


class Cancelled(Exception):
    """The row is no longer ours: somebody cancelled it, or another worker took over."""


@dataclass(frozen=True, slots=True)
class Page:
    asked_at: dt.datetime
    total: int
    size: int
    users: list[UserInfo]
    next_openid: str


def run(sync: Sync, *, now: dt.datetime) -> bool:
    """This will carry `sync` as far as it goes. Answers False if another worker has it.

    An expected failure is kept on the row: quota and trouble on the way make it wait and continue where it stood,
    anything else ends it.
    """
    if not _claim(sync, now):
        return False
    try:
        with accounts.connect(sync.account) as wechat:
            _mirror_tags(wechat, sync, now)
            _mirror_followers(wechat, sync)
        _finish(sync, timezone.now())
    except OperatorError as error:
        _give_way(sync, error, timezone.now())
    except Cancelled:
        return False
    return True


def _claim(sync: Sync, now: dt.datetime) -> bool:
    claimed = Sync.objects.filter(pk=sync.pk, status__in=OPEN, due_at__lte=now).update(
        status=SyncStatus.RUNNING,
        due_at=now + LEASE,
        attempts=F("attempts") + 1,
        started_at=Coalesce("started_at", now),
        **failures.columns(None),
    )
    sync.refresh_from_db()
    return bool(claimed)


def _save(sync: Sync, **columns: object) -> None:
    """This will write the row only while it is ours: running, at the place that we know."""
    ours = Sync.objects.filter(pk=sync.pk, status=SyncStatus.RUNNING, next_openid=sync.next_openid)
    if not ours.update(**columns):
        raise Cancelled
    for name, value in columns.items():
        setattr(sync, name, value)


def _mirror_tags(wechat: WeChat, sync: Sync, now: dt.datetime) -> None:
    tags = [Tag(account=sync.account, tag_id=tag.id, name=tag.name, count=tag.count) for tag in wechat.tags.list()]
    with transaction.atomic():
        Tag.objects.bulk_create(
            tags,
            update_conflicts=True,
            unique_fields=["account", "tag_id"],
            update_fields=["name", "count", "vanished_at"],
        )
        gone = Tag.objects.filter(account=sync.account, vanished_at=None).exclude(tag_id__in=[t.tag_id for t in tags])
        gone.update(vanished_at=now, count=0)


def _mirror_followers(wechat: WeChat, sync: Sync) -> None:
    tags = dict(Tag.objects.filter(account=sync.account, vanished_at=None).values_list("tag_id", "pk"))
    for page in _pages(wechat, sync.next_openid):
        with transaction.atomic():
            upsert_followers(sync.account_id, page.users, asked_at=page.asked_at)
            upsert_taggings(sync.account_id, page.users, tags, asked_at=page.asked_at)
            _save(
                sync,
                next_openid=page.next_openid or sync.next_openid,
                total=page.total,
                fetched=sync.fetched + page.size,
                attempts=0,
                due_at=timezone.now() + LEASE,
            )


def _pages(wechat: WeChat, next_openid: str) -> Iterator[Page]:
    """This will fetch page after page, always one ahead of the reader."""
    pool = ThreadPoolExecutor(settings.SYNC_THREADS, thread_name_prefix="sync")
    try:
        fetched = _fetch(wechat, pool, next_openid)
        while fetched is not None:
            page, details = fetched
            fetched = _fetch(wechat, pool, page.next_openid) if page.next_openid else None
            page.users.extend(user for part in details for user in part.result() if user.subscribed)
            yield page
    finally:
        pool.shutdown(cancel_futures=True)


def _fetch(
    wechat: WeChat, pool: ThreadPoolExecutor, next_openid: str
) -> tuple[Page, list[Future[list[UserInfo]]]] | None:
    asked_at = timezone.now()
    listed = wechat.users.list_openids(next_openid)
    if not listed.openids:
        return None
    details = [
        pool.submit(wechat.users.batchget, listed.openids[start : start + DETAILS])
        for start in range(0, len(listed.openids), DETAILS)
    ]
    return Page(asked_at, listed.total, len(listed.openids), [], listed.next_openid), details


def _finish(sync: Sync, now: dt.datetime) -> None:
    """This will mark as gone whom WeChat no longer listed; a list that was cut short marks nobody."""
    if sync.total - sync.fetched > sync.total * TOLERATED_GAP:
        raise IncompleteList(fetched=sync.fetched, total=sync.total)
    with transaction.atomic():
        mirrored = {"account": sync.account, "confirmed_at__lt": sync.started_at}
        left = services.erase(Follower.objects.filter(subscribed=True, **mirrored), at=now)
        Tagging.objects.filter(tag__account=sync.account, confirmed_at__lt=sync.started_at).delete()
        _save(sync, status=SyncStatus.FINISHED, left=left, finished_at=now)


def _give_way(sync: Sync, error: OperatorError, now: dt.datetime) -> None:
    columns = failures.columns(error)
    if error.retry is Retry.TOMORROW:
        columns |= {"status": SyncStatus.WAITING, "due_at": next_quota_day(now)}
    elif error.retry in (Retry.BACKOFF, Retry.WAIT) and sync.attempts < PATIENCE:
        columns |= {"status": SyncStatus.WAITING, "due_at": now + dt.timedelta(seconds=min(300, 5 * 2**sync.attempts))}
    else:
        columns |= {"status": SyncStatus.FAILED, "finished_at": now}
    _save(sync, **columns)
