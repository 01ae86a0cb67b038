"""A message on one phone before anybody else gets it (mass/preview)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext_lazy as _

from campaigns import preparing
from campaigns.models import Campaign, Draft, Preview
from campaigns.states import NotAllowedNow, Status
from followers.models import Follower
from wxcore import accounts, failures
from wxcore.clock import SHANGHAI
from wxcore.errors import OperatorError, Retry
from wxcore.models import OfficialAccount
from wxcore.wechat.errors import InvalidMediaId

# Previews by WeChat ID in one day of Shanghai; those to followers are not counted.
DAILY = 100
# So many earlier previews are looked through for people to offer again.
LOOKED_THROUGH = 200
LONGEST_NAME = 64


class NobodyNamed(OperatorError):
    code = "preview_to_nobody"
    message = _("A preview goes to exactly one person.")
    fix = _("Choose a follower, or enter a WeChat ID.")


class NotFollowing(OperatorError):
    code = "preview_not_following"
    message = _("“%(openid)s” does not follow this official account.")
    fix = _("Choose somebody who follows it; sync the followers if they have just begun to.")


class NoPreviewLeft(OperatorError):
    code = "preview_used_up"
    message = _("All %(limit)d previews by WeChat ID of today are used up.")
    fix = _("Choose a follower instead: those previews are not counted.")
    retry = Retry.TOMORROW


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be sent a preview: by `openid`, or else by `wxname`; `label` is for people."""

    openid: str
    wxname: str
    label: str


def check(subject: Campaign | Draft) -> None:
    """Raises NotAllowedNow for a campaign of which no preview is sent any more."""
    # What goes out was confirmed; the draft that a preview would show may have been edited since.
    if isinstance(subject, Campaign) and subject.status not in (Status.DRAFT, Status.IN_REVIEW):
        raise NotAllowedNow(subject=str(subject), status=subject.get_status_display())


def send(
    subject: Campaign | Draft,
    *,
    openid: str = "",
    wxname: str = "",
    by: AbstractBaseUser | None,
    now: dt.datetime,
) -> Preview:
    """This will send the message as it stands now to one person, and keep the attempt.

    Raises NotAllowedNow for a campaign that was approved already, NobodyNamed, NotFollowing and NoPreviewLeft before
    anything is kept; what the content, its uploads or WeChat object to (40132, 43004, 45009) is raised too, and stays
    on the row.
    """
    check(subject)
    openid, wxname = openid.strip(), wxname.strip()
    _check_person(subject.account, openid, wxname, now)
    row = Preview.objects.create(
        account=subject.account,
        campaign=subject if isinstance(subject, Campaign) else None,
        draft=subject if isinstance(subject, Draft) else None,
        openid=openid,
        wxname=wxname,
        created_by=by,
        created_at=now,
    )
    try:
        with accounts.connect(subject.account) as wechat:

            def show() -> None:
                message = preparing.message_for_preview(wechat, subject, now=now)
                wechat.broadcasts.preview(message, openid=openid or None, wxname=wxname or None)

            try:
                show()
            except InvalidMediaId:
                preparing.heal_preview(wechat, subject, now=now)
                show()
    except OperatorError as error:
        Preview.objects.filter(pk=row.pk).update(**failures.columns(error))
        raise
    return row


def left(account: OfficialAccount, *, now: dt.datetime) -> int:
    """This will be how many previews by WeChat ID are left today, as far as we know: the console's are not here."""
    midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    used = Preview.objects.filter(account=account, created_at__gte=midnight, error_code="").exclude(wxname="")
    return max(0, DAILY - used.count())


def recent(account: OfficialAccount, limit: int = 8) -> list[Person]:
    """This will be who was sent previews last, the latest first; who has left is left out. Two queries."""
    sent = Preview.objects.filter(account=account, error_code="").order_by("-pk")
    pairs = list(dict.fromkeys(sent.values_list("openid", "wxname")[:LOOKED_THROUGH]))
    openids = [openid for openid, _wxname in pairs if openid]
    following = Follower.objects.filter(account=account, openid__in=openids, subscribed=True)
    names = {follower.openid: str(follower) for follower in following}
    people = [
        Person(openid, wxname, names.get(openid, wxname)) for openid, wxname in pairs if wxname or openid in names
    ]
    return people[:limit]


def _check_person(account: OfficialAccount, openid: str, wxname: str, now: dt.datetime) -> None:
    if bool(openid) == bool(wxname) or len(wxname) > LONGEST_NAME or not (openid + wxname).isprintable():
        raise NobodyNamed(fields={"openid": "one of the two", "wxname": "one of the two"})
    if openid and not Follower.objects.filter(account=account, openid=openid, subscribed=True).exists():
        raise NotFollowing(openid=openid[:64], fields={"openid": "not following"})
    if wxname and not left(account, now=now):
        raise NoPreviewLeft(limit=DAILY, fields={"wxname": "used up"})
