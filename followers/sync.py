"""One sync: claim it, mirror the tags, mirror the followers page by page, mark who left.

WeChat pages openids by 10,000 (user/get) and gives details by 100 (user/info/batchget). The details of a page are
fetched concurrently, and the next page is fetched while this one is stored; two pages is all that is ever in memory.
Each page is stored in one transaction with the place where the next one begins, so a crash costs one page.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from django.conf import settings
from django.db import close_old_connections, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from followers import services
from followers.models import Follower, Sync, Tag, Tagging
from followers.states import OPEN, SyncStatus
from followers.upserts import upsert_followers, upsert_taggings
from wxcore import accounts, failures, webhooks
from wxcore.clock import next_quota_day
from wxcore.errors import OperatorError, Retry
from wxcore.wechat.answers import OpenidPage
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import BadAnswer
from wxcore.wechat.users import UserInfo

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

DETAILS = 100
LEASE = dt.timedelta(minutes=5)
PATIENCE = 10  # attempts without a page in between
# WeChat's total and its list are not taken at the same moment; a larger gap means that the list was cut short.
TOLERATED_GAP = 0.01


class IncompleteList(OperatorError):
    """It ends the sync: continuing where that stands would only look at the end of the list again."""

    code = "incomplete_list"
    message = _("WeChat listed %(fetched)d of %(total)d followers. Nobody was marked as gone.")
    fix = _("Start the sync again; if it happens again, look at the account in WeChat's console.")


class SyncBroke(OperatorError):
    code = "sync_broke"
    message = _("The sync broke: %(error)s")
    fix = _("This is a fault of ours. Report it; the sync tries again by itself for a while.")
    retry = Retry.BACKOFF


class Cancelled(Exception):
    """The row is no longer ours: somebody cancelled it, or another worker took over."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of openids, and the details that are on their way. The page after the last one is empty."""

    asked_at: dt.datetime
    listed: OpenidPage
    details: list[Future[list[UserInfo]]]

    def following(self) -> list[UserInfo]:
        """This will wait for the details. Raises what a call of WeChat's raises."""
        return [user for part in self.details for user in part.result() if user.subscribed]


def run(sync: Sync, *, now: dt.datetime) -> bool:
    """This will carry `sync` as far as it goes. Answers False if another worker has it.

    An expected failure is kept on the row: quota and trouble on the way make it wait and continue where it stood,
    anything else ends it.
    """
    if not _claim(sync, now):
        return False
    try:
        _carry(sync, now)
    except Cancelled:
        return False
    return True


def _carry(sync: Sync, now: dt.datetime) -> None:
    try:
        with accounts.connect(sync.account) as wechat:
            _mirror_tags(wechat, sync, now)
            _mirror_followers(wechat, sync)
        _finish(sync, timezone.now())
    except OperatorError as error:
        _give_way(sync, error, timezone.now())
    except Cancelled:
        raise
    except Exception as error:
        # Without this the row would say "running" for ever, and begin anew at the end of every lease.
        logger.exception("Sync %s", sync.pk)
        _give_way(sync, SyncBroke(error=type(error).__name__), timezone.now())


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
        following = page.following()
        with transaction.atomic():
            upsert_followers(sync.account_id, following, asked_at=page.asked_at)
            upsert_taggings(sync.account_id, following, tags, asked_at=page.asked_at)
            _save(
                sync,
                next_openid=page.listed.next_openid or sync.next_openid,
                total=page.listed.total or sync.total,
                fetched=sync.fetched + len(page.listed.openids),
                attempts=0,
                due_at=timezone.now() + LEASE,
            )


def _pages(wechat: WeChat, next_openid: str) -> Iterator[Page]:
    """This will fetch page after page, always one ahead of the reader.

    What goes wrong with a page is raised after the pages before it, so that those are stored.
    """
    # A thread of its own for the lists: in the queue behind the details of a page, the next list would leave all
    # other threads without work.
    lists = ThreadPoolExecutor(1, thread_name_prefix="sync-list")
    pool = ThreadPoolExecutor(settings.SYNC_THREADS, thread_name_prefix="sync")
    try:
        page = lists.submit(_in_thread, _fetch, wechat, pool, next_openid).result()
        while page.listed.next_openid:
            upcoming = lists.submit(_in_thread, _fetch, wechat, pool, page.listed.next_openid)
            yield page
            page = upcoming.result()
        yield page
    finally:
        lists.shutdown(cancel_futures=True)
        pool.shutdown(cancel_futures=True)


def _in_thread(function: Callable[..., Result], *args: Any) -> Result:
    """A call reads the access token: without this the thread would keep a connection of the pool for ever."""
    try:
        return function(*args)
    finally:
        close_old_connections()


def _fetch(wechat: WeChat, pool: ThreadPoolExecutor, next_openid: str) -> Page:
    asked_at = timezone.now()
    listed = wechat.users.list_openids(next_openid)
    details = [
        pool.submit(_in_thread, _fetch_details, wechat, listed.openids[start : start + DETAILS])
        for start in range(0, len(listed.openids), DETAILS)
    ]
    return Page(asked_at, listed, details)


def _fetch_details(wechat: WeChat, openids: tuple[str, ...]) -> list[UserInfo]:
    users = wechat.users.batchget(openids)
    if len(users) < len(openids):
        # Whoever is missing would be taken for somebody who left.
        raise BadAnswer("/cgi-bin/user/info/batchget", f"{len(users)} of {len(openids)} followers")
    return users


def _finish(sync: Sync, now: dt.datetime) -> None:
    """This will mark as gone whom WeChat no longer listed; a list that was cut short marks nobody."""
    if sync.total - sync.fetched > sync.total * TOLERATED_GAP:
        raise IncompleteList(fetched=sync.fetched, total=sync.total)
    with transaction.atomic():
        mirrored = {"account": sync.account, "confirmed_at__lt": sync.started_at}
        left = services.erase(Follower.objects.filter(subscribed=True, **mirrored), at=now)
        Tagging.objects.filter(tag__account=sync.account, confirmed_at__lt=sync.started_at).delete()
        _save(sync, status=SyncStatus.FINISHED, left=left, finished_at=now)
        _announce(sync, "sync.finished")


def _give_way(sync: Sync, error: OperatorError, now: dt.datetime) -> None:
    columns = failures.columns(error)
    if error.retry is Retry.TOMORROW:
        columns |= {"status": SyncStatus.WAITING, "due_at": next_quota_day(now)}
    elif error.retry in (Retry.BACKOFF, Retry.WAIT) and sync.attempts < PATIENCE:
        columns |= {"status": SyncStatus.WAITING, "due_at": now + dt.timedelta(seconds=min(300, 5 * 2**sync.attempts))}
    else:
        columns |= {"status": SyncStatus.FAILED, "finished_at": now}
    with transaction.atomic():
        _save(sync, **columns)
        if sync.status == SyncStatus.FAILED:
            _announce(sync, "sync.failed")


def _announce(sync: Sync, event: str) -> None:
    """Of the followers one by one nothing is told: there may be a million of them."""

    def data() -> dict[str, Any]:
        said = {name: getattr(sync, name) for name in ("status", "total", "fetched", "left")}
        return {
            "sync": {"id": sync.pk, **said},
            "error_code": sync.error_code,
            "error_message": sync.error_message,
        }

    webhooks.emit(sync.account_id, event, data)
