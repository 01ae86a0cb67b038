"""How many more: what WeChat's quotas still allow an account, and each of its followers.

| kind of account | quota |
|---|---|
| subscription | one successful job a day |
| service | four messages per follower and month; four jobs to everybody a month |
| both | `mass_calls_a_day` calls a day, 60 a minute (`pace`) |

Days and months are those of Asia/Shanghai. The ledger knows what we sent; what somebody sent in WeChat's console it
cannot know.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from campaigns import audience, pace
from campaigns.models import Audience, Broadcast, Campaign, Recipient
from campaigns.states import BroadcastStatus, Status
from followers.models import Follower
from wxcore import clock
from wxcore.errors import OperatorError, Retry
from wxcore.models import Kind, OfficialAccount

PER_FOLLOWER_AND_MONTH = 4
JOBS_A_DAY = 1
JOBS_TO_ALL_A_MONTH = 4
# SQLite puts at most 500 queries together.
MOST_PLANNED = 200
# What WeChat has taken, or may have taken.
TAKEN = (
    BroadcastStatus.SUBMITTING,
    BroadcastStatus.SUBMITTED,
    BroadcastStatus.FINISHED,
    BroadcastStatus.UNKNOWN,
)


class JobsUsedUp(OperatorError):
    code = "jobs_used_up"
    wechat_code = 45028
    retry = Retry.TOMORROW
    message = _("“%(account)s” has no mass send left on %(day)s: WeChat allows %(limit)d, and “%(other)s” has it.")
    fix = _("Choose another day, or cancel the other campaign first.")


class JobsToAllUsedUp(OperatorError):
    code = "jobs_to_all_used_up"
    wechat_code = 45028
    message = _("“%(account)s” has sent or planned its %(limit)d messages to everybody in %(month)s.")
    fix = _("Choose the next month, or send to a tag or a segment.")


@dataclass(frozen=True, slots=True)
class Jobs:
    """Jobs of a day or a month: `limit` None means that WeChat counts none of this kind."""

    limit: int | None
    used: int
    planned: int

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.used - self.planned)


@dataclass(frozen=True, slots=True)
class Calls:
    """Calls of a day: made, and what the campaign needs."""

    limit: int
    made: int
    needed: int

    @property
    def days(self) -> int:
        """How many days it takes, this one included."""
        later = max(0, self.needed - max(0, self.limit - self.made))
        return 1 + -(-later // self.limit) if self.limit else 1


@dataclass(frozen=True, slots=True)
class Planned:
    """Another campaign of the account that is scheduled in the same month, and how many it addresses."""

    campaign: Campaign
    heads: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a send at some time meets. `left_after[n]` is how many of the audience can get `n` more this month."""

    heads: int
    used_up: int
    left_after: tuple[int, ...] | None
    jobs: Jobs
    calls: Calls
    planned: tuple[Planned, ...]
    # How many of the audience will have none left for some of the planned campaigns.
    short: int

    @property
    def will_receive(self) -> int:
        return self.heads - self.used_up


def recipients_of_month(account: OfficialAccount, moment: dt.datetime) -> QuerySet[Recipient]:
    """This will be the rows that count against the monthly quota of the account's followers."""
    start, end = clock.quota_month(moment)
    taken = Broadcast.objects.filter(
        account=account, status__in=TAKEN, first_attempt_at__gte=start, first_attempt_at__lt=end
    )
    return Recipient.objects.filter(broadcast__in=taken)


@dataclass(frozen=True, slots=True)
class Messages:
    """Of one follower in one month."""

    limit: int
    used: int

    @property
    def left(self) -> int:
        return self.limit - self.used


def of_follower(follower: Follower, *, now: dt.datetime) -> Messages | None:
    """This will be how many of the month's messages a follower has had; only a service account has them."""
    if follower.account.kind != Kind.SERVICE:
        return None
    used = recipients_of_month(follower.account, now).filter(follower=follower).count()
    return Messages(PER_FOLLOWER_AND_MONTH, min(used, PER_FOLLOWER_AND_MONTH))


def forecast(campaign: Campaign, *, at: dt.datetime) -> Forecast:
    """This will say what the campaign would meet if it went out at `at`. Raises what `audience.check` raises.

    A handful of statements whatever the size of the audience; the longest reads the month's recipients once.
    """
    account, heads = campaign.account, audience.check(campaign)
    others = planned(account, at, but=campaign)
    by_follower = account.kind == Kind.SERVICE
    used = _histogram(campaign, at, [], PER_FOLLOWER_AND_MONTH) if by_follower else None
    reached = [other.campaign for other in others if other.heads]
    short = 0
    if by_follower and reached:
        # Who gets this message and every planned one would have more than the month allows.
        short = _histogram(campaign, at, [campaign, *reached], PER_FOLLOWER_AND_MONTH + 1)[-1]
    sendall, send = pace.made_today(account, at)
    by_wechat = audience.by_wechat(campaign)
    return Forecast(
        heads=heads,
        used_up=used[PER_FOLLOWER_AND_MONTH] if used else 0,
        left_after=None if used is None else (used[3] + used[4], used[2], used[1], used[0]),
        jobs=jobs(campaign, at=at),
        calls=Calls(account.mass_calls_a_day, sendall if by_wechat else send, audience.calls(campaign, heads)),
        planned=tuple(others),
        short=short,
    )


def planned(account: OfficialAccount, at: dt.datetime, *, but: Campaign) -> list[Planned]:
    """This will be the account's other campaigns that are scheduled in the month of `at`, in their order: the first
    `MOST_PLANNED` of them."""
    start, end = clock.quota_month(at)
    scheduled = Campaign.objects.filter(
        account=account, status=Status.SCHEDULED, scheduled_at__gte=start, scheduled_at__lt=end
    ).exclude(pk=but.pk)
    others = list(scheduled.select_related("account", "tag", "segment").order_by("scheduled_at")[:MOST_PLANNED])
    heads = _heads(others)
    return [Planned(other, heads.get(other.pk, 0)) for other in others]


def _heads(campaigns: list[Campaign]) -> dict[int, int]:
    """The head counts in one statement. Who is missing means nobody, or fails before any request and says so on its
    own page."""
    counts, params = [], []
    for campaign in campaigns:
        with suppress(OperatorError, EmptyResultSet):
            sql, values = audience.followers(campaign).values("id").query.sql_with_params()
            counts.append(f"SELECT %s, COUNT(*) FROM ({sql}) audience")  # noqa: S608 - no value is pasted in
            params += [campaign.pk, *values]
    if not counts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(counts), params)
        return dict(cursor.fetchall())


def jobs(campaign: Campaign, *, at: dt.datetime) -> Jobs:
    """This will be the jobs that WeChat counts for such a campaign: of the day, or to everybody of the month."""
    account = campaign.account
    if account.kind == Kind.SUBSCRIPTION:
        return jobs_of_day(account, at=at, but=campaign)
    if account.kind == Kind.SERVICE and audience.is_everybody(campaign):
        return jobs_to_all(account, at=at, but=campaign)
    return Jobs(None, 0, 0)


def jobs_of_day(account: OfficialAccount, *, at: dt.datetime, but: Campaign | None = None) -> Jobs:
    """This will be the jobs of the day that WeChat counts for a subscription account."""
    others = Campaign.objects.filter(account=account).exclude(pk=but.pk if but else None)
    span = clock.quota_day_span(at)
    return Jobs(JOBS_A_DAY, _used(others, span).count(), _scheduled(others, span).count())


def jobs_to_all(account: OfficialAccount, *, at: dt.datetime, but: Campaign | None = None) -> Jobs:
    """This will be the messages to everybody of the month that WeChat counts for a service account."""
    others = Campaign.objects.filter(account=account, audience=Audience.ALL, split=None)
    others, span = others.exclude(pk=but.pk if but else None), clock.quota_month(at)
    return Jobs(JOBS_TO_ALL_A_MONTH, _used(others, span).count(), _scheduled(others, span).count())


def require(campaign: Campaign, *, at: dt.datetime) -> None:
    """Raises JobsUsedUp or JobsToAllUsedUp if the account's jobs of that day or month are sent or planned."""
    counted = jobs(campaign, at=at)
    if counted.left != 0:
        return
    account, day = campaign.account, at.astimezone(clock.SHANGHAI)
    if account.kind == Kind.SUBSCRIPTION:
        others = Campaign.objects.filter(account=account).exclude(pk=campaign.pk)
        span = clock.quota_day_span(at)
        other = _used(others, span).first() or _scheduled(others, span).first()
        raise JobsUsedUp(account=account, day=f"{day:%Y-%m-%d}", limit=counted.limit, other=other)
    raise JobsToAllUsedUp(account=account, month=f"{day:%Y-%m}", limit=counted.limit)


def _used(campaigns: QuerySet[Campaign], span: tuple[dt.datetime, dt.datetime]) -> QuerySet[Campaign]:
    start, end = span
    taken = Broadcast.objects.filter(status__in=TAKEN, first_attempt_at__gte=start, first_attempt_at__lt=end)
    return campaigns.filter(pk__in=taken.values("campaign"))


def _scheduled(campaigns: QuerySet[Campaign], span: tuple[dt.datetime, dt.datetime]) -> QuerySet[Campaign]:
    start, end = span
    scheduled = Q(status=Status.SCHEDULED, scheduled_at__gte=start, scheduled_at__lt=end)
    return campaigns.filter(scheduled | Q(pk__in=_under_way(span).values("campaign")))


def _under_way(span: tuple[dt.datetime, dt.datetime]) -> QuerySet[Broadcast]:
    """What campaigns that have started will still submit then: their turn, or tomorrow's quota, has not come."""
    start, end = span
    sends = Campaign.objects.filter(status__in=(Status.SENDING, Status.PAUSED), finished_at=None)
    pending = Broadcast.objects.filter(status=BroadcastStatus.PENDING, campaign__in=sends)
    return pending.annotate(then=Coalesce("campaign__resume_at", "due_at")).filter(then__gte=start, then__lt=end)


def _histogram(campaign: Campaign, at: dt.datetime, others: list[Campaign], most: int) -> list[int]:
    """How many of the audience have had 0, 1, ... `most` or more messages this month, those of `others` added."""
    heads, heads_params = audience.followers(campaign).values("id").query.sql_with_params()
    got, params = recipients_of_month(campaign.account, at).values("follower_id").query.sql_with_params()
    received = f"SELECT follower_id FROM ({got}) month"  # noqa: S608 - no value is pasted in, here and below
    soon = _under_way(clock.quota_month(at)).filter(account=campaign.account).exclude(campaign=campaign)
    waiting, more = (
        Recipient.objects.filter(broadcast__in=soon.values("pk")).values("follower_id").query.sql_with_params()
    )
    received += f" UNION ALL SELECT follower_id FROM ({waiting}) waiting"  # noqa: S608
    params = (*params, *more)
    for other in others:
        planned_sql, planned_params = audience.followers(other).values("id").query.sql_with_params()
        received += f" UNION ALL SELECT id FROM ({planned_sql}) planned"  # noqa: S608
        params = (*params, *planned_params)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT had, COUNT(*) FROM ("  # noqa: S608
            " SELECT CASE WHEN got.n IS NULL THEN 0 WHEN got.n > %s THEN %s ELSE got.n END AS had"
            f" FROM ({heads}) audience LEFT JOIN"
            f" (SELECT follower_id, COUNT(*) AS n FROM ({received}) received GROUP BY follower_id) got"
            " ON got.follower_id = audience.id"
            ") counted GROUP BY had",
            [most, most, *heads_params, *params],
        )
        found = dict(cursor.fetchall())
    return [found.get(had, 0) for had in range(most + 1)]
