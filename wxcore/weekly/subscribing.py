"""Who gets the report by mail: everybody decides for themselves, as a member of the account."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from wxcore.errors import OperatorError
from wxcore.models import Membership, OfficialAccount, WeeklyMail
from wxcore.weekly.mailing import NoMailAddress


class NoMember(OperatorError):
    code = "no_member"
    message = _("The weekly report goes to members of the account, and you are none.")
    fix = _("Add yourself under “Members” on the account's page.")


def subscribe(account: OfficialAccount, user: User, *, language: str) -> None:
    """This will have the report mailed to somebody every Monday. Raises NoMailAddress, NoMember."""
    if not user.email:
        raise NoMailAddress(name=user.get_username())
    if not memberships(account, user).update(weekly_report=True, weekly_language=language):
        raise NoMember


def unsubscribe(account: OfficialAccount, user: User) -> None:
    """This will mail it to them no longer."""
    memberships(account, user).update(weekly_report=False)


def memberships(account: OfficialAccount, user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(user=user.pk, account=account)


def is_subscribed(account: OfficialAccount, user: User) -> bool:
    return memberships(account, user).filter(weekly_report=True).exists()


def last_problem(account: OfficialAccount, user: User) -> WeeklyMail | None:
    """This will be the last mail to somebody that did not arrive at once, with the reason."""
    failed = WeeklyMail.objects.filter(account=account, user=user.pk).exclude(error_code="")
    return failed.order_by("-week").first()
