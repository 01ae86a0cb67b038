"""How accounts grow, a row a day: counted in our own mirror, and corrected by what WeChat tells the next morning.

The mirror is counted in the background, in three statements an account, and never on a page view. There is no index by
the time of following: each sync would have to keep it, and a sync is the longest work that there is.
https://developers.weixin.qq.com/doc/service/api/wedata/user/api_getusersummary.html
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Greatest, TruncDate

from followers.models import Follower, FollowerDay
from followers.models.day import GrowthSource
from wxcore import accounts
from wxcore.clock import SHANGHAI, quota_day
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount
from wxcore.wechat.datacube import MAX_GROWTH_DAYS, GrowthDay

logger = logging.getLogger(__name__)

ONE_DAY = dt.timedelta(days=1)
# So far back an account is counted that was not counted before.
FIRST = dt.timedelta(days=35)
# Half an hour after WeChat's own promise.
READY = dt.time(8, 30, tzinfo=SHANGHAI)
AGAIN = dt.timedelta(hours=6)


def count(account: OfficialAccount, *, now: dt.datetime) -> None:
    """This will write down what the mirror knows of today, of yesterday, and of days that were missed."""
    today = quota_day(now)
    rows = FollowerDay.objects.filter(account=account)
    last = rows.aggregate(last=Max("day"))["last"]
    first = max(min(last or dt.date.min, today - ONE_DAY), today - FIRST)
    following = Follower.objects.filter(account=account, subscribed=True)
    gone = Follower.objects.filter(account=account, subscribed=False)
    total = following.count()
    came, went = _by_day(following, "subscribe_time", first), _by_day(gone, "unsubscribed_at", first)
    days = [today - number * ONE_DAY for number in range((today - first).days + 1)]
    counted = []
    for day in days:  # backwards from what is known for sure
        counted.append(FollowerDay(account=account, day=day, new=came.get(day, 0), left=went.get(day, 0), total=total))
        total = max(0, total - came.get(day, 0) + went.get(day, 0))
    FollowerDay.objects.bulk_create(counted, ignore_conflicts=True)
    for row in counted:
        # Who left has no time of following any more, so an earlier count may have seen more.
        known = {"new": Greatest("new", row.new), "left": Greatest("left", row.left)}
        # Yesterday was counted before its end, unless today has been counted since.
        if row.day == today or last != today:
            known["total"] = row.total
        rows.filter(day=row.day, source=GrowthSource.MIRROR).update(**known)


def _by_day(followers: QuerySet[Follower], column: str, first: dt.date) -> dict[dt.date, int]:
    since = dt.datetime.combine(first, dt.time(), SHANGHAI)
    rows = followers.filter(**{f"{column}__gte": since}).order_by()
    return dict(rows.values_list(TruncDate(column, tzinfo=SHANGHAI)).annotate(number=Count("pk")))


def fetch(account: OfficialAccount, *, now: dt.datetime) -> bool:
    """This will ask WeChat for the days that only our mirror has told so far and that WeChat has counted. False: there
    are none, or another worker asks.

    What it refuses is asked for again six hours later; until then the mirror's figures stand.
    """
    last = quota_day(now) - ONE_DAY
    if now < dt.datetime.combine(last + ONE_DAY, READY):
        last -= ONE_DAY
    ours = FollowerDay.objects.filter(account=account, source=GrowthSource.MIRROR, day__lte=last)
    due = Q(asked_at=None) | Q(asked_at__lt=now - AGAIN)
    if not ours.filter(due, day=last).update(asked_at=now):
        return False
    first = ours.filter(day__gt=last - FIRST).aggregate(first=Min("day"))["first"] or last
    try:
        with accounts.connect(account) as wechat:
            told = [
                day
                for begin, end in _spans(first, last)
                for day in wechat.datacube.growth(begin, end)
                if begin <= day.day <= end
            ]
    except OperatorError as error:
        logger.warning("Growth of account %s: %s", account.pk, error)
        return True
    _store(account, told, now)
    return True


def _spans(first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    step = MAX_GROWTH_DAYS * ONE_DAY
    begins = [first + number * step for number in range((last - first).days // MAX_GROWTH_DAYS + 1)]
    return [(begin, min(begin + step - ONE_DAY, last)) for begin in begins]


def _store(account: OfficialAccount, told: list[GrowthDay], now: dt.datetime) -> None:
    rows = [
        FollowerDay(
            account=account,
            day=one.day,
            new=one.new,
            left=one.left,
            total=one.total,
            source=GrowthSource.WECHAT,
            asked_at=now,
        )
        for one in told
    ]
    FollowerDay.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["account", "day"],
        update_fields=["new", "left", "total", "source", "asked_at"],
    )


def between(days: QuerySet[FollowerDay], since: dt.date, until: dt.date) -> list[dict[str, object]]:
    """This will be the sums over the accounts of `days`, day by day; a day is WeChat's only if all of them are."""
    rows = days.filter(day__range=(since, until)).order_by("day").values("day")
    found = rows.annotate(
        came=Sum("new"), went=Sum("left"), had=Sum("total"), mirrored=Count("pk", filter=Q(source=GrowthSource.MIRROR))
    )
    return [
        {
            "day": row["day"],
            "new": row["came"],
            "left": row["went"],
            "net": row["came"] - row["went"],
            "total": row["had"],
            "source": (GrowthSource.MIRROR if row["mirrored"] else GrowthSource.WECHAT).value,
        }
        for row in found
    ]


def now(days: QuerySet[FollowerDay], today: dt.date) -> dict[str, int | None]:
    """This will be the followers of the latest day of each account, and the net of 7 and of 30 days. Two queries."""
    later = FollowerDay.objects.filter(account=OuterRef("account"), day__gt=OuterRef("day"), day__lte=today)
    latest = days.filter(~Exists(later), day__lte=today).aggregate(total=Sum("total"))
    nets = {
        f"net_{number}": Sum(F("new") - F("left"), filter=Q(day__gt=today - number * ONE_DAY)) for number in (7, 30)
    }
    found = days.filter(day__gt=today - 30 * ONE_DAY, day__lte=today).aggregate(**nets)
    return {"total": latest["total"], **{name: number or 0 for name, number in found.items()}}
