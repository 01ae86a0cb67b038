"""The verbs of a campaign: save_draft, delete_draft, check, schedule, send, unschedule, duplicate, start,
record_result, match_results, resolve, settle."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from campaigns import audience, content, drafts
from campaigns.models import Audience, Broadcast, Campaign, ListedOpenid, MediaAsset, MsgType, SendResult
from campaigns.states import BroadcastStatus, NotAllowedNow, Status, transition, try_transition
from wxcore import failures
from wxcore.errors import Conflict, OperatorError, Retry
from wxcore.models import OfficialAccount
from wxcore.wechat.messages import MassSendJobFinish, Outcome, parse_status, status_meaning

OPEN = (BroadcastStatus.PENDING, BroadcastStatus.SUBMITTING, BroadcastStatus.SUBMITTED, BroadcastStatus.UNKNOWN)
ENDED = (BroadcastStatus.FINISHED, BroadcastStatus.FAILED)
# What a person may change of a draft.
EDITABLE = ("account", "name", *content.COLUMNS, "audience", "tag")
# How long a result may be ahead of its broadcast before we stop looking for a match.
WAITING_RESULT_AGE = dt.timedelta(days=3)


class AccountInactive(OperatorError):
    code = "account_inactive"
    message = _("The official account is switched off.")
    fix = _("Switch it on under “Official accounts”, or choose another one.")


class NoRight(OperatorError):
    code = "no_right"
    wechat_code = 48001
    message = _("WeChat does not let “%(account)s” send to this audience.")
    fix = _("Verified service accounts may send to everybody; see the table of rights in the guide.")


class ResultRejected(OperatorError):
    code = "result_rejected"
    message = _("WeChat did not deliver the broadcast: %(status)s.")
    fix = _("Change what WeChat objected to, and send a duplicate of the campaign.")


class OutcomeUnknown(OperatorError):
    code = "outcome_unknown"
    message = _("Nobody knows whether WeChat sent this broadcast. Last answer: %(answer)s")
    fix = _("Look for the message in WeChat's console before you decide; sending again could send it twice.")
    retry = Retry.WAIT


class ChangedMeanwhile(Conflict):
    code = "changed_meanwhile"
    message = _("“%(campaign)s” was changed after you looked at it, so nothing was sent.")
    fix = _("Look at it again and confirm again.")


def save_draft(campaign: Campaign, *, pictures: Sequence[MediaAsset] | None = None) -> None:
    """This will write the editable columns of a draft and no other: a save must not undo a status set meanwhile.

    `pictures` replace those of a picture message, in their order; None leaves them.
    Raises NotAllowedNow if the campaign is no draft any more.
    """
    columns = {name: getattr(campaign, name) for name in EDITABLE}
    with transaction.atomic():
        if not Campaign.objects.filter(pk=campaign.pk, status=Status.DRAFT).update(**columns):
            campaign.refresh_from_db()
            raise NotAllowedNow(subject=str(campaign), status=campaign.get_status_display())
        if pictures is not None:
            content.replace_pictures(campaign, pictures)


def delete_draft(campaign: Campaign) -> None:
    """This will delete a draft. Raises NotAllowedNow for anything else: what was sent must remain on record."""
    with transaction.atomic():
        _lock(campaign)
        _require_draft(campaign)
        campaign.delete()


def fingerprint(campaign: Campaign) -> str:
    """This will be a mark of what the campaign says and to whom: who confirms a send, confirms this."""
    listed = campaign.listed_openids.aggregate(number=Count("pk"), last=Max("pk"))
    pictures = list(campaign.campaign_images.order_by("position").values_list("asset", flat=True))
    version = campaign.draft.version if campaign.draft and campaign.msgtype == MsgType.MPNEWS else None
    said = [campaign.serializable_value(name) for name in content.COLUMNS]
    to_whom = (campaign.account_id, campaign.audience, campaign.tag_id, listed["number"], listed["last"])
    parts = (*said, version, pictures, *to_whom)
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def account_problems(campaign: Campaign) -> Iterator[OperatorError]:
    """This will yield why the account may not send to the campaign's audience."""
    account = campaign.account
    if not account.is_active:
        yield AccountInactive()
    allowed = account.may_send_to_list if campaign.audience == Audience.LIST else account.may_mass_send
    if not allowed:
        yield NoRight(account=account.name)


def problems(campaign: Campaign) -> Iterator[OperatorError]:
    """This will yield everything that would make a send fail, without asking WeChat."""
    yield from account_problems(campaign)
    yield from content.problems(campaign)
    # What was scheduled was judged then, and cannot change any more.
    if campaign.msgtype == MsgType.MPNEWS and campaign.draft is not None and campaign.revision is None:
        yield from (problem.error for problem in drafts.problems(campaign.draft))
    try:
        audience.check(campaign)
    except OperatorError as error:
        yield error


def check(campaign: Campaign) -> None:
    """This will raise the first problem of the campaign, if it has any."""
    for problem in problems(campaign):
        raise problem


def schedule(campaign: Campaign, *, at: dt.datetime, by: AbstractBaseUser | None, seen: str = "") -> None:
    """This will have the campaign sent at `at`, provided that it still has the fingerprint that `by` has `seen`.

    Raises NotAllowedNow, ChangedMeanwhile, or what is wrong with the campaign.
    """
    with transaction.atomic():
        # An edit comes either before the lock, and is noticed, or after it, and is refused.
        _lock(campaign)
        _require_draft(campaign)
        if seen and seen != fingerprint(campaign):
            raise ChangedMeanwhile(campaign=campaign.name)
        check(campaign)
        # What was confirmed is what goes out, however the draft is edited afterwards.
        revision = drafts.freeze(campaign.draft) if campaign.draft and campaign.msgtype == MsgType.MPNEWS else None
        transition(campaign, Status.SCHEDULED, scheduled_at=at, sent_by=by, revision=revision, **failures.columns(None))


def _lock(campaign: Campaign) -> None:
    campaign.refresh_from_db(from_queryset=Campaign.objects.select_for_update())


def _require_draft(campaign: Campaign) -> None:
    if campaign.status != Status.DRAFT:
        raise NotAllowedNow(subject=str(campaign), status=campaign.get_status_display())


def send(campaign: Campaign, *, by: AbstractBaseUser | None, now: dt.datetime, seen: str = "") -> None:
    """This will have the campaign sent now: a schedule whose time has come, which the next tick takes up."""
    schedule(campaign, at=now, by=by, seen=seen)


def unschedule(campaign: Campaign) -> None:
    """This will make a campaign that has not started a draft again. Raises NotAllowedNow."""
    transition(campaign, Status.DRAFT, scheduled_at=None, sent_by=None, revision=None)


def duplicate(campaign: Campaign, *, name: str, by: AbstractBaseUser | None) -> Campaign:
    """This will be a new draft with the same content and audience."""
    with transaction.atomic():
        copy = Campaign.objects.create(
            account=campaign.account,
            name=name[:100],
            audience=campaign.audience,
            tag=campaign.tag,
            created_by=by,
            **{column: getattr(campaign, column) for column in content.COLUMNS},
        )
        content.replace_pictures(copy, content.pictures(campaign))
        openids = campaign.listed_openids.order_by("pk").values_list("openid", flat=True)
        ListedOpenid.objects.bulk_create(
            (ListedOpenid(campaign=copy, openid=openid) for openid in openids.iterator()), batch_size=audience.BATCH
        )
    return copy


def start(campaign: Campaign, *, now: dt.datetime) -> bool:
    """This will freeze the audience and write the broadcasts, once. Answers False if another worker was faster, or
    somebody moved the schedule.

    What has become wrong since the campaign was scheduled (a tag that vanished) fails it before any request.
    """
    try:
        with transaction.atomic():
            # Whoever meets a worker that freezes a large audience goes on, instead of waiting for it.
            free = Campaign.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=campaign.pk)
            due = Q(scheduled_at__lte=now)
            if not free or not try_transition(campaign, Status.SENDING, where=due, started_at=now):
                return False
            check(campaign)
            audience.freeze(campaign)
    except OperatorError as error:
        campaign.refresh_from_db()
        return try_transition(
            campaign, Status.FAILED, where=Q(scheduled_at__lte=now), finished_at=now, **failures.columns(error)
        )
    return True


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
        if not try_transition(broadcast, BroadcastStatus.UNKNOWN, due_at=None, **figures, **unknown):
            Broadcast.objects.filter(pk=broadcast.pk).update(**figures)
    else:
        rejected = failures.columns(ResultRejected(status=result.status if code is None else status_meaning(code)))
        transition(broadcast, BroadcastStatus.FAILED, finished_at=now, due_at=None, **figures, **rejected)
    settle(broadcast.campaign, now=now)


def resolve(broadcast: Broadcast, *, was_sent: bool, now: dt.datetime) -> None:
    """This will end a broadcast whose outcome only a person can know. Raises NotAllowedNow unless it is unknown."""
    if broadcast.status != BroadcastStatus.UNKNOWN:
        raise NotAllowedNow(subject=str(broadcast), status=broadcast.get_status_display())
    to, columns = (BroadcastStatus.FINISHED, failures.columns(None)) if was_sent else (BroadcastStatus.FAILED, {})
    transition(broadcast, to, where=Q(status=BroadcastStatus.UNKNOWN), finished_at=now, due_at=None, **columns)
    settle(broadcast.campaign, now=now)


def settle(campaign: Campaign, *, now: dt.datetime) -> None:
    """This will end the campaign when all of its broadcasts have ended: failed only if nothing was accepted."""
    broadcasts = campaign.broadcasts.all()
    if broadcasts.filter(status__in=OPEN).exists():
        return
    if broadcasts.filter(status=BroadcastStatus.FINISHED).exists():
        try_transition(campaign, Status.FINISHED, finished_at=now)
        return
    first = broadcasts.filter(status=BroadcastStatus.FAILED).first()
    if first is not None:
        reason = {"error_code": first.error_code, "error_texts": first.error_texts}
        try_transition(campaign, Status.FAILED, finished_at=now, **reason)
