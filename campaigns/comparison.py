"""The figures of several campaigns side by side, and the articles of a time: what the statistics show.

WeChat counts the readers of each article and never who they were. A campaign's `readers` are those of its most read
article, so that nobody counts twice in `read_rate`; of each other sum a person may be in twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from campaigns.models import ArticleStatistic, Broadcast, Campaign, SendResult
from campaigns.states import BroadcastStatus, Status
from campaigns.statistics import FOLLOWED
from wxcore.clock import SHANGHAI

MOST_CAMPAIGNS = 50
MOST_ARTICLES = 10
ENDED = (Status.FINISHED, Status.RECALLED)
# By the day, all sources together; a day of the current calls has people, one of the older calls times as well.
DAILY = {"readers": "readers", "reads": "reads", "shares": "share_users", "favourites": "favourite_users"}


def last_campaigns(campaigns: QuerySet[Campaign], limit: int) -> list[dict[str, Any]]:
    """This will be the campaigns that finished last, newest first, with their figures. Three queries."""
    ended = campaigns.filter(status__in=ENDED, finished_at__isnull=False).order_by("-finished_at", "-pk")
    chosen = list(ended.values_list("pk", flat=True)[: min(limit, MOST_CAMPAIGNS)])
    rows = {row["campaign"]: row for row in _sends(chosen)}
    readers = _readers(chosen)
    named = Campaign.objects.filter(pk__in=chosen).only("name", "account", "finished_at", "msgtype").in_bulk(chosen)
    return [_compared(named[pk], rows.get(pk, {}), readers.get(pk, {})) for pk in chosen if pk in named]


def _sends(chosen: list[int]) -> Iterable[dict[str, Any]]:
    sums = {name: Sum(f"{name}_count") for name in ("total", "filter", "sent", "error")}
    rows = Broadcast.objects.filter(campaign__in=chosen).order_by().values("campaign")
    whole = Q(total_count__isnull=False, filter_count__isnull=False)
    removed = Sum(F("total_count") - F("filter_count"), filter=whole)
    return rows.annotate(heads=Sum("recipient_count"), filtered=removed, **sums)


def _readers(chosen: list[int]) -> dict[int, dict[str, int | None]]:
    """Of each campaign its most read article's readers, and who shared any."""
    found: dict[int, dict[str, int | None]] = {}
    for row in _by_article(ArticleStatistic.objects.filter(broadcast__campaign__in=chosen)):
        known = found.setdefault(row["broadcast__campaign"], {"readers": None, "shares": None})
        known["readers"] = _greater(known["readers"], row["read"])
        known["shares"] = _added(known["shares"], row["shared"])
    return found


def _by_article(statistics: QuerySet[ArticleStatistic]) -> Any:
    """One row for each article of each campaign: the latest totals of its broadcasts, else the sum of the days."""
    later = ArticleStatistic.objects.filter(
        broadcast=OuterRef("broadcast"), article=OuterRef("article"), day__gt=OuterRef("day")
    ).exclude(total_readers=None)
    last = Q(total_readers__isnull=False) & ~Exists(later)
    rows = statistics.order_by().annotate(is_last=last).values("broadcast__campaign", "article")
    totals = {
        "told": Sum("total_readers", filter=Q(is_last=True)),
        "sent": Sum("total_share_users", filter=Q(is_last=True)),
    }
    return rows.annotate(**totals).annotate(
        read=Coalesce("told", Sum("readers")), shared=Coalesce("sent", Sum("share_users"))
    )


def _compared(campaign: Campaign, sends: dict[str, Any], readers: dict[str, int | None]) -> dict[str, Any]:
    sent, heads, read = sends.get("sent"), sends.get("heads"), readers.get("readers")
    return {
        "id": campaign.pk,
        "name": campaign.name,
        "account": campaign.account_id,
        "msgtype": campaign.msgtype,
        "finished_at": campaign.finished_at,
        "heads": heads or 0,
        "total": sends.get("total"),
        "filtered": sends.get("filtered"),
        "sent": sent,
        "error": sends.get("error"),
        "delivered_rate": _rate(sent, heads),
        "readers": read,
        "read_rate": _rate(read, sent),
        "shares": readers.get("shares"),
    }


def article_days(broadcasts: QuerySet[Broadcast], since: dt.date, until: dt.date) -> list[dict[str, Any]]:
    """This will be what was read and shared day by day, of all articles together; None is what WeChat did not tell."""
    sums = {f"sum_{name}": Sum(column) for name, column in DAILY.items()}
    rows = _statistics(broadcasts, since, until).order_by("day").values("day").annotate(**sums)
    return [{"day": row["day"], **{name: row[f"sum_{name}"] for name in DAILY}} for row in rows]


def top_articles(broadcasts: QuerySet[Broadcast], since: dt.date, until: dt.date) -> list[dict[str, Any]]:
    """This will be the articles that were read most in a time, with title and address. Four queries."""
    sums = {f"sum_{name}": Sum(column) for name, column in DAILY.items()}
    rows = _statistics(broadcasts, since, until).order_by().values("broadcast__campaign", "article").annotate(**sums)
    top = list(rows.order_by(F("sum_readers").desc(nulls_last=True), "broadcast__campaign", "article")[:MOST_ARTICLES])
    chosen = {row["broadcast__campaign"] for row in top}
    campaigns = Campaign.objects.select_related("revision").in_bulk(chosen)
    sent = {row["campaign"]: row["sent"] for row in _sends(list(chosen))}
    urls = _urls(chosen)
    return [_article(campaigns[row["broadcast__campaign"]], row, sent, urls) for row in top]


def _article(
    campaign: Campaign, row: dict[str, Any], sent: dict[int, int | None], urls: dict[tuple[int, int], str]
) -> dict[str, Any]:
    number = row["article"]
    articles = campaign.revision.articles if campaign.revision else []
    return {
        "campaign": campaign.pk,
        "campaign_name": campaign.name,
        "account": campaign.account_id,
        "number": number,
        "title": articles[number - 1].get("title", "") if 0 < number <= len(articles) else "",
        "url": urls.get((campaign.pk, number), ""),
        "readers": row["sum_readers"],
        "reads": row["sum_reads"],
        "shares": row["sum_shares"],
        "favourites": row["sum_favourites"],
        "read_rate": _rate(row["sum_readers"], sent.get(campaign.pk)),
    }


def _urls(campaigns: set[int]) -> dict[tuple[int, int], str]:
    """The address of each article in the first broadcast that has one."""
    reports = SendResult.objects.filter(broadcast__campaign__in=campaigns).exclude(articles=[])
    told = reports.order_by("-broadcast__position").values_list("broadcast__campaign", "articles")
    return {
        (campaign, article["number"]): article["url"]
        for campaign, articles in told
        for article in articles
        # Only web addresses: what is pushed to us becomes a link that people follow.
        if article.get("url", "").startswith(("http://", "https://"))
    }


def _statistics(broadcasts: QuerySet[Broadcast], since: dt.date, until: dt.date) -> QuerySet[ArticleStatistic]:
    """An article is followed for a week: only the broadcasts of that time are looked at, by their index."""
    begin = dt.datetime.combine(since, dt.time(), SHANGHAI) - FOLLOWED
    end = dt.datetime.combine(until, dt.time(), SHANGHAI) + dt.timedelta(days=1)
    sent = broadcasts.filter(msg_data_id__isnull=False, submitted_at__gte=begin, submitted_at__lt=end)
    return ArticleStatistic.objects.filter(broadcast__in=sent.order_by().values("pk"), day__range=(since, until))


def sums(broadcasts: QuerySet[Broadcast], since: dt.date, until: dt.date) -> dict[str, int | None]:
    """This will be `readers` and `shares` of all articles in a time. One query."""
    return _statistics(broadcasts, since, until).aggregate(readers=Sum("readers"), shares=Sum("share_users"))


def month(broadcasts: QuerySet[Broadcast], span: tuple[dt.datetime, dt.datetime]) -> dict[str, int]:
    """This will be to how many followers something was sent in a time, and whom WeChat says it reached. One query."""
    start, end = span
    told = broadcasts.filter(first_attempt_at__gte=start, first_attempt_at__lt=end).aggregate(
        sent=Sum("recipient_count", filter=Q(status__in=(BroadcastStatus.SUBMITTED, BroadcastStatus.FINISHED))),
        delivered=Sum("sent_count", filter=Q(status=BroadcastStatus.FINISHED)),
    )
    return {name: number or 0 for name, number in told.items()}


def _rate(part: int | None, whole: int | None) -> float | None:
    return None if part is None or not whole else round(part / whole, 4)


def _greater(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else max(one, other)


def _added(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other
