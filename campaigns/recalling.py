"""Take back what was sent: mass/delete for articles and videos, a whole message or one article of it.

The pages die for good; the cards stay in the chats. To repeat the call does no harm, so after an answer that was lost
it is simply made again. WeChat allows ten calls a day: what is left goes on the next day by itself.
https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns import history
from campaigns.models import Broadcast, Campaign, Door, MsgType, Recall, Verb
from campaigns.models.recall import WHOLE
from campaigns.states import BroadcastStatus, NotAllowedNow, RecallStatus, Status, try_transition
from wxcore import accounts, failures
from wxcore.clock import next_quota_day, quota_day_span
from wxcore.errors import OperatorError, Retry
from wxcore.models import OfficialAccount
from wxcore.wechat.broadcasts import JobStatus
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import ApiError, QuotaUsedUp, WeChatError

logger = logging.getLogger(__name__)

CALLS_A_DAY = 10
NOT_DELETABLE = 40065
RECALLABLE = (MsgType.MPNEWS, MsgType.MPVIDEO)
ENDED = (Status.FINISHED, Status.CANCELLED)
_MAY_COME = (BroadcastStatus.PENDING, BroadcastStatus.SUBMITTING, BroadcastStatus.SUBMITTED, BroadcastStatus.UNKNOWN)
_SENT = (BroadcastStatus.FINISHED, BroadcastStatus.SUBMITTED, BroadcastStatus.UNKNOWN)
# So often a call is made that WeChat does not take: for about an hour.
ATTEMPTS = 8
# Only what was sent successfully can be taken back: so long until we look again whether it was.
RESULT_AGAIN = dt.timedelta(seconds=10)
# Seconds until the next try, by the number of attempts made.
DELAYS = (5, 30, 60, 300, 900)


class OnlyArticlesAndVideos(OperatorError):
    code = "not_recallable"
    message = _("WeChat takes back articles and videos only; “%(campaign)s” is another kind of message.")
    fix = _("It cannot be taken back. If something in it is wrong, send a correction.")


class NothingToRecall(OperatorError):
    code = "nothing_to_recall"
    message = _("Nothing is left of “%(campaign)s” that WeChat could take back.")
    fix = _("What a person recorded as sent has no number at WeChat: take it back in WeChat's console.")


class NoSuchArticle(OperatorError):
    code = "no_such_article"
    wechat_code = 40060
    message = _("“%(campaign)s” has no article %(number)s.")
    fix = _("Choose one of its articles, counted from 1, or 0 for the whole message.")


class NobodyKnows(OperatorError):
    code = "recall_unknown"
    message = _("WeChat did not say whether it took the message back. Last answer: %(answer)s")
    fix = _("Open the article to see whether it is gone; to recall it once more does no harm.")
    retry = Retry.WAIT


@dataclass(frozen=True, slots=True)
class Extent:
    """What a recall would take back: so many broadcasts, that went to so many, on so many days from today."""

    broadcasts: int
    recipients: int
    delivered: int | None
    days: int


def extent(campaign: Campaign, *, article: int = WHOLE, now: dt.datetime) -> Extent:
    """This will say what a recall would do.

    Raises OnlyArticlesAndVideos, NotAllowedNow, NoSuchArticle, NothingToRecall.
    """
    _require(campaign, article)
    left = _left(campaign, article)
    sums = left.aggregate(n=Count("pk"), recipients=Sum("recipient_count"), delivered=Sum("sent_count"))
    if not sums["n"]:
        raise NothingToRecall(campaign=campaign.name)
    today = max(0, CALLS_A_DAY - _calls_today(campaign.account, now))
    later = max(0, sums["n"] - today)
    return Extent(sums["n"], sums["recipients"] or 0, sums["delivered"], 1 + -(-later // CALLS_A_DAY))


def recall(
    campaign: Campaign,
    *,
    article: int = WHOLE,
    by: AbstractBaseUser | None = None,
    door: Door = Door.SYSTEM,
    now: dt.datetime,
) -> list[Recall]:
    """This will have the message, or one article of it, taken back from every broadcast that WeChat has accepted.

    What failed or stayed unknown before is tried again. Raises what `extent` raises.
    """
    with transaction.atomic():
        campaign.refresh_from_db(from_queryset=Campaign.objects.select_for_update())
        extent(campaign, article=article, now=now)
        wanted = list(_left(campaign, article))
        columns = {"account": campaign.account, "campaign": campaign, "article": article}
        rows = [Recall(broadcast=one, created_by=by, created_at=now, due_at=now, **columns) for one in wanted]
        Recall.objects.bulk_create(rows, ignore_conflicts=True)
        found = list(Recall.objects.filter(broadcast__in=wanted, article=article).order_by("broadcast__position"))
        for row in found:
            if row.status in (RecallStatus.FAILED, RecallStatus.UNKNOWN):
                again = {"created_by": by, "created_at": now, "due_at": now, "attempts": 0}
                try_transition(row, RecallStatus.PENDING, finished_at=None, **again, **failures.columns(None))
        note = "" if article == WHOLE else f"{article}: {title(campaign, article)}"
        history.record(campaign, Verb.RECALLING, by=by, door=door, note=note)
    return found


def title(campaign: Campaign, article: int) -> str:
    """This will be the title of an article, counted from 1."""
    told = campaign.revision.articles if campaign.revision else []
    return told[article - 1]["title"] if 0 < article <= len(told) else ""


def article_count(campaign: Campaign) -> int:
    """This will be how many articles can be taken back one by one; 0 for a video."""
    if campaign.msgtype != MsgType.MPNEWS or campaign.revision is None:
        return 0
    return len(campaign.revision.articles)


def run(row: Recall, *, now: dt.datetime) -> bool:
    """This will make the call whose time has come, and record the answer. Answers False if another worker has it."""
    if row.broadcast.status in (BroadcastStatus.SUBMITTING, BroadcastStatus.SUBMITTED):
        return bool(_due(row, now).update(due_at=now + RESULT_AGAIN))
    in_doubt = row.uncertain
    lease = timezone.now() + dt.timedelta(seconds=settings.BROADCAST_LEASE_SECONDS)
    # In doubt from here on, should this worker die: a lease that ran out is a request whose answer nobody has.
    if not _due(row, now).update(due_at=lease, attempts=F("attempts") + 1, uncertain=True, tried_at=now):
        return False
    row.refresh_from_db(fields=["attempts", "due_at"])
    try:
        with accounts.connect(row.account) as wechat:
            _delete(wechat, row)
    except OperatorError as error:
        _record_failure(row, error, timezone.now(), in_doubt=in_doubt)
    else:
        _end(row, RecallStatus.DONE, None, timezone.now())
    return True


def _due(row: Recall, now: dt.datetime) -> QuerySet[Recall]:
    return Recall.objects.filter(pk=row.pk, status=RecallStatus.PENDING, due_at__lte=now)


def _delete(wechat: WeChat, row: Recall) -> None:
    msg_id = row.broadcast.msg_id
    try:
        wechat.broadcasts.delete(msg_id, row.article)
    except ApiError as error:
        # Gone already: by an attempt whose answer was lost, or in WeChat's console.
        if error.errcode != NOT_DELETABLE or wechat.broadcasts.get(msg_id) is not JobStatus.DELETE:
            raise


def _record_failure(row: Recall, error: OperatorError, now: dt.datetime, *, in_doubt: bool) -> None:
    """This will decide between tomorrow, again, and giving up.

    1. The ten calls of the day are used up: this one and all others of the account wait for the next day.
    2. Trying again helps: later, for about an hour.
    3. It was refused for good, or too often: failed; unknown if an earlier request may have been carried out.
    """
    logger.warning("Recall %s, attempt %s: %s", row.pk, row.attempts, error)
    carried_out = isinstance(error, WeChatError) and error.maybe_carried_out
    doubt = in_doubt or carried_out
    if isinstance(error, QuotaUsedUp):
        _wait_for_tomorrow(row, error, now, uncertain=doubt)
    elif error.retry in (Retry.BACKOFF, Retry.WAIT) and row.attempts <= ATTEMPTS:
        delay = dt.timedelta(seconds=DELAYS[min(row.attempts, len(DELAYS)) - 1])
        _held(row).update(due_at=now + delay, uncertain=doubt, **failures.columns(error))
    elif doubt:
        _end(row, RecallStatus.UNKNOWN, NobodyKnows(answer=error.message), now, uncertain=True)
    else:
        _end(row, RecallStatus.FAILED, error, now)


def _wait_for_tomorrow(row: Recall, error: OperatorError, now: dt.datetime, *, uncertain: bool) -> None:
    tomorrow = {"due_at": next_quota_day(now), **failures.columns(error)}
    _held(row).update(attempts=0, uncertain=uncertain, **tomorrow)
    Recall.objects.filter(account=row.account, status=RecallStatus.PENDING, due_at__lte=now).update(**tomorrow)


def _held(row: Recall) -> QuerySet[Recall]:
    """The row while it is in the attempt that we know."""
    return Recall.objects.filter(pk=row.pk, status=RecallStatus.PENDING, attempts=row.attempts)


def _end(
    row: Recall, status: RecallStatus, error: OperatorError | None, now: dt.datetime, *, uncertain: bool = False
) -> None:
    """This will end the attempt; success counts also after our lease."""
    where = Q() if status is RecallStatus.DONE else Q(attempts=row.attempts)
    ended = {"due_at": None, "finished_at": now, "uncertain": uncertain, **failures.columns(error)}
    if try_transition(row, status, where=where, **ended) and status is RecallStatus.DONE:
        settle(row.campaign)


def settle(campaign: Campaign) -> None:
    """This will call the campaign recalled when nothing of it that WeChat has accepted is left."""
    with transaction.atomic():
        campaign.refresh_from_db(from_queryset=Campaign.objects.select_for_update())
        if _still_there(campaign) or campaign.broadcasts.filter(status__in=_MAY_COME).exists():
            return
        if try_transition(campaign, Status.RECALLED):
            history.record(campaign, Verb.RECALLED, door=Door.WECHAT)


def _still_there(campaign: Campaign) -> bool:
    """Whether somebody can still open something. A message of which every article is gone is gone."""
    gone = Q(recalls__status=RecallStatus.DONE)
    counted = campaign.broadcasts.filter(status=BroadcastStatus.FINISHED).annotate(
        whole=Count("recalls", filter=gone & Q(recalls__article=WHOLE)),
        single=Count("recalls", filter=gone & ~Q(recalls__article=WHOLE)),
    )
    some = article_count(campaign)
    left = counted.filter(whole=0)
    return left.filter(single__lt=some).exists() if some else left.exists()


def _require(campaign: Campaign, article: int) -> None:
    if campaign.msgtype not in RECALLABLE:
        raise OnlyArticlesAndVideos(campaign=campaign.name)
    if campaign.status not in ENDED:
        raise NotAllowedNow(subject=str(campaign), status=campaign.get_status_display())
    if not 0 <= article <= article_count(campaign):
        raise NoSuchArticle(campaign=campaign.name, number=article, fields={"article": "unknown"})


def _left(campaign: Campaign, article: int) -> QuerySet[Broadcast]:
    """What WeChat has a number for, and nobody takes back already."""
    under_way = Recall.objects.filter(
        status__in=(RecallStatus.PENDING, RecallStatus.DONE), article__in={WHOLE, article}
    )
    accepted = campaign.broadcasts.filter(status__in=_SENT, msg_id__isnull=False)
    return accepted.exclude(pk__in=under_way.filter(campaign=campaign).values("broadcast"))


def _calls_today(account: OfficialAccount, now: dt.datetime) -> int:
    start, end = quota_day_span(now)
    return Recall.objects.filter(account=account, tried_at__gte=start, tried_at__lt=end).count()
