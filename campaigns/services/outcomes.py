"""What became of it: record_result, match_results, resolve, settle."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from campaigns import announcing, history
from campaigns.models import Broadcast, Campaign, Door, SendResult, Verb
from campaigns.services.stopping import pause_if_it_keeps_failing
from campaigns.states import BroadcastStatus, NotAllowedNow, Status, transition, try_transition
from wxcore import failures
from wxcore.errors import OperatorError, Retry
from wxcore.models import OfficialAccount
from wxcore.wechat.messages import MassSendJobFinish, Outcome, parse_status, status_meaning

OPEN = (BroadcastStatus.PENDING, BroadcastStatus.SUBMITTING, BroadcastStatus.SUBMITTED, BroadcastStatus.UNKNOWN)
ENDED = (BroadcastStatus.FINISHED, BroadcastStatus.FAILED, BroadcastStatus.CANCELLED)
# How long a result may be ahead of its broadcast before we stop looking for a match.
WAITING_RESULT_AGE = dt.timedelta(days=3)


class ResultRejected(OperatorError):
    code = "result_rejected"
    message = _("WeChat did not deliver the broadcast: %(status)s.")
    fix = _("Change what WeChat objected to, and send a duplicate of the campaign.")


class OutcomeUnknown(OperatorError):
    code = "outcome_unknown"
    message = _("Nobody knows whether WeChat sent this broadcast. Last answer: %(answer)s")
    fix = _("Look for the message in WeChat's console before you decide; sending again could send it twice.")
    retry = Retry.WAIT


def in_doubt(broadcast: Broadcast) -> OutcomeUnknown:
    """This will be the doubt about a broadcast, with the last answer in the language of whoever reads it."""
    return OutcomeUnknown(answer=lazy(lambda: broadcast.error_message or "–", str)())


def record_result(account: OfficialAccount, result: MassSendJobFinish, *, now: dt.datetime) -> SendResult:
    """This will keep what WeChat reported about a job, and give it to its broadcast when that is known.

    The first report of a job counts, a repetition changes nothing.
    """
    SendResult.objects.bulk_create(
        [
            SendResult(
                account=account,
                msg_id=result.msg_id,
                succeeded=result.outcome is Outcome.SUCCESS,
                status=result.status[:64],
                total_count=result.total_count,
                filter_count=result.filter_count,
                sent_count=result.sent_count,
                error_count=result.error_count,
                copyright_state=result.copyright_state,
                articles=[asdict(article) for article in result.articles],
                received_at=now,
            )
        ],
        ignore_conflicts=True,
    )
    kept = SendResult.objects.get(account=account, msg_id=result.msg_id)
    match_results(now=now)
    kept.refresh_from_db()
    return kept


def match_results(*, now: dt.datetime) -> int:
    """This will give every waiting result to its broadcast, and count them.

    A result and the answer of the call that caused it may be stored at the same moment by two workers that do not see
    each other: the tick calls this again.
    """
    waiting = SendResult.objects.filter(broadcast=None, received_at__gt=now - WAITING_RESULT_AGE).annotate(
        match=Subquery(
            Broadcast.objects.filter(account=OuterRef("account"), msg_id=OuterRef("msg_id")).values("pk")[:1]
        )
    )
    matched = 0
    # In one order, so that two workers cannot hold what the other one waits for.
    for result in waiting.exclude(match=None).order_by("pk"):
        with transaction.atomic():
            if SendResult.objects.filter(pk=result.pk, broadcast=None).update(broadcast=result.match):
                # Locked: mass/get may be telling another worker the outcome at this moment.
                broadcasts = Broadcast.objects.select_related("campaign").select_for_update(of=["self"])
                _apply(result, broadcasts.get(pk=result.match), now)
                matched += 1
    return matched


def _apply(result: SendResult, broadcast: Broadcast, now: dt.datetime) -> None:
    figures = {
        "result_status": result.status,
        "total_count": result.total_count,
        "filter_count": result.filter_count,
        "sent_count": result.sent_count,
        "error_count": result.error_count,
    }
    if broadcast.status in ENDED:
        # mass/get or a person said so before the report came, without figures.
        Broadcast.objects.filter(pk=broadcast.pk).update(**figures)
        return
    outcome, code = parse_status(result.status)
    if outcome is Outcome.SUCCESS:
        transition(
            broadcast, BroadcastStatus.FINISHED, finished_at=now, due_at=None, **figures, **failures.columns(None)
        )
    elif outcome is Outcome.UNKNOWN:
        unknown = failures.columns(OutcomeUnknown(answer=result.status))
        if not announcing.become_unknown(broadcast, due_at=None, **figures, **unknown):
            Broadcast.objects.filter(pk=broadcast.pk).update(**figures)
    else:
        rejected = ResultRejected(status=result.status if code is None else status_meaning(code))
        columns = figures | failures.columns(rejected)
        transition(broadcast, BroadcastStatus.FAILED, finished_at=now, due_at=None, **columns)
        pause_if_it_keeps_failing(broadcast.campaign, str(rejected.message))
    settle(broadcast.campaign, now=now)


def resolve(
    broadcast: Broadcast,
    *,
    was_sent: bool,
    now: dt.datetime,
    by: AbstractBaseUser | None = None,
    door: Door = Door.SYSTEM,
) -> None:
    """This will end a broadcast whose outcome only a person can know. Raises NotAllowedNow unless it is unknown."""
    if broadcast.status != BroadcastStatus.UNKNOWN:
        raise NotAllowedNow(subject=str(broadcast), status=broadcast.get_status_display())
    to, columns = (BroadcastStatus.FINISHED, failures.columns(None)) if was_sent else (BroadcastStatus.FAILED, {})
    with transaction.atomic():
        transition(broadcast, to, where=Q(status=BroadcastStatus.UNKNOWN), finished_at=now, due_at=None, **columns)
        note = f"#{broadcast.position}: {broadcast.get_status_display()}"
        history.record(broadcast.campaign, Verb.RESOLVED, by=by, door=door, note=note)
    settle(broadcast.campaign, now=now)


def settle(campaign: Campaign, *, now: dt.datetime) -> None:
    """This will end the campaign when all of its broadcasts have ended: failed only if nothing was accepted.

    One that was cancelled stays so; it ends when WeChat has said what became of the part that went out.
    """
    broadcasts = campaign.broadcasts.all()
    if broadcasts.filter(status__in=OPEN).exists():
        return
    Campaign.objects.filter(pk=campaign.pk, status=Status.CANCELLED, finished_at=None).update(finished_at=now)
    if broadcasts.filter(status=BroadcastStatus.FINISHED).exists():
        _end(campaign, Status.FINISHED, Verb.FINISHED, finished_at=now, **failures.columns(None))
        return
    first = broadcasts.filter(status=BroadcastStatus.FAILED).first()
    if first is not None:
        reason = {"error_code": first.error_code, "error_texts": first.error_texts}
        _end(campaign, Status.FAILED, Verb.FAILED, finished_at=now, **reason)


def _end(campaign: Campaign, status: Status, verb: Verb, **columns: object) -> None:
    with transaction.atomic():
        if try_transition(campaign, status, **columns):
            history.record(campaign, verb, door=Door.WECHAT)
