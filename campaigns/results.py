"""What became of a campaign: how many were meant, how many were lost on the way, and why, as far as anybody knows.

    recipients  frozen at the start
                lost: cancelled, refused or failed before WeChat took them
    accepted    in broadcasts that WeChat has accepted
                lost: rejected as a whole; filtered, because they had left, had their four of the month, or refuse
    reached     left after WeChat's filter (FilterCount)
                lost: failed (ErrorCount)
    delivered   got the message (SentCount)

A number that WeChat did not report is not 0. Every sum is over the broadcasts that have the number, and says how many
recipients are in the others (`silent`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Min, OuterRef, Q, QuerySet, Sum

from campaigns import quota
from campaigns.models import Broadcast, Campaign, Recipient, SendResult
from campaigns.states import BroadcastStatus
from followers.models import Follower
from wxcore.clock import quota_month
from wxcore.models import Kind
from wxcore.wechat.messages import ArticleResult

_WAITING = (BroadcastStatus.PENDING, BroadcastStatus.SUBMITTING)
_HAS_JOB = Q(msg_id__isnull=False)
_FINISHED = Q(status=BroadcastStatus.FINISHED)
_ACCEPTED = _HAS_JOB | _FINISHED
_REJECTED = Q(status=BroadcastStatus.FAILED) & _HAS_JOB
_ENDED_BADLY = Q(status__in=[BroadcastStatus.FAILED, BroadcastStatus.CANCELLED])


class Step(StrEnum):
    """The steps of the funnel, in their order."""

    RECIPIENTS = "recipients"
    ACCEPTED = "accepted"
    REACHED = "reached"
    DELIVERED = "delivered"


class Why(StrEnum):
    """Why recipients of one step are missing from the next."""

    WAITING = "waiting"  # not a loss yet: their broadcast waits for its turn
    UNKNOWN = "unknown"  # nobody knows whether WeChat took the broadcast
    CANCELLED = "cancelled"
    NOT_ACCEPTED = "not_accepted"
    RUNNING = "running"  # not a loss yet: WeChat has not reported
    REJECTED = "rejected"
    SILENT = "silent"  # it went out, and WeChat gave no figure
    LEFT = "left"
    EXHAUSTED = "exhausted"
    COUNTING = "counting"  # filtered; our own records are being asked why
    FILTERED = "filtered"
    FAILED = "failed"
    UNACCOUNTED = "unaccounted"


OPEN = (Why.WAITING, Why.UNKNOWN, Why.RUNNING)


@dataclass(frozen=True, slots=True)
class Loss:
    """So many recipients are missing, and why. `reason` and `fix` are the words of what stopped their broadcasts."""

    why: Why
    number: int
    broadcasts: int = 0
    reason: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One step. `number` is None where nothing is known; `silent` recipients are in broadcasts without the number."""

    step: Step
    number: int | None
    silent: int = 0
    lost: list[Loss] = field(default_factory=list)  # on the way to the next step


@dataclass(frozen=True, slots=True)
class Funnel:
    """The steps from `recipients` to `delivered`. `joined` came after the freezing, and WeChat reached them too."""

    stages: list[Stage]
    joined: int
    is_open: bool

    @property
    def recipients(self) -> int:
        return self.stages[0].number or 0

    def number(self, step: Step) -> int | None:
        """This will be the number of one step."""
        return next(stage.number for stage in self.stages if stage.step is step)


@dataclass(frozen=True, slots=True)
class Link:
    """The address of an article in one broadcast: each is a page of its own."""

    broadcast: int  # its position
    url: str


@dataclass(frozen=True, slots=True)
class SentArticle:
    """One article, `number` from 1: its pages, and the originality check of the first broadcast that says something."""

    number: int
    title: str
    links: list[Link]
    check: ArticleResult


def funnel(broadcasts: QuerySet[Broadcast]) -> Funnel:
    """This will be what became of the recipients of these broadcasts; three queries, whatever their number."""
    sums = _sums(broadcasts)
    reasons = _reasons(broadcasts)
    if not any(sums[name] for name in ("finished", "running", "waiting", "unknown")) and sums["recipients"]:
        # Nothing went out and nothing will: that nobody got it is known without a report.
        sums |= {"filter": 0, "sent": 0}
    stages = [
        Stage(Step.RECIPIENTS, sums["recipients"] or 0, lost=_before(sums, reasons)),
        Stage(Step.ACCEPTED, sums["accepted"] or 0, lost=_filtered(sums, reasons)),
        Stage(Step.REACHED, sums["filter"], silent=sums["filter_silent"] or 0, lost=_failed(sums)),
        Stage(Step.DELIVERED, sums["sent"], silent=sums["sent_silent"] or 0),
    ]
    is_open = any(loss.why in OPEN for stage in stages for loss in stage.lost)
    return Funnel(stages, joined=max(0, -_gone(sums)), is_open=is_open)


def _sums(broadcasts: QuerySet[Broadcast]) -> dict[str, int | None]:
    def people(where: Q) -> Sum:
        return Sum("recipient_count", filter=where)

    has_filter, has_sent = Q(filter_count__isnull=False), Q(sent_count__isnull=False)
    has_total, has_error = Q(total_count__isnull=False), Q(error_count__isnull=False)
    return broadcasts.order_by().aggregate(
        recipients=Sum("recipient_count"),
        accepted=people(_ACCEPTED),
        waiting=people(Q(status__in=_WAITING)),
        unknown=people(Q(status=BroadcastStatus.UNKNOWN) & ~_HAS_JOB),
        running=people(Q(status__in=[BroadcastStatus.SUBMITTED, BroadcastStatus.UNKNOWN]) & _HAS_JOB),
        finished=people(_FINISHED),
        counted=people(_FINISHED & has_total),
        total=Sum("total_count", filter=_FINISHED),
        filter_of=people(_FINISHED & has_filter),
        filter=Sum("filter_count", filter=_FINISHED),
        filter_silent=people(_FINISHED & ~has_filter),
        sent=Sum("sent_count", filter=_FINISHED),
        sent_silent=people(_FINISHED & ~has_sent),
        error=Sum("error_count", filter=_FINISHED),
        # Only where all three are known can it be said that somebody is missing.
        whole_filter=Sum("filter_count", filter=_FINISHED & has_filter & has_sent & has_error),
        whole_sent=Sum("sent_count", filter=_FINISHED & has_filter & has_sent & has_error),
        whole_error=Sum("error_count", filter=_FINISHED & has_filter & has_sent & has_error),
        exhausted=Sum("exhausted_count", filter=_FINISHED & has_filter),
        left=Sum("left_count", filter=_FINISHED),
        unexplained=Count("pk", filter=_FINISHED & has_filter & Q(exhausted_count=None)),
    )


def _reasons(broadcasts: QuerySet[Broadcast]) -> list[tuple[bool, Loss]]:
    """Broadcasts that ended badly, by what stopped them; each with whether WeChat had accepted it."""
    groups = (
        broadcasts.filter(_ENDED_BADLY)
        .order_by()
        .annotate(accepted=ExpressionWrapper(_HAS_JOB, BooleanField()))
        .values("status", "error_code", "result_status", "accepted")
        .annotate(people=Sum("recipient_count"), number=Count("pk"), example=Min("pk"))
        .order_by("-people")
    )
    found = list(groups)
    examples = Broadcast.objects.only("error_code", "error_texts").in_bulk([group["example"] for group in found])
    losses = []
    for group in found:
        cancelled = group["status"] == BroadcastStatus.CANCELLED
        why = Why.CANCELLED if cancelled else Why.REJECTED if group["accepted"] else Why.NOT_ACCEPTED
        example = examples[group["example"]]
        loss = Loss(why, group["people"], group["number"], example.error_message, example.error_fix)
        losses.append((group["accepted"], loss))
    return losses


def _before(sums: dict[str, int | None], reasons: Iterable[tuple[bool, Loss]]) -> list[Loss]:
    return [
        *_some(Why.WAITING, sums["waiting"]),
        *_some(Why.UNKNOWN, sums["unknown"]),
        *(loss for accepted, loss in reasons if not accepted),
    ]


def _filtered(sums: dict[str, int | None], reasons: Iterable[tuple[bool, Loss]]) -> list[Loss]:
    """Whom the filter took. Those who had their four are counted in our own records, never more than are missing."""
    missing = max(0, (sums["filter_of"] or 0) - (sums["filter"] or 0))
    left = min(missing, max(0, _gone(sums)))
    exhausted = min(missing - left, sums["exhausted"] or 0)
    rest = Why.COUNTING if sums["unexplained"] else Why.FILTERED
    return [
        *_some(Why.RUNNING, sums["running"]),
        *(loss for accepted, loss in reasons if accepted),
        *_some(Why.SILENT, sums["filter_silent"]),
        *_some(Why.LEFT, left),
        *_some(Why.EXHAUSTED, exhausted),
        *_some(rest, missing - left - exhausted),
    ]


def _failed(sums: dict[str, int | None]) -> list[Loss]:
    unaccounted = (sums["whole_filter"] or 0) - (sums["whole_sent"] or 0) - (sums["whole_error"] or 0)
    left = min(sums["error"] or 0, max(0, (sums["left"] or 0) - max(0, _gone(sums))))
    return [
        *_some(Why.LEFT, left),
        *_some(Why.FAILED, (sums["error"] or 0) - left),
        *_some(Why.UNACCOUNTED, unaccounted),
    ]


def _gone(sums: dict[str, int | None]) -> int:
    """How many of the frozen recipients WeChat no longer counted in the audience; negative: it counted more."""
    return (sums["counted"] or 0) - (sums["total"] or 0)


def _some(why: Why, number: int | None) -> list[Loss]:
    return [Loss(why, number)] if number and number > 0 else []


def explain(broadcast: Broadcast, *, now: dt.datetime) -> None:
    """This will keep how many recipients had their four already, and how many have left, by our own records.

    Asked once, after the broadcast has finished: with a million recipients it takes seconds.
    """
    exhausted = _exhausted(broadcast) if broadcast.account.kind == Kind.SERVICE else 0
    since, until = broadcast.campaign.started_at or broadcast.finished_at, broadcast.finished_at or now
    gone = Follower.objects.filter(account=broadcast.account, subscribed=False, unsubscribed_at__range=(since, until))
    # From those who have left to the recipients: they are the fewer.
    left = gone.filter(Exists(broadcast.recipients.filter(follower=OuterRef("pk")))).count()
    Broadcast.objects.filter(pk=broadcast.pk).update(exhausted_count=exhausted, left_count=left)


def unexplained() -> QuerySet[Broadcast]:
    """This will be the broadcasts of which `explain` has not been asked yet."""
    return Broadcast.objects.filter(status=BroadcastStatus.FINISHED, exhausted_count=None)


def _exhausted(broadcast: Broadcast) -> int:
    if broadcast.first_attempt_at is None:
        return 0
    start, _end = quota_month(broadcast.first_attempt_at)
    earlier = Broadcast.objects.filter(
        account=broadcast.account,
        status__in=quota.TAKEN,
        first_attempt_at__gte=start,
        first_attempt_at__lt=broadcast.first_attempt_at,
    )
    # Nobody is in two broadcasts of one campaign, so fewer campaigns than four have exhausted nobody.
    if earlier.order_by().values("campaign").distinct().count() < quota.PER_FOLLOWER_AND_MONTH:
        return 0
    ours = Recipient.objects.filter(broadcast__in=earlier, follower__in=broadcast.recipients.values("follower_id"))
    had = ours.order_by().values("follower_id").annotate(number=Count("pk"))
    return had.filter(number__gte=quota.PER_FOLLOWER_AND_MONTH).count()


def articles(campaign: Campaign) -> list[SentArticle]:
    """This will be the campaign's articles with what WeChat reported of each; one query. Empty before a report."""
    reports = SendResult.objects.filter(broadcast__campaign=campaign).exclude(articles=[])
    rows = reports.order_by("broadcast__position").values_list("broadcast__position", "articles")
    titles = [article["title"] for article in campaign.revision.articles] if campaign.revision else []
    found: dict[int, SentArticle] = {}
    for position, told in rows:
        for one in told:
            _add(found, titles, position, ArticleResult(**{**one, **_addresses(one)}))
    return [found[number] for number in sorted(found)]


def _addresses(told: dict[str, Any]) -> dict[str, str]:
    """Only web addresses: what is pushed to us becomes a link that people follow."""
    given = {name: told[name] for name in ("url", "original_url")}
    return {name: url if url.startswith(("http://", "https://")) else "" for name, url in given.items()}


def _add(found: dict[int, SentArticle], titles: list[str], position: int, told: ArticleResult) -> None:
    known = found.get(told.number)
    if known is None:
        title = titles[told.number - 1] if 0 < told.number <= len(titles) else ""
        known = SentArticle(told.number, title, [], told)
    elif known.check.audit_state is None and told.audit_state is not None:
        known = SentArticle(known.number, known.title, known.links, told)
    if told.url:
        known.links.append(Link(position, told.url))
    found[told.number] = known
