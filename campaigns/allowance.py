"""What an account may still send, apart from any campaign: for the dashboard.

`quota` says what one campaign would meet. Here are the account's own figures: jobs and calls are read at once, the
messages of its followers are counted in the background.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, Max, OuterRef

from campaigns import pace, quota
from campaigns.models import Broadcast, MonthReceived
from campaigns.quota import PER_FOLLOWER_AND_MONTH, Jobs
from followers.models import Follower
from wxcore import clock
from wxcore.models import Kind, OfficialAccount

# While a campaign is sending, its messages are counted that often.
PAUSE = dt.timedelta(minutes=2)
# Followers come and go, even if nothing is sent.
STALE = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Calls:
    """Of the day. WeChat counts mass/sendall and mass/send apart; `made` is the greater of the two."""

    limit: int
    sendall: int
    send: int

    @property
    def made(self) -> int:
        return max(self.sendall, self.send)

    @property
    def left(self) -> int:
        return max(0, self.limit - self.made)


@dataclass(frozen=True, slots=True)
class Received:
    """`histogram[n]` followers had `n` messages this month; None until it has been counted."""

    limit: int
    histogram: list[int] | None
    counted_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """`jobs` are those of a day, `jobs_to_all` those of a month; None where WeChat counts none of the kind."""

    day: dt.date
    month: str
    jobs: Jobs | None
    jobs_to_all: Jobs | None
    calls: Calls
    per_follower: Received | None


def of(account: OfficialAccount, *, now: dt.datetime) -> Allowance:
    """This will be what the account may still send. Four queries, none of which counts followers."""
    day = clock.quota_day(now)
    is_service = account.kind == Kind.SERVICE
    return Allowance(
        day=day,
        month=f"{day:%Y-%m}",
        jobs=quota.jobs_of_day(account, at=now) if account.kind == Kind.SUBSCRIPTION else None,
        jobs_to_all=quota.jobs_to_all(account, at=now) if is_service else None,
        calls=Calls(account.mass_calls_a_day, *pace.made_today(account, now)),
        per_follower=_received(account, day.replace(day=1)) if is_service else None,
    )


def _received(account: OfficialAccount, month: dt.date) -> Received:
    row = MonthReceived.objects.filter(account=account, month=month).first()
    return Received(PER_FOLLOWER_AND_MONTH, row.histogram if row else None, row.counted_at if row else None)


def count(account: OfficialAccount, *, now: dt.datetime) -> bool:
    """This will count who has received how many messages this month, if it may have changed. Answers whether it did."""
    month = clock.quota_day(now).replace(day=1)
    known = MonthReceived.objects.filter(account=account, month=month).first()
    if known is not None and not _is_outdated(known, account, now):
        return False
    histogram = _histogram(account, now)
    MonthReceived.objects.update_or_create(
        account=account, defaults={"month": month, "histogram": histogram, "counted_at": now}
    )
    return True


def _is_outdated(known: MonthReceived, account: OfficialAccount, now: dt.datetime) -> bool:
    if known.counted_at <= now - STALE:
        return True
    sent = Broadcast.objects.filter(account=account).aggregate(at=Max("first_attempt_at"))["at"]
    return sent is not None and sent >= known.counted_at - PAUSE and known.counted_at <= now - PAUSE


def _histogram(account: OfficialAccount, now: dt.datetime) -> list[int]:
    """Of those who follow now."""
    following = Follower.objects.filter(account=account, subscribed=True)
    rows = quota.recipients_of_month(account, now)
    if not rows.exists():
        return [following.count(), *[0] * PER_FOLLOWER_AND_MONTH]
    present = rows.filter(Exists(following.filter(pk=OuterRef("follower"))))
    sql, params = present.order_by().values("follower_id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT had, COUNT(*) FROM ("  # noqa: S608 - no value is pasted in
            " SELECT CASE WHEN COUNT(*) > %s THEN %s ELSE COUNT(*) END AS had"
            f" FROM ({sql}) month GROUP BY follower_id"
            ") counted GROUP BY had",
            [PER_FOLLOWER_AND_MONTH, PER_FOLLOWER_AND_MONTH, *params],
        )
        found = dict(cursor.fetchall())
    some = [found.get(had, 0) for had in range(1, PER_FOLLOWER_AND_MONTH + 1)]
    return [max(0, following.count() - sum(some)), *some]
