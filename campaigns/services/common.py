"""What the verbs share: the row's lock, what is approved, what stands in the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from campaigns import audience, content, drafts
from campaigns.models import Campaign, MsgType
from campaigns.states import BroadcastStatus, NotAllowedNow, Status
from wxcore.errors import Conflict, OperatorError


class AccountInactive(OperatorError):
    code = "account_inactive"
    message = _("The official account is switched off.")
    fix = _("Switch it on under “Official accounts”, or choose another one.")


class NoRight(OperatorError):
    code = "no_right"
    wechat_code = 48001
    message = _("WeChat does not let “%(account)s” send to this audience.")
    fix = _("Verified service accounts may send to everybody; see the table of rights in the guide.")


class ChangedMeanwhile(Conflict):
    code = "changed_meanwhile"
    message = _("“%(campaign)s” was changed after you looked at it, so nothing was done.")
    fix = _("Look at it again and confirm again.")


def lock(campaign: Campaign) -> None:
    """This will read the row anew and keep it for the rest of the transaction."""
    campaign.refresh_from_db(from_queryset=Campaign.objects.select_for_update())


def require(campaign: Campaign, *statuses: Status) -> None:
    """Raises NotAllowedNow unless the campaign has one of `statuses`."""
    if campaign.status not in statuses:
        raise NotAllowedNow(subject=str(campaign), status=campaign.get_status_display())


def require_seen(campaign: Campaign, seen: str) -> None:
    """Raises ChangedMeanwhile unless the campaign still is what somebody has `seen`; "" was not asked."""
    if seen and seen != fingerprint(campaign):
        raise ChangedMeanwhile(campaign=campaign.name)


# WeChat may not have these yet.
LEFT = (BroadcastStatus.PENDING, BroadcastStatus.SUBMITTING)


def is_left(campaign: Campaign) -> bool:
    """This will say whether WeChat does not have every broadcast yet."""
    return campaign.broadcasts.filter(status__in=LEFT).exists()


def fingerprint(campaign: Campaign) -> str:
    """This will be a mark of what the campaign says and to whom: who approves or confirms it, means this."""
    pictures = list(campaign.campaign_images.order_by("position").values_list("asset", flat=True))
    said = [campaign.serializable_value(name) for name in content.COLUMNS]
    parts = (*said, _version(campaign), pictures, audience.mark(campaign))
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _version(campaign: Campaign) -> str | None:
    """Of the articles: what was frozen for the campaign, else what the draft says now."""
    if campaign.msgtype != MsgType.MPNEWS or campaign.draft is None:
        return None
    return campaign.revision.digest if campaign.revision else drafts.digest(campaign.draft)


def account_problems(campaign: Campaign) -> Iterator[OperatorError]:
    """This will yield why the account may not send to the campaign's audience."""
    account = campaign.account
    if not account.is_active:
        yield AccountInactive()
    by_list = not audience.by_wechat(campaign)
    if not (account.may_send_to_list if by_list else account.may_mass_send):
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
