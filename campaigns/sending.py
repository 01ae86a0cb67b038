"""One broadcast: prepare it, claim it, submit it, record the answer; ask for the result when no event brings it.

Never twice: `clientmsgid` is stored before the first request and repeated with every further one, so that WeChat itself
refuses the second job (45065, with the msg_id of the first) for 24 hours. Never lost: a worker that dies leaves a lease
that runs out. What is neither (no answer for a day, an answer that proves nothing) is `unknown`, and a person decides.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from campaigns import announcing, audience, pace, preparing, services
from campaigns.models import Audience, Broadcast, Campaign
from campaigns.states import BroadcastStatus, Status, try_transition
from wxcore import accounts, failures
from wxcore.clock import SHANGHAI, next_quota_day
from wxcore.errors import OperatorError, Retry
from wxcore.wechat.broadcasts import JobStatus, RawMessage, Submission, ToAll, ToTag
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import (
    AlreadySubmitted,
    ApiError,
    BadCredentials,
    InvalidMediaId,
    IPNotAllowed,
    QuotaUsedUp,
    TooFast,
    WaitingForAdmin,
    WeChatError,
)

logger = logging.getLogger(__name__)

MASS_CALLS = "/cgi-bin/message/mass/"
# WeChat remembers a clientmsgid for 24 hours. After that a repetition would be a second message.
REPEATABLE_FOR = dt.timedelta(hours=23)
# A message that surely was not sent is given up earlier: nobody wants this morning's greeting at night.
PATIENCE = dt.timedelta(hours=2)
# Seconds until the next try when the last one surely did not reach WeChat, by the number of attempts made.
DELAYS = (5, 30, 60, 120, 300)
# Another worker uploads the same file, or WeChat is busy: soon again.
PREPARE_AGAIN = dt.timedelta(seconds=3)
# reach out daily quota limit: of all calls of this kind, not of one message.
DAY_USED_UP = 45009
# A job that WeChat still calls "sending" after this long is for a person to look at.
RESULT_PATIENCE = dt.timedelta(days=3)


def submit(broadcast: Broadcast, *, now: dt.datetime) -> bool:
    """This will submit `broadcast` and record what WeChat answers.

    Answers False if another worker has it, its turn in the account's minute has not come, or its campaign does not send
    any more.
    """
    if broadcast.campaign.status == Status.CANCELLED:
        services.give_up(broadcast, now=now)
        services.settle(broadcast.campaign, now=now)
        return False
    if not broadcast.account.is_active:
        services.ask_a_person(broadcast.campaign, services.AccountInactive())
        return False
    if not _is_ready(broadcast, now):
        return False
    present = timezone.now()  # uploading may have taken minutes
    if not _has_turn(broadcast, present) or not _claim(broadcast, present):
        return False
    if broadcast.uncertain and now - broadcast.first_attempt_at > REPEATABLE_FOR:
        _end(broadcast, BroadcastStatus.UNKNOWN, services.in_doubt(broadcast), now)
        return True
    try:
        with accounts.connect(broadcast.account) as wechat:
            submission = _request(wechat, broadcast)
    except AlreadySubmitted as error:
        _record_repetition(broadcast, error, timezone.now())
    except OperatorError as error:
        _record_failure(broadcast, error, timezone.now())
    else:
        _record_submission(broadcast, submission, timezone.now())
    return True


def ask_for_result(broadcast: Broadcast, *, now: dt.datetime) -> None:
    """This will ask mass/get about a broadcast whose event is overdue. It knows the outcome, not the figures."""
    due = now + dt.timedelta(seconds=settings.RESULT_POLL_SECONDS)
    if not Broadcast.objects.filter(pk=broadcast.pk, status=BroadcastStatus.SUBMITTED, due_at=broadcast.due_at).update(
        due_at=due
    ):
        return
    try:
        with accounts.connect(broadcast.account) as wechat:
            status = wechat.broadcasts.get(broadcast.msg_id)
    except OperatorError as error:
        logger.warning("No result for broadcast %s: %s", broadcast.pk, error)
        status = JobStatus.UNKNOWN
    if status in (JobStatus.SEND_SUCCESS, JobStatus.DELETE):
        try_transition(broadcast, BroadcastStatus.FINISHED, finished_at=now, due_at=None, result_status=status.value)
    elif status is JobStatus.SEND_FAIL:
        _fail(broadcast, services.ResultRejected(status=status.value), now)
    elif now - broadcast.submitted_at > RESULT_PATIENCE:
        _end(broadcast, BroadcastStatus.UNKNOWN, services.OutcomeUnknown(answer=status.value), now)
    services.settle(broadcast.campaign, now=now)


def _is_ready(broadcast: Broadcast, now: dt.datetime) -> bool:
    if broadcast.message is None:
        broadcast.refresh_from_db(fields=["message"])  # another worker may have prepared it
    return broadcast.message is not None or _prepare(broadcast, now)


def _prepare(broadcast: Broadcast, now: dt.datetime) -> bool:
    """This will write the message of the call, with everything in it at WeChat. Answers False if it is not ready.

    The broadcast stays pending: a worker that dies here has sent nothing, and the next one goes on where it stood.
    """
    lease = now + dt.timedelta(seconds=settings.BROADCAST_LEASE_SECONDS)
    ours = Broadcast.objects.filter(pk=broadcast.pk, status=BroadcastStatus.PENDING, message__isnull=True)
    if not ours.filter(due_at__lte=now).update(due_at=lease):
        return False
    try:
        with accounts.connect(broadcast.account) as wechat:
            message = preparing.message(wechat, broadcast, now=now)
    except OperatorError as error:
        _give_way(broadcast, lease, error, timezone.now())
        return False
    ready = ours.filter(due_at=lease).update(message=message.payload(), due_at=timezone.now(), **failures.columns(None))
    broadcast.refresh_from_db()
    return bool(ready)


def _give_way(broadcast: Broadcast, lease: dt.datetime, error: OperatorError, now: dt.datetime) -> None:
    """Nothing was sent: try again for a while if that can help, else the broadcast has failed."""
    campaign = broadcast.campaign
    waited = now - (campaign.resumed_at or campaign.started_at)
    if _stops_everything(error):
        Broadcast.objects.filter(pk=broadcast.pk, due_at=lease).update(due_at=now, **failures.columns(error))
        _stop(broadcast, error, now)
        return
    if error.retry in (Retry.BACKOFF, Retry.WAIT) and waited < PATIENCE:
        logger.warning("Broadcast %s is not ready: %s", broadcast.pk, error)
        Broadcast.objects.filter(pk=broadcast.pk, due_at=lease).update(
            due_at=now + PREPARE_AGAIN, **failures.columns(error)
        )
        return
    logger.error("Broadcast %s cannot be prepared: %s", broadcast.pk, error)
    try_transition(
        broadcast,
        BroadcastStatus.FAILED,
        where=Q(due_at=lease),
        due_at=None,
        finished_at=now,
        **failures.columns(error),
    )
    services.pause_if_it_keeps_failing(campaign, str(error.message))
    services.settle(campaign, now=now)


def _has_turn(broadcast: Broadcast, now: dt.datetime) -> bool:
    try:
        return pace.take_slot(broadcast, now)
    except pace.DayUsedUp as error:
        _wait_for_tomorrow(broadcast, error, now)
        return False


def _wait_for_tomorrow(broadcast: Broadcast, error: OperatorError, now: dt.datetime) -> None:
    """The rest of the campaign waits for the next day's quota, and for the hour at which people expect it."""
    begun = broadcast.campaign.started_at.astimezone(SHANGHAI)
    tomorrow = next_quota_day(now).astimezone(SHANGHAI)
    same_hour = tomorrow.replace(hour=begun.hour, minute=begun.minute)
    services.wait_for_quota(broadcast.campaign, error.message, until=max(tomorrow, same_hour))


def _claim(broadcast: Broadcast, now: dt.datetime) -> bool:
    """This will take the broadcast for one lease. A lease that ran out means a worker that died after claiming.

    What we hold may be older than the row: a message that was given up meanwhile must be prepared first, and a campaign
    that was paused or cancelled sends nothing more.
    """
    sends = Campaign.objects.filter(status=Status.SENDING)
    claimed = try_transition(
        broadcast,
        BroadcastStatus.SUBMITTING,
        where=Q(due_at__lte=now, slot_at__lte=now, message__isnull=False, campaign__in=sends),
        attempts=F("attempts") + 1,
        first_attempt_at=Coalesce("first_attempt_at", now),
        uncertain=Case(When(status=BroadcastStatus.SUBMITTING, then=Value(True)), default=F("uncertain")),
        due_at=now + dt.timedelta(seconds=settings.BROADCAST_LEASE_SECONDS),
        slot_at=None,
    )
    if claimed:
        pace.count(broadcast, now)
    return claimed


def _request(wechat: WeChat, broadcast: Broadcast) -> Submission:
    campaign = broadcast.campaign
    message = RawMessage(broadcast.message)
    if not audience.by_wechat(campaign):
        openids = list(broadcast.recipients.order_by("pk").values_list("follower__openid", flat=True))
        return wechat.broadcasts.send(openids, message, clientmsgid=broadcast.clientmsgid)
    to = ToTag(campaign.tag.tag_id) if campaign.audience == Audience.TAG else ToAll()
    return wechat.broadcasts.sendall(to, message, clientmsgid=broadcast.clientmsgid)


def _record_submission(broadcast: Broadcast, submission: Submission, now: dt.datetime) -> None:
    """This will store the job's ids. Should another broadcast have them already, the answer proves nothing."""
    try:
        with transaction.atomic():
            recorded = try_transition(
                broadcast,
                BroadcastStatus.SUBMITTED,
                where=Q(attempts=broadcast.attempts),
                msg_id=submission.msg_id,
                msg_data_id=submission.msg_data_id,
                submitted_at=now,
                due_at=now + dt.timedelta(seconds=settings.RESULT_POLL_SECONDS),
                **failures.columns(None),
            )
    except IntegrityError:
        answer = f"msg_id {submission.msg_id}"
        _end(broadcast, BroadcastStatus.UNKNOWN, services.OutcomeUnknown(answer=answer), now)
        return
    if not recorded:
        # Our lease ran out and another worker repeats the call: it will be told the same msg_id.
        logger.warning("Broadcast %s was accepted as %s after its lease", broadcast.pk, submission.msg_id)
    services.match_results(now=now)


def _record_repetition(broadcast: Broadcast, error: AlreadySubmitted, now: dt.datetime) -> None:
    """This will take 45065 as the success of an earlier attempt of ours, or as unknown if there was none."""
    if broadcast.uncertain and error.msg_id:
        _record_submission(broadcast, Submission(msg_id=error.msg_id, msg_data_id=None), now)
    else:
        _end(broadcast, BroadcastStatus.UNKNOWN, services.OutcomeUnknown(answer=error.message), now)


def _record_failure(broadcast: Broadcast, error: OperatorError, now: dt.datetime) -> None:
    """This will decide between trying again, failing and unknown.

    1. It waits for the account's administrator: unknown, and no repetition.
    2. WeChat may have taken the job: repeat the same clientmsgid after a minute, it will tell.
    3. It does not know a media_id of ours any more: prepare it anew, once.
    4. It surely did not take the job, and trying again helps: later, for a while.
    5. Nothing of the account can go out now (calls of the day used up, address or secret refused): the campaign
       pauses.
    6. It refused for good: failed, and after several of them the campaign pauses. But a refusal after an attempt that
       may have got through (say "quota used up", by that very attempt) proves nothing: unknown.
    """
    age = now - broadcast.first_attempt_at
    maybe_sent = _may_have_sent(error)
    uncertain = broadcast.uncertain or maybe_sent
    if maybe_sent and isinstance(error, WaitingForAdmin):
        # Sent if the administrator agrees, and then the result comes with a msg_id that we were never told.
        _end(broadcast, BroadcastStatus.UNKNOWN, error, now)
    elif maybe_sent and age < REPEATABLE_FOR:
        _try_later(broadcast, error, now + dt.timedelta(seconds=settings.BROADCAST_RETRY_SECONDS), uncertain=True)
    elif isinstance(error, InvalidMediaId) and not uncertain and not broadcast.healed:
        preparing.heal(broadcast)
        _try_later(broadcast, error, now, uncertain=False, message=None, healed=True)
    elif error.retry in (Retry.BACKOFF, Retry.WAIT) and age < (REPEATABLE_FOR if uncertain else PATIENCE):
        delay = DELAYS[min(broadcast.attempts, len(DELAYS)) - 1]
        if isinstance(error, TooFast):
            pace.slow_down(broadcast.account, until=now + dt.timedelta(seconds=delay))
        _try_later(broadcast, error, now + dt.timedelta(seconds=delay), uncertain=uncertain)
    elif _stops_everything(error):
        # Refused before it was looked at, so a doubt about an earlier attempt stays.
        _try_later(broadcast, error, now, uncertain=uncertain)
        _stop(broadcast, error, now)
    elif uncertain:
        _end(broadcast, BroadcastStatus.UNKNOWN, services.OutcomeUnknown(answer=error.message), now)
    else:
        _fail(broadcast, error, now)


def _stops_everything(error: OperatorError) -> bool:
    used_up = isinstance(error, ApiError) and error.errcode == DAY_USED_UP
    return used_up or isinstance(error, (IPNotAllowed, BadCredentials))


def _stop(broadcast: Broadcast, error: OperatorError, now: dt.datetime) -> None:
    if isinstance(error, QuotaUsedUp):
        _wait_for_tomorrow(broadcast, error, now)
    else:
        services.ask_a_person(broadcast.campaign, error)


def _may_have_sent(error: OperatorError) -> bool:
    """A silent token call may have made a token, but never a message."""
    return isinstance(error, WeChatError) and error.maybe_carried_out and error.call.startswith(MASS_CALLS)


def _try_later(
    broadcast: Broadcast, error: OperatorError, due_at: dt.datetime, *, uncertain: bool, **columns: object
) -> None:
    logger.warning("Broadcast %s, attempt %s: %s", broadcast.pk, broadcast.attempts, error)
    try_transition(
        broadcast,
        BroadcastStatus.PENDING,
        where=Q(attempts=broadcast.attempts),
        due_at=due_at,
        uncertain=uncertain,
        **columns,
        **failures.columns(error),
    )


def _end(broadcast: Broadcast, status: BroadcastStatus, error: OperatorError, now: dt.datetime) -> None:
    logger.error("Broadcast %s is %s: %s", broadcast.pk, status, error)
    ours, reason = Q(attempts=broadcast.attempts), failures.columns(error)
    if status == BroadcastStatus.UNKNOWN:
        announcing.become_unknown(broadcast, where=ours, due_at=None, **reason)
    else:
        try_transition(broadcast, status, where=ours, due_at=None, finished_at=now, **reason)
    services.settle(broadcast.campaign, now=now)


def _fail(broadcast: Broadcast, error: OperatorError, now: dt.datetime) -> None:
    _end(broadcast, BroadcastStatus.FAILED, error, now)
    services.pause_if_it_keeps_failing(broadcast.campaign, str(error.message))
