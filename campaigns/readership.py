"""What is known of a campaign's readers: by article and day, over all broadcasts, and when more will be known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, Sum

from campaigns.models import ArticleStatistic, Campaign, MsgType, Split, StatisticsDay
from campaigns.statistics import AVERAGES, DAILY, FOLLOWED, ONE_DAY, SOURCES, SUMMED, ready_at
from wxcore.clock import SHANGHAI
from wxcore.wechat.datacube import Source


@dataclass(frozen=True, slots=True)
class ArticleOnDay:
    """One article on one day in Shanghai; None is what WeChat did not tell."""

    day: dt.date
    readers: int | None = None
    reads: int | None = None
    original_readers: int | None = None
    original_reads: int | None = None
    share_users: int | None = None
    shares: int | None = None
    favourite_users: int | None = None
    favourites: int | None = None


@dataclass(frozen=True, slots=True)
class ArticleReaders:
    """One article, counted from 1. The totals are sums over the days, so a person may be in them twice.

    `days` are all days that have been fetched; `finish_rate` is from 0 to 1.
    """

    number: int
    title: str
    days: list[ArticleOnDay]
    sources: dict[Source, int]
    readers: int | None = None
    reads: int | None = None
    share_users: int | None = None
    shares: int | None = None
    favourite_users: int | None = None
    likes: int | None = None
    recommendations: int | None = None
    comments: int | None = None
    new_followers: int | None = None
    finish_rate: float | None = None
    reading_minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Readership:
    """What is known, and what is not.

    `until` is the last day with figures, `next_at` when WeChat is asked next (None: never again), `trouble` the latest
    day that could not be had. `unnamed` counts broadcasts whose articles WeChat did not name to us: no figures can be
    matched to those. `delayed`: WeChat may still correct the last figures.
    """

    articles: list[ArticleReaders] = field(default_factory=list)
    until: dt.date | None = None
    next_at: dt.datetime | None = None
    trouble: StatisticsDay | None = None
    delayed: bool = False
    unnamed: int = 0


def of(campaign: Campaign) -> Readership | None:
    """This will be what is known of the readers; None for a campaign that has sent no articles. Five queries."""
    if campaign.msgtype != MsgType.MPNEWS or campaign.revision is None:
        return None
    sent = campaign.broadcasts.aggregate(
        first=Min("submitted_at", filter=Q(msg_data_id__isnull=False)),
        last=Max("submitted_at", filter=Q(msg_data_id__isnull=False)),
        unnamed=Count("pk", filter=Q(msg_data_id=None, submitted_at__isnull=False)),
    )
    if sent["first"] is None:
        return Readership(unnamed=sent["unnamed"]) if sent["unnamed"] else None
    first, last = (sent[name].astimezone(SHANGHAI).date() for name in ("first", "last"))
    followed = [first + number * ONE_DAY for number in range((last - first + FOLLOWED).days)]
    asked = StatisticsDay.objects.filter(account=campaign.account_id, day__in=followed).order_by("day")
    known = {row.day: row for row in asked}
    fetched = [day for day in followed if day in known and known[day].fetched_at]
    failed = [row for row in known.values() if row.error_code]
    return Readership(
        articles=list(_articles(campaign, fetched)),
        until=fetched[-1] if fetched else None,
        next_at=_next(followed, known),
        trouble=failed[-1] if failed else None,
        delayed=any(row.delayed for row in known.values()),
        unnamed=sent["unnamed"],
    )


def of_variants(split: Split) -> dict[int, dict[str, int | None]]:
    """This will be `reads` and `shares` of all articles so far, by the primary key of the variant. One query."""
    told = ArticleStatistic.objects.filter(broadcast__campaign__split=split).values("broadcast__campaign")
    rows = told.annotate(read=Sum("reads"), shared=Sum("shares"))
    return {row["broadcast__campaign"]: {"reads": row["read"], "shares": row["shared"]} for row in rows}


def _next(followed: list[dt.date], known: dict[dt.date, StatisticsDay]) -> dt.datetime | None:
    times = [known[day].due_at if day in known else ready_at(day) for day in followed]
    return min((at for at in times if at is not None), default=None)


def _articles(campaign: Campaign, fetched: list[dt.date]) -> Iterator[ArticleReaders]:
    totals = {row["article"]: row for row in _latest(campaign)}
    rows: dict[int, dict[dt.date, dict[str, Any]]] = {}
    for row in _daily(campaign):
        rows.setdefault(row["article"], {})[row["day"]] = row
    for number, article in enumerate(campaign.revision.articles, 1):
        by_day = rows.get(number, {})
        yield ArticleReaders(
            number=number,
            title=article.get("title", ""),
            days=[_on(day, by_day.get(day, {})) for day in fetched],
            sources=_sources(by_day),
            **(_totals(totals[number]) if number in totals else _added(by_day)),
        )


def _daily(campaign: Campaign) -> Any:
    """One row for each article and day: sums over the broadcasts of what is known."""
    sums = {f"sum_{name}": Sum(name) for name in (*DAILY, *SOURCES.values())}
    found = ArticleStatistic.objects.filter(broadcast__campaign=campaign).order_by()
    return found.values("article", "day").annotate(**sums)


def _latest(campaign: Campaign) -> Any:
    """One row for each article: the latest totals of each broadcast, summed."""
    told = ArticleStatistic.objects.exclude(total_readers=None)
    later = told.filter(broadcast=OuterRef("broadcast"), article=OuterRef("article"), day__gt=OuterRef("day"))
    found = told.filter(~Exists(later), broadcast__campaign=campaign).order_by()
    sums = {f"sum_{name}": Sum(f"total_{name}") for name in SUMMED}
    weighed = {f"weighed_{name}": Sum(F(name) * F("total_readers")) for name in AVERAGES}
    weights = {f"weight_{name}": Sum("total_readers", filter=Q(**{f"{name}__isnull": False})) for name in AVERAGES}
    return found.values("article").annotate(**sums, **weighed, **weights)


def _on(day: dt.date, row: dict[str, Any]) -> ArticleOnDay:
    return ArticleOnDay(day, **{name: row.get(f"sum_{name}") for name in DAILY})


def _sources(by_day: dict[dt.date, dict[str, Any]]) -> dict[Source, int]:
    sums = {source: _sum(row[f"sum_{column}"] for row in by_day.values()) for source, column in SOURCES.items()}
    return {source: number for source, number in sums.items() if number}


def _totals(row: dict[str, Any]) -> dict[str, Any]:
    """The averages of several broadcasts count by their readers."""
    averages = {
        name: row[f"weighed_{name}"] / row[f"weight_{name}"] if row[f"weight_{name}"] else None for name in AVERAGES
    }
    return {name: row[f"sum_{name}"] for name in SUMMED} | averages


def _added(by_day: dict[dt.date, dict[str, Any]]) -> dict[str, Any]:
    """The sums of the days, as long as WeChat has told no totals."""
    both = [name for name in DAILY if name in SUMMED]
    return {name: _sum(row[f"sum_{name}"] for row in by_day.values()) for name in both}


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
