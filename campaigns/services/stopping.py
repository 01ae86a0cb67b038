"""When it pauses by itself: WeChat keeps refusing, today's quota is used up, or only a person can help."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns import history, pace
from campaigns.models import Broadcast, Campaign, Verb
from campaigns.services.common import is_left
from campaigns.states import BroadcastStatus, Status, try_transition
from wxcore import failures
from wxcore.errors import OperatorError

# So many broadcasts refused for good, and the rest waits for a person.
PERMANENT_FAILURES = 3


class KeepsFailing(OperatorError):
    code = "keeps_failing"
    message = _("Paused by itself: WeChat refused %(number)d broadcasts for good. The last answer: %(answer)s")
    fix = _("Remove the cause, then continue; or cancel what is left.")


class Interrupted(OperatorError):
    code = "interrupted"
    message = _("Interrupted: what is left was due at %(when)s, and no worker sent it. It was not sent late.")
    fix = _("Continue if it is still wanted, or cancel what is left.")


class WaitsForQuota(OperatorError):
    code = "waits_for_quota"
    message = _("Today's quota is used up: %(answer)s What is left waits until %(when)s.")
    fix = _("Nothing is to be done; cancel what is left if tomorrow is too late.")


def pause_if_it_keeps_failing(campaign: Campaign, answer: str) -> None:
    """This will pause a campaign of which WeChat refuses one broadcast after the other, and say why."""
    refused = campaign.broadcasts.filter(status=BroadcastStatus.FAILED)
    if campaign.resumed_at is not None:
        refused = refused.filter(finished_at__gt=campaign.resumed_at)
    number = refused.count()
    if number >= PERMANENT_FAILURES and is_left(campaign):
        _pause_because(campaign, KeepsFailing(number=number, answer=answer))


def pause_if_interrupted(broadcast: Broadcast, *, now: dt.datetime) -> bool:
    """This will pause the campaign of a broadcast that nobody has handled for longer than the account's grace.

    Answers True if the broadcast must wait. What we hold may be older than the row: another worker may be at it.
    """
    is_late = broadcast.due_at is not None and broadcast.due_at < now - broadcast.account.grace
    if not is_late or broadcast.campaign.status != Status.SENDING:
        return False
    late = Broadcast.objects.filter(pk=broadcast.pk, status=broadcast.status, due_at=broadcast.due_at)
    if late.exists():
        when = f"{broadcast.due_at.astimezone(broadcast.account.zone):%Y-%m-%d %H:%M}"
        _pause_because(broadcast.campaign, Interrupted(when=when))
    return True


def wait_for_quota(campaign: Campaign, answer: str, *, until: dt.datetime) -> None:
    """This will pause a campaign until WeChat's quota of the next day."""
    when = f"{until.astimezone(campaign.account.zone):%Y-%m-%d %H:%M}"
    _pause_because(campaign, WaitsForQuota(answer=answer, when=when), resume_at=until)


def ask_a_person(campaign: Campaign, error: OperatorError) -> None:
    """This will pause a campaign until somebody has done what the error asks for: nothing of it can go out before."""
    _pause_because(campaign, error)


def _pause_because(campaign: Campaign, reason: OperatorError, *, resume_at: dt.datetime | None = None) -> None:
    with transaction.atomic():
        if try_transition(campaign, Status.PAUSED, resume_at=resume_at, **failures.columns(reason)):
            pace.give_back(campaign)
            history.record(campaign, Verb.PAUSED, note=str(reason.message))
