"""Who may say that a campaign is good: submit, approve, reject, take_back, void.

An approval is worth what it was given for: `approved_fingerprint` is the mark of content and audience at that moment,
and what goes out must still have it.
"""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns import history
from campaigns.models import Campaign, Door, Verb
from campaigns.services.common import check, fingerprint, lock, require, require_seen
from campaigns.states import Status, transition
from wxcore import failures
from wxcore.errors import OperatorError

APPROVE = "campaigns.approve_campaign"
NO_APPROVAL = {"approved_by": None, "approved_at": None, "approved_fingerprint": ""}
NO_SCHEDULE = {"scheduled_at": None, "sent_by": None, "revision": None}


class OwnCampaign(OperatorError):
    code = "own_campaign"
    message = _("Nobody approves a campaign that they wrote or submitted themselves.")
    fix = _("Ask a colleague with the right to approve. A team of one can allow it on the official account.")


class ReasonMissing(OperatorError):
    code = "reason_missing"
    message = _("A rejection needs a reason.")
    fix = _("Write what should be changed; the author reads it on the campaign.")


class NotApproved(OperatorError):
    code = "not_approved"
    message = _("“%(campaign)s” has not been approved.")
    fix = _("Submit it for review; somebody with the right to approve looks at it.")


class ApprovalVoid(OperatorError):
    code = "approval_void"
    message = _("Content or audience changed after the approval, so it no longer counts.")
    fix = _("Look at what changed and submit it for review again. Nothing was sent.")


class Rejected(OperatorError):
    code = "rejected"
    message = _("Rejected: %(reason)s")
    fix = _("Change the draft and submit it again.")


def submit(
    campaign: Campaign, *, by: AbstractBaseUser | None, now: dt.datetime, seen: str = "", door: Door = Door.SYSTEM
) -> None:
    """This will hand a draft to those who approve. Raises NotAllowedNow, ChangedMeanwhile, or what is wrong with it."""
    with transaction.atomic():
        lock(campaign)
        require(campaign, Status.DRAFT)
        require_seen(campaign, seen)
        check(campaign)
        transition(campaign, Status.IN_REVIEW, submitted_by=by, submitted_at=now, **failures.columns(None))
        history.record(campaign, Verb.SUBMITTED, by=by, door=door)


def approve(
    campaign: Campaign, *, by: AbstractBaseUser | None, now: dt.datetime, seen: str = "", door: Door = Door.SYSTEM
) -> None:
    """This will approve what `by` has `seen`. Raises NotAllowedNow, OwnCampaign, ChangedMeanwhile, or what is wrong."""
    with transaction.atomic():
        lock(campaign)
        require(campaign, Status.IN_REVIEW)
        require_other(campaign, by)
        require_seen(campaign, seen)
        check(campaign)
        mark = fingerprint(campaign)
        transition(campaign, Status.APPROVED, approved_by=by, approved_at=now, approved_fingerprint=mark)
        history.record(campaign, Verb.APPROVED, by=by, door=door)


def reject(campaign: Campaign, *, reason: str, by: AbstractBaseUser | None, door: Door = Door.SYSTEM) -> None:
    """This will give the campaign back to its author. Raises NotAllowedNow, ReasonMissing."""
    reason = reason.strip()
    if not reason:
        raise ReasonMissing(fields={"reason": "missing"})
    with transaction.atomic():
        lock(campaign)
        require(campaign, Status.IN_REVIEW)
        transition(campaign, Status.DRAFT, **failures.columns(Rejected(reason=reason)))
        history.record(campaign, Verb.REJECTED, by=by, door=door, note=reason)


def take_back(campaign: Campaign, *, by: AbstractBaseUser | None = None, door: Door = Door.SYSTEM) -> None:
    """This will make a campaign that is not scheduled a draft again, without its approval. Raises NotAllowedNow."""
    with transaction.atomic():
        lock(campaign)
        require(campaign, Status.IN_REVIEW, Status.APPROVED)
        transition(campaign, Status.DRAFT, **NO_APPROVAL, **failures.columns(None))
        history.record(campaign, Verb.TAKEN_BACK, by=by, door=door)


def void(campaign: Campaign) -> None:
    """This will take an approval that no longer fits. Raises NotAllowedNow if the campaign has started meanwhile."""
    with transaction.atomic():
        transition(campaign, Status.DRAFT, **NO_APPROVAL, **NO_SCHEDULE, **failures.columns(ApprovalVoid()))
        history.record(campaign, Verb.VOIDED)


def require_other(campaign: Campaign, by: AbstractBaseUser | None) -> None:
    """Raises OwnCampaign if `by` made, edited or submitted it, unless the account is run by one person."""
    if by is None or campaign.account.allow_self_approval:
        return
    wrote = campaign.events.filter(by=by, verb__in=(Verb.CREATED, Verb.EDITED, Verb.SUBMITTED)).exists()
    if wrote or by.pk in (campaign.created_by_id, campaign.submitted_by_id):
        raise OwnCampaign


def is_approval_current(campaign: Campaign) -> bool:
    """This will be False when content or audience are others than those that were approved."""
    return bool(campaign.approved_fingerprint) and campaign.approved_fingerprint == fingerprint(campaign)


def require_approved(campaign: Campaign) -> None:
    """Raises NotApproved, or ApprovalVoid if anything changed since."""
    if not campaign.approved_fingerprint:
        raise NotApproved(campaign=campaign.name)
    if campaign.approved_fingerprint != fingerprint(campaign):
        raise ApprovalVoid
