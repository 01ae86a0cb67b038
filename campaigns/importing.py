"""One import: claim it, go through the pictures, voices, videos and drafts that the account has at WeChat.

WeChat lists them by 20, newest first. Every file is stored in one transaction with the place where the next one stands,
so a crash costs one download, and four downloads are all that is ever in memory.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from django.contrib.auth.models import AbstractBaseUser
from django.db import Error as DatabaseFailure
from django.db import IntegrityError, close_old_connections, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns import imported
from campaigns.imported import Outcome
from campaigns.models import LibraryImport
from campaigns.models.library import OPEN, Stage
from campaigns.services import AccountInactive
from campaigns.states import ImportStatus
from wxcore import accounts, failures
from wxcore.clock import next_quota_day
from wxcore.errors import Conflict, OperatorError, Retry
from wxcore.models import OfficialAccount
from wxcore.wechat.client import WeChat
from wxcore.wechat.drafts import DraftItem
from wxcore.wechat.errors import ApiError, BadCredentials, IPNotAllowed, NotAuthorized, TokenRejected, WeChatError
from wxcore.wechat.materials import MaterialItem

logger = logging.getLogger(__name__)

PAGE = 20
DRAFTS = 10  # in one page, with their bodies
DOWNLOADS = 4  # at once
LEASE = dt.timedelta(minutes=5)
PATIENCE = 10  # attempts without a file in between
FILE_PATIENCE = 3  # the same, when WeChat answers and only this file cannot be had
STAGES = tuple(Stage)
# What is wrong with the account and not with the file that was asked for.
ABOUT_THE_ACCOUNT = (NotAuthorized, IPNotAllowed, BadCredentials, TokenRejected)

Item = MaterialItem | DraftItem


class ImportAlreadyOpen(Conflict):
    code = "import_already_open"
    message = _("An import of this account is already under way.")
    fix = _("Wait until it has finished.")
    retry = Retry.WAIT


class ImportNotOpen(Conflict):
    code = "import_not_open"
    message = _("This import has already ended.")


class ImportBroke(OperatorError):
    code = "import_broke"
    message = _("The import broke: %(error)s")
    fix = _("This is a fault of ours. Report it; the import tries again by itself for a while.")
    retry = Retry.BACKOFF


class LeftOut(OperatorError):
    code = "left_out"
    message = _("Left out, among others: “%(name)s”. %(reason)s")
    fix = _("What was left out stays at WeChat. Import again later, or upload the file here.")


class LeaseLost(Exception):
    """The row is no longer ours: another worker took over."""


def request(account: OfficialAccount, *, by: AbstractBaseUser | None, now: dt.datetime) -> LibraryImport:
    """This will queue an import; a worker takes it at its next tick. Raises ImportAlreadyOpen, AccountInactive."""
    if not account.is_active:
        raise AccountInactive
    try:
        with transaction.atomic():
            return LibraryImport.objects.create(account=account, created_by=by, due_at=now)
    except IntegrityError:
        raise ImportAlreadyOpen from None


def cancel(row: LibraryImport, *, now: dt.datetime) -> None:
    """This will stop an open import; what it brought stays. Its worker notices at the next file.

    Raises ImportNotOpen.
    """
    stopped = LibraryImport.objects.filter(pk=row.pk, status__in=OPEN)
    if not stopped.update(status=ImportStatus.CANCELLED, finished_at=now):
        raise ImportNotOpen
    row.refresh_from_db()


def run(row: LibraryImport, *, now: dt.datetime) -> bool:
    """This will carry the import as far as it goes. Answers False if another worker has it.

    An expected failure is kept on the row: quota and trouble on the way make it wait and continue where it stood,
    anything else ends it. A file that cannot be had or kept is left out, and counted.
    """
    if not _claim(row, now):
        return False
    try:
        _carry(row)
    except LeaseLost:
        return False
    return True


def _claim(row: LibraryImport, now: dt.datetime) -> bool:
    claimed = LibraryImport.objects.filter(pk=row.pk, status__in=OPEN, due_at__lte=now).update(
        status=ImportStatus.RUNNING, due_at=now + LEASE, attempts=F("attempts") + 1
    )
    # What it had to wait for is over; what it left out is worth knowing to the end.
    LibraryImport.objects.filter(pk=row.pk).exclude(error_code=LeftOut.code).update(**failures.columns(None))
    row.refresh_from_db()
    return bool(claimed)


def _carry(row: LibraryImport) -> None:
    try:
        with accounts.connect(row.account) as wechat:
            if not row.total:
                _save(row, total=_count(wechat))
            for stage in STAGES[STAGES.index(Stage(row.stage)) :]:
                if stage != row.stage:
                    _save(row, stage=stage, offset=0)
                _bring(wechat, row)
        _save(row, status=ImportStatus.FINISHED, finished_at=timezone.now())
    except OperatorError as error:
        _give_way(row, error, timezone.now())
    except LeaseLost:
        raise
    except Exception as error:
        # Without this the row would say "running" for ever, and begin anew at the end of every lease.
        logger.exception("Import %s", row.pk)
        _give_way(row, ImportBroke(error=type(error).__name__), timezone.now())


def _count(wechat: WeChat) -> int:
    found = wechat.materials.count()
    return found.image + found.voice + found.video + wechat.drafts.count()


def _bring(wechat: WeChat, row: LibraryImport) -> None:
    """This will bring in what is left of the row's stage."""
    while True:
        listed: tuple[Item, ...]
        if row.stage == Stage.DRAFT:
            # Ten drafts with long bodies may be more than one answer may hold: then they come one by one.
            count = DRAFTS if row.attempts < 2 else 1
            drafts = wechat.drafts.list(offset=row.offset, count=count, with_content=True)
            total, listed = drafts.total, drafts.items
        else:
            material = wechat.materials.list(row.stage, offset=row.offset, count=PAGE)
            total, listed = material.total, material.items
        _store_page(wechat, row, listed)
        if not listed or row.offset >= total:
            return


def _store_page(wechat: WeChat, row: LibraryImport, listed: tuple[Item, ...]) -> None:
    known = imported.known(row.account, row.stage, listed)
    passed = 0
    for item, download in _downloads(wechat, row, listed, known):
        if download is None:
            passed += 1
            continue
        _store_one(row, item, download, passed)
        passed = 0
    if passed:
        _save(row, offset=row.offset + passed, known=row.known + passed, attempts=0, due_at=timezone.now() + LEASE)


def _downloads(
    wechat: WeChat, row: LibraryImport, listed: tuple[Item, ...], known: set[str]
) -> Iterator[tuple[Item, Callable[[], imported.Content] | None]]:
    """This will give each item in its order, and how to come by its content: None for what is known."""
    missing = [item for item in listed if item.media_id not in known]
    with ThreadPoolExecutor(DOWNLOADS, thread_name_prefix="import") as pool:
        under_way: dict[str, Future[imported.Content]] = {}
        for item in listed:
            if item.media_id in known:
                yield item, None
                continue
            if item.media_id not in under_way:
                start = missing.index(item)
                under_way = {
                    one.media_id: pool.submit(_in_thread, wechat, row.stage, one)
                    for one in missing[start : start + DOWNLOADS]
                }
            yield item, under_way[item.media_id].result


def _in_thread(wechat: WeChat, stage: str, item: Item) -> imported.Content:
    """A call reads the access token: without this the thread would keep a connection of the pool for ever."""
    try:
        return imported.fetch(wechat, stage, item)
    finally:
        close_old_connections()


def _store_one(row: LibraryImport, item: Item, download: Callable[[], imported.Content], passed: int) -> None:
    """This will store one item with the place of the next one. `passed` known ones stand before it."""
    columns = {"known": row.known + passed}
    try:
        prepared = imported.prepare(row, item, download())
        with transaction.atomic():
            outcome = prepared(timezone.now())
            name = "imported" if outcome is Outcome.NEW else "known"
            _advance(row, passed, columns | {name: columns.get(name, row.imported) + 1})
        return
    except (LeaseLost, DatabaseFailure):
        raise
    except OperatorError as error:
        if not _concerns_only(row, error):
            raise
        reason = error
        logger.warning("Import %s leaves out %s: %s", row.pk, item.media_id, error)
    except Exception as error:
        reason = ImportBroke(error=type(error).__name__)
        logger.exception("Import %s leaves out %s", row.pk, item.media_id)
    left_out = failures.columns(LeftOut(name=imported.name(item), reason=reason.message))
    _advance(row, passed, columns | {"skipped": row.skipped + 1} | left_out)


def _advance(row: LibraryImport, passed: int, columns: dict[str, object]) -> None:
    _save(row, offset=row.offset + passed + 1, attempts=0, due_at=timezone.now() + LEASE, **columns)


def _concerns_only(row: LibraryImport, error: OperatorError) -> bool:
    """Whether the error is about this one file, so that those behind it can be had."""
    if not isinstance(error, WeChatError):
        return error.retry is Retry.NEVER
    if error.retry in (Retry.BACKOFF, Retry.WAIT):
        return row.attempts >= FILE_PATIENCE
    return isinstance(error, ApiError) and error.retry is Retry.NEVER and not isinstance(error, ABOUT_THE_ACCOUNT)


def _save(row: LibraryImport, **columns: object) -> None:
    """This will write the row only while it is ours: running, at the place and in the attempt that we know."""
    place = {"stage": row.stage, "offset": row.offset, "attempts": row.attempts}
    ours = LibraryImport.objects.filter(pk=row.pk, status=ImportStatus.RUNNING, **place)
    if not ours.update(**columns):
        raise LeaseLost
    for name, value in columns.items():
        setattr(row, name, value)


def _give_way(row: LibraryImport, error: OperatorError, now: dt.datetime) -> None:
    columns: dict[str, object] = failures.columns(error)
    if error.retry is Retry.TOMORROW:
        columns |= {"status": ImportStatus.WAITING, "due_at": next_quota_day(now)}
    elif error.retry in (Retry.BACKOFF, Retry.WAIT) and row.attempts < PATIENCE:
        pause = dt.timedelta(seconds=min(300, 5 * 2**row.attempts))
        columns |= {"status": ImportStatus.WAITING, "due_at": now + pause}
    else:
        columns |= {"status": ImportStatus.FAILED, "finished_at": now}
    _save(row, **columns)
