"""While it goes out: pause, resume, cancel.

A broadcast is claimed only while its campaign is `sending`, so all of these act between two calls of WeChat.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns import announcing, history, pace
from campaigns.models import Broadcast, Campaign, Door, Verb
from campaigns.services.common import LEFT, is_left, lock, require
from campaigns.services.outcomes import in_doubt, settle
from campaigns.states import BroadcastStatus, Status, transition, try_transition
from wxcore import failures
from wxcore.errors import Conflict


class NothingToStop(Conflict):
    code = "nothing_to_stop"
    message = _("WeChat already has every broadcast of “%(campaign)s”.")
    fix = _("What was sent can only be recalled (articles and videos).")


def check_pause(campaign: Campaign) -> None:
    """Raises NotAllowedNow or NothingToStop where nothing can be held."""
    require(campaign, Status.SENDING)
    if not is_left(campaign):
        raise NothingToStop(campaign=campaign.name)


def check_cancel(campaign: Campaign) -> None:
    """Raises NotAllowedNow or NothingToStop where nothing can be given up."""
    require(campaign, Status.SCHEDULED, Status.SENDING, Status.PAUSED)
    if campaign.status != Status.SCHEDULED and not is_left(campaign):
        raise NothingToStop(campaign=campaign.name)


def pause(campaign: Campaign, *, by: AbstractBaseUser | None = None, door: Door = Door.SYSTEM) -> None:
    """This will hold what has not gone out. The call that is under way is the last. Raises NotAllowedNow,
    NothingToStop."""
    with transaction.atomic():
        lock(campaign)
        check_pause(campaign)
        transition(campaign, Status.PAUSED, resume_at=None, **failures.columns(None))
        pace.give_back(campaign)
        history.record(campaign, Verb.PAUSED, by=by, door=door)


def resume(
    campaign: Campaign, *, now: dt.datetime, by: AbstractBaseUser | None = None, door: Door = Door.SYSTEM
) -> None:
    """This will go on with what is left. Raises NotAllowedNow."""
    with transaction.atomic():
        lock(campaign)
        require(campaign, Status.PAUSED)
        _go_on(campaign, now, by=by, door=door)


def resume_if_due(campaign: Campaign, *, now: dt.datetime) -> bool:
    """This will go on with what waited for its time. Answers False if somebody was faster: a person who pauses again
    is not overruled."""
    with transaction.atomic():
        lock(campaign)
        if campaign.status != Status.PAUSED or campaign.resume_at is None or campaign.resume_at > now:
            return False
        _go_on(campaign, now)
    return True


def _go_on(
    campaign: Campaign, now: dt.datetime, *, by: AbstractBaseUser | None = None, door: Door = Door.SYSTEM
) -> None:
    transition(campaign, Status.SENDING, resume_at=None, resumed_at=now, **failures.columns(None))
    pace.give_back(campaign)
    # What surely was not sent begins anew; a doubt keeps the time from which it counts.
    campaign.broadcasts.filter(status=BroadcastStatus.PENDING, uncertain=False).update(
        first_attempt_at=None, due_at=now
    )
    campaign.broadcasts.filter(status__in=LEFT, due_at__lt=now).update(due_at=now)
    history.record(campaign, Verb.RESUMED, by=by, door=door)


def cancel(
    campaign: Campaign, *, now: dt.datetime, by: AbstractBaseUser | None = None, door: Door = Door.SYSTEM
) -> None:
    """This will give up what has not gone out, for good. What WeChat has accepted stays sent.

    A broadcast whose last attempt may have got through becomes `unknown`; one that a worker has in its hands becomes
    what WeChat answers. Raises NotAllowedNow, NothingToStop.
    """
    with transaction.atomic():
        lock(campaign)
        check_cancel(campaign)
        transition(campaign, Status.CANCELLED, resume_at=None, **failures.columns(None))
        pace.give_back(campaign)
        for broadcast in campaign.broadcasts.filter(status=BroadcastStatus.PENDING):
            give_up(broadcast, now=now)
        history.record(campaign, Verb.CANCELLED, by=by, door=door)
        settle(campaign, now=now)


def give_up(broadcast: Broadcast, *, now: dt.datetime) -> None:
    """This will end a broadcast of a cancelled campaign that nobody has in hand: what surely was not sent never will
    be; of the rest nobody knows."""
    if broadcast.status == BroadcastStatus.SUBMITTING or broadcast.uncertain:
        # Submitting: its worker died.
        unknown = failures.columns(in_doubt(broadcast))
        idle = Q(status=BroadcastStatus.PENDING) | Q(due_at__lte=now)
        announcing.become_unknown(broadcast, where=idle, due_at=None, **unknown)
    else:
        try_transition(broadcast, BroadcastStatus.CANCELLED, where=Q(uncertain=False), due_at=None, finished_at=now)
