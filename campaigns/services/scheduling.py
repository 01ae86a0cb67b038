"""When it goes out: schedule, send, reschedule, unschedule, start, hold."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns import audience, drafts, history, quota
from campaigns.models import Campaign, Door, MsgType, Verb
from campaigns.services import review
from campaigns.services.common import check, lock, require, require_seen
from campaigns.states import NotAllowedNow, Status, transition, try_transition
from wxcore import failures, zones
from wxcore.errors import Conflict, OperatorError
from wxcore.models import OfficialAccount

# Between reading the head count and typing it, people come and go.
HEADS_MAY_DIFFER = 0.01
# Or by so many, where that is at most a tenth: of nine followers every small number would do.
HEADS_MAY_DIFFER_BY = 10
FURTHEST = dt.timedelta(days=366)


class HeadCountDiffers(OperatorError):
    code = "head_count_differs"
    message = _("This goes to everybody: %(heads)s followers. The number that was typed is another one.")
    fix = _("Type the head count to confirm that you mean everybody. Nothing was sent.")


class TimeHasPassed(OperatorError):
    code = "time_has_passed"
    message = _("This time has already passed.")
    fix = _("Choose a later time, or send now.")


class TooFarAhead(OperatorError):
    code = "too_far_ahead"
    message = _("That is more than a year ahead.")
    fix = _("Choose a time within a year.")


class ScheduleMissed(OperatorError):
    code = "schedule_missed"
    message = _("It was planned for %(when)s, but no worker ran then. It was not sent late.")
    fix = _("Send it now or choose another time; the approval still counts.")


class MovedMeanwhile(Conflict):
    code = "moved_meanwhile"
    message = _("Somebody else has moved “%(campaign)s” to %(when)s. Nothing was changed.")
    fix = _("Look at the new time, and move it again if it must be another one.")


class AlreadyStarting(Conflict):
    code = "already_starting"
    message = _("“%(campaign)s” is about to start, so its time can no longer be moved.")
    fix = _("Pause or cancel it if it must not go out.")


def check_time(at: dt.datetime, *, now: dt.datetime) -> None:
    """Raises TimeHasPassed or TooFarAhead where nothing can be scheduled for `at`."""
    if at <= now:
        raise TimeHasPassed(fields={"at": "past"})
    if at > now + FURTHEST:
        raise TooFarAhead(fields={"at": "too far"})


def schedule(
    campaign: Campaign,
    *,
    at: dt.datetime,
    by: AbstractBaseUser | None,
    now: dt.datetime | None = None,
    seen: str = "",
    heads: int | None = None,
    door: Door = Door.SYSTEM,
) -> None:
    """This will have an approved campaign sent at `at`, provided that it still is what `by` has `seen`.

    Where one person may do everything, a draft is submitted and approved on the way. `heads` is the head count that a
    person typed; whoever comes through a door must, before a message goes to everybody.
    Raises NotAllowedNow, NotApproved, ApprovalVoid, ChangedMeanwhile, HeadCountDiffers, or what is wrong with the
    campaign.
    """
    now = now or at
    if at < now:
        raise TimeHasPassed(fields={"at": "past"})
    if at > now + FURTHEST:
        raise TooFarAhead(fields={"at": "too far"})
    try:
        with transaction.atomic():
            # An edit comes either before the lock, and is noticed, or after it, and is refused.
            lock(campaign)
            require_seen(campaign, seen)
            _alone(campaign, by=by, now=now, door=door)
            require(campaign, Status.APPROVED)
            _require_heads(campaign, heads, door)
            check(campaign)
            _require_quota(campaign, at)
            # What was approved is what goes out, however the draft is edited afterwards.
            frozen = drafts.freeze(campaign.draft) if campaign.draft and campaign.msgtype == MsgType.MPNEWS else None
            campaign.revision = frozen
            review.require_approved(campaign)
            transition(
                campaign, Status.SCHEDULED, scheduled_at=at, sent_by=by, revision=frozen, **failures.columns(None)
            )
            history.record(campaign, Verb.SCHEDULED, by=by, door=door, note=at.isoformat(timespec="minutes"))
    except review.ApprovalVoid:
        campaign.refresh_from_db()
        review.void(campaign)
        raise


def send(
    campaign: Campaign,
    *,
    by: AbstractBaseUser | None,
    now: dt.datetime,
    seen: str = "",
    heads: int | None = None,
    door: Door = Door.SYSTEM,
) -> None:
    """This will have the campaign sent now: a schedule whose time has come, which the next tick takes up."""
    schedule(campaign, at=now, by=by, now=now, seen=seen, heads=heads, door=door)


def may_send_alone(campaign: Campaign, by: AbstractBaseUser | None) -> bool:
    """This will be True where `by` needs nobody else: the account is run by one person, and they may approve."""
    return campaign.account.allow_self_approval and (by is None or by.has_perm(review.APPROVE, campaign))


def _alone(campaign: Campaign, *, by: AbstractBaseUser | None, now: dt.datetime, door: Door) -> None:
    """A draft takes the whole way at once where its account allows that, and only with the right to approve."""
    if campaign.status not in (Status.DRAFT, Status.IN_REVIEW):
        return
    if not may_send_alone(campaign, by):
        raise review.NotApproved(campaign=campaign.name)
    if campaign.status == Status.DRAFT:
        review.submit(campaign, by=by, now=now, door=door)
    review.approve(campaign, by=by, now=now, door=door)


def _require_quota(campaign: Campaign, at: dt.datetime) -> None:
    """One after the other for each account: two people who plan for one day must see each other."""
    OfficialAccount.objects.select_for_update(no_key=True).get(pk=campaign.account_id)
    quota.require(campaign, at=at)


def _require_heads(campaign: Campaign, heads: int | None, door: Door) -> None:
    if not audience.is_everybody(campaign) or door not in (Door.ADMIN, Door.API):
        return
    real = audience.count(campaign)
    if heads is None or abs(heads - real) > max(real * HEADS_MAY_DIFFER, min(HEADS_MAY_DIFFER_BY, real * 0.1)):
        raise HeadCountDiffers(heads=f"{real:,}", fields={"heads": "differs"})


def reschedule(
    campaign: Campaign,
    *,
    at: dt.datetime,
    by: AbstractBaseUser | None,
    now: dt.datetime,
    seen: dt.datetime | None = None,
    door: Door = Door.SYSTEM,
) -> None:
    """This will move a campaign that has not started to another time; the approval still counts.

    `seen` is the time that `by` saw it at: of two people who move it at once, the second is told.
    Raises NotAllowedNow, TimeHasPassed, TooFarAhead, MovedMeanwhile, AlreadyStarting, or what the quota of that day
    says.
    """
    check_time(at, now=now)
    with transaction.atomic():
        lock(campaign)
        require(campaign, Status.SCHEDULED)
        if seen is not None and seen != campaign.scheduled_at:
            raise MovedMeanwhile(campaign=campaign.name, when=zones.shown(campaign.scheduled_at, campaign.account.zone))
        if campaign.scheduled_at <= now:
            raise AlreadyStarting(campaign=campaign.name)
        _require_quota(campaign, at)
        campaign.scheduled_at = at
        campaign.save(update_fields=["scheduled_at"])
        history.record(campaign, Verb.RESCHEDULED, by=by, door=door, note=at.isoformat(timespec="minutes"))


def unschedule(campaign: Campaign, *, by: AbstractBaseUser | None = None, door: Door = Door.SYSTEM) -> None:
    """This will take a campaign that has not started off the schedule; it stays approved. Raises NotAllowedNow."""
    with transaction.atomic():
        lock(campaign)
        require(campaign, Status.SCHEDULED)
        transition(campaign, Status.APPROVED, **review.NO_SCHEDULE)
        history.record(campaign, Verb.UNSCHEDULED, by=by, door=door)


def start(campaign: Campaign, *, now: dt.datetime) -> bool:
    """This will freeze the audience and write the broadcasts, once. Answers False if another worker was faster,
    somebody moved the schedule, or it did not start.

    A time that was missed by more than the account's grace holds the campaign; a change since the approval makes it a
    draft; what has become wrong since (a tag that vanished) fails it. All before any request.
    """
    missed = now - campaign.account.grace
    if campaign.scheduled_at is not None and campaign.scheduled_at < missed:
        _hold(campaign, before=missed)
        return False
    try:
        with transaction.atomic():
            # Whoever meets a worker that freezes a large audience goes on, instead of waiting for it.
            free = Campaign.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=campaign.pk)
            due = Q(scheduled_at__lte=now)
            if not free or not try_transition(campaign, Status.SENDING, where=due, started_at=now):
                return False
            review.require_approved(campaign)
            check(campaign)
            audience.freeze(campaign)
            history.record(campaign, Verb.STARTED)
    except review.ApprovalVoid:
        campaign.refresh_from_db()
        with suppress(NotAllowedNow):  # somebody took it off the schedule at this moment
            review.void(campaign)
        return False
    except OperatorError as error:
        campaign.refresh_from_db()
        return _fail(campaign, error, now=now)
    return True


def _fail(campaign: Campaign, error: OperatorError, *, now: dt.datetime) -> bool:
    with transaction.atomic():
        due = Q(scheduled_at__lte=now)
        failed = try_transition(campaign, Status.FAILED, where=due, finished_at=now, **failures.columns(error))
        if failed:
            history.record(campaign, Verb.FAILED, note=str(error.message))
    return failed


def _hold(campaign: Campaign, *, before: dt.datetime) -> None:
    missed = ScheduleMissed(when=f"{campaign.scheduled_at.astimezone(campaign.account.zone):%Y-%m-%d %H:%M}")
    with transaction.atomic():
        held = try_transition(
            campaign,
            Status.APPROVED,
            where=Q(status=Status.SCHEDULED, scheduled_at__lt=before),
            **review.NO_SCHEDULE,
            **failures.columns(missed),
        )
        if held:
            history.record(campaign, Verb.HELD, note=str(missed.message))
