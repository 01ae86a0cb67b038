"""Article statistics: which days are wanted, and one day of one account: claim it, ask WeChat, store what it tells.

WeChat counts a day in the night and tells it after 08:00. Each day of an account is a row, asked for every hour until
it is there. An article is followed for a week. The current calls are tried first; an account that has no right to
them is asked for by the older ones.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from campaigns.models import ArticleStatistic, Broadcast, StatisticsDay
from wxcore import accounts, failures
from wxcore.clock import SHANGHAI
from wxcore.errors import OperatorError, Retry
from wxcore.wechat.client import WeChat
from wxcore.wechat.datacube import ArticleDay, ArticleTotal, Days, Source, Totals
from wxcore.wechat.errors import InvalidDate, NotAuthorized, StatisticsNotReady

logger = logging.getLogger(__name__)

FOLLOWED = dt.timedelta(days=7)
ONE_DAY = dt.timedelta(days=1)
# Half an hour after WeChat's own promise.
READY = dt.time(8, 30, tzinfo=SHANGHAI)
AGAIN = dt.timedelta(hours=1)
# After so long a day that cannot be had is given up.
PATIENCE = dt.timedelta(days=7)
# So long WeChat may correct the figures of a day that it called delayed.
CORRECTED = dt.timedelta(days=2)
LEASE = dt.timedelta(minutes=15)

DAILY = ("readers", "reads", "original_readers", "original_reads", "share_users", "shares", "favourite_users",
         "favourites")  # fmt: skip
SOURCES = {source: f"from_{source}" for source in Source}
SUMMED = ("readers", "reads", "share_users", "shares", "favourite_users", "likes", "recommendations", "comments",
          "new_followers")  # fmt: skip
AVERAGES = ("finish_rate", "reading_minutes")

Key = tuple[int, int, dt.date]  # broadcast, article, day
Rows = dict[Key, dict[str, Any]]


class NoStatisticsRight(OperatorError):
    code = "no_statistics_right"
    message = _("WeChat does not let “%(account)s” read article statistics.")
    fix = _("Only verified accounts may. WeChat is asked again every morning for a week after the send.")


@dataclass(frozen=True, slots=True)
class Told:
    """What WeChat said about a day, and about the articles that were sent on some days."""

    days: tuple[Days, ...]
    totals: tuple[Totals, ...]

    @property
    def delayed(self) -> bool:
        return any(part.delayed for part in (*self.days, *self.totals))


def ready_at(day: dt.date) -> dt.datetime:
    """This will be when the figures of a day are asked for."""
    return dt.datetime.combine(day + ONE_DAY, READY)


def plan(*, now: dt.datetime) -> int:
    """This will note the days of the last week on which an article is followed, and count the new ones."""
    today = _day(now)
    first = today - FOLLOWED
    sent = _articles_sent(first - FOLLOWED, today).filter(account__is_active=True).order_by()
    wanted = {
        (account, day)
        for account, at in sent.values_list("account", "submitted_at")
        for day in (_day(at) + number * ONE_DAY for number in range(FOLLOWED.days))
        if first <= day < today
    }
    noted = StatisticsDay.objects.filter(account__in={account for account, _day in wanted}, day__gte=first)
    wanted -= set(noted.values_list("account", "day"))
    StatisticsDay.objects.bulk_create(
        (StatisticsDay(account_id=account, day=day, due_at=ready_at(day)) for account, day in sorted(wanted)),
        ignore_conflicts=True,
    )
    return len(wanted)


def fetch(row: StatisticsDay, *, now: dt.datetime) -> bool:
    """This will fetch one day of one account. Answers False if another worker has it.

    An expected failure is kept on the row: what passes is tried again in an hour, anything else next morning, both for
    a week.
    """
    if not _claim(row, now):
        return False
    try:
        with accounts.connect(row.account) as wechat:
            told = _ask(wechat, row)
    except NotAuthorized:
        _give_way(row, NoStatisticsRight(account=row.account.name), now)
    except OperatorError as error:
        _give_way(row, error, now)
    else:
        _store(row, told, now)
    return True


def _claim(row: StatisticsDay, now: dt.datetime) -> bool:
    seen = StatisticsDay.objects.filter(pk=row.pk, due_at=row.due_at, attempts=row.attempts)
    if not seen.update(due_at=now + LEASE, attempts=F("attempts") + 1):
        return False
    row.refresh_from_db(fields=["due_at", "attempts"])
    return True


def _ask(wechat: WeChat, row: StatisticsDay) -> Told:
    """Raises NotAuthorized when neither set of calls is allowed, and what any call of WeChat's raises."""
    cube, sent_on = wechat.datacube, _days_to_sum(row)
    try:
        days = (cube.reads(row.day), cube.shares(row.day))
        return Told(days, tuple(cube.totals(day) for day in sent_on))
    except NotAuthorized:
        return Told((cube.older_days(row.day),), tuple(cube.older_totals(day) for day in sent_on))


def _days_to_sum(row: StatisticsDay) -> list[dt.date]:
    """The days on which articles were sent that are followed on the row's day.

    The totals of a day tell all days since; after a pause they need not be asked for once more with each day.
    """
    sent = _articles_sent(row.day - FOLLOWED + ONE_DAY, row.day + ONE_DAY).filter(account=row.account_id).order_by()
    times = sent.values_list("submitted_at", "finished_at").distinct()
    # A job that is handed in just before midnight is sent on the next day.
    days = {_day(at) for pair in times for at in pair if at is not None}
    later = StatisticsDay.objects.filter(account=row.account_id, day__gt=row.day).exclude(fetched_at=None)
    first_later = later.order_by("day").values_list("day", flat=True).first()
    return sorted(day for day in days if day <= row.day and (not first_later or day <= first_later - FOLLOWED))


def _store(row: StatisticsDay, told: Told, now: dt.datetime) -> None:
    """This will write down what belongs to our broadcasts; the other articles were sent in WeChat's console."""
    ours = {
        msg_data_id: (broadcast, _day(at))
        for msg_data_id, broadcast, at in _articles_sent(row.day - 2 * FOLLOWED, row.day + ONE_DAY)
        .filter(account=row.account_id)
        .values_list("msg_data_id", "pk", "submitted_at")
    }
    daily = _columns((one for part in told.days for one in part.articles), ours, _of_day)
    totals = _columns((one for part in told.totals for one in part.articles), ours, _of_total)
    again = told.delayed and now + AGAIN < ready_at(row.day) + CORRECTED
    with transaction.atomic():
        _upsert(daily, (*DAILY, *SOURCES.values()))
        _upsert(totals, (*(f"total_{name}" for name in SUMMED), *AVERAGES))
        StatisticsDay.objects.filter(pk=row.pk, attempts=row.attempts).update(
            fetched_at=now, delayed=told.delayed, due_at=now + AGAIN if again else None, **failures.columns(None)
        )


def _columns(articles: Iterable[Any], ours: dict[int, tuple[int, dt.date]], read: Any) -> Rows:
    """This will be the columns by row; what one answer does not know another one may."""
    rows: Rows = {}
    for article in articles:
        broadcast, sent_on = ours.get(article.msg_data_id, (None, article.day))
        if broadcast is not None and dt.timedelta(0) <= article.day - sent_on < FOLLOWED:
            known = {name: value for name, value in read(article).items() if value is not None}
            rows.setdefault((broadcast, article.index, article.day), {}).update(known)
    return rows


def _of_day(article: ArticleDay) -> dict[str, Any]:
    sources = {SOURCES[source]: number for source, number in article.sources.items()}
    return {name: getattr(article, name) for name in DAILY} | sources


def _of_total(article: ArticleTotal) -> dict[str, Any]:
    totals = {f"total_{name}": getattr(article, name) for name in SUMMED}
    return totals | {name: getattr(article, name) for name in AVERAGES}


def _upsert(rows: Rows, columns: tuple[str, ...]) -> None:
    # In one order, so that two workers cannot hold what the other one waits for.
    ArticleStatistic.objects.bulk_create(
        (
            ArticleStatistic(broadcast_id=broadcast, article=article, day=day, **known)
            for (broadcast, article, day), known in sorted(rows.items(), key=lambda item: item[0])
        ),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["broadcast", "article", "day"],
        update_fields=columns,
    )


def _give_way(row: StatisticsDay, error: OperatorError, now: dt.datetime) -> None:
    """This will keep the failure and decide when to ask again, if at all."""
    logger.warning("Statistics of account %s, %s: %s", row.account_id, row.day, error)
    passes = error.retry in (Retry.WAIT, Retry.BACKOFF)
    at = now + AGAIN if passes else ready_at(_day(now))
    waiting = StatisticsDay.objects.filter(pk=row.pk, attempts=row.attempts)
    if not isinstance(error, StatisticsNotReady | InvalidDate):
        # It is the account's trouble and not that day's: the others would only run into it as well.
        waiting |= StatisticsDay.objects.filter(account=row.account_id, due_at__lte=now)
    for pk, day in waiting.values_list("pk", "day"):
        due_at = None if at > ready_at(day) + PATIENCE else at
        waiting.filter(pk=pk).update(due_at=due_at, **failures.columns(error))


def _articles_sent(first: dt.date, before: dt.date) -> Any:
    """The broadcasts of articles that were accepted from `first` to the day before `before`, in Shanghai."""
    begin, end = (dt.datetime.combine(day, dt.time(), SHANGHAI) for day in (first, before))
    return Broadcast.objects.filter(msg_data_id__isnull=False, submitted_at__gte=begin, submitted_at__lt=end)


def _day(at: dt.datetime) -> dt.date:
    return at.astimezone(SHANGHAI).date()
