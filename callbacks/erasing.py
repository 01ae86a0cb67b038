"""Erasing what we keep of somebody: the follower, the conversation, the notices, and the raw pushes.

The rows of the pushes stay, without a body: their de-duplication keys must outlive what was in them.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from callbacks import conversations, notices
from callbacks.models import Callback
from callbacks.states import OPEN
from followers import services as followers
from wxcore.models import OfficialAccount

# Their sender is an administrator, or nobody: they tell of the account, and not of a follower.
OF_THE_ACCOUNT = (
    "masssendjobfinish",
    "publishjobfinish",
    "freepublishjobfinish",
    "qualification_verify_success",
    "qualification_verify_fail",
    "naming_verify_success",
    "naming_verify_fail",
    "annual_renew",
    "verify_expired",
    "card_pass_check",
    "card_not_pass_check",
    "card_sku_remind",
    "card_pay_order",
)


def leave(account: OfficialAccount, *, openid: str, at: dt.datetime) -> None:
    """This will mark somebody as gone since `at` and erase them. Of who came back later only what was before goes."""
    if followers.unfollow(account, openid=openid, at=at):
        _erase_all_said(account, openid)
    _empty_until(account, openid, at)


def forget(account: OfficialAccount, *, openid: str, at: dt.datetime) -> None:
    """This will erase somebody who goes on following, as of `at`."""
    followers.forget(account, openid=openid)
    _erase_all_said(account, openid)
    _empty_until(account, openid, at)


def empty(callbacks: QuerySet[Callback]) -> None:
    """This will take away what the pushes said, and what we answered."""
    callbacks.exclude(body="").update(body="", answer={})


def _erase_all_said(account: OfficialAccount, openid: str) -> None:
    conversations.erase(account, openid)
    notices.erase(account, openid)


def _empty_until(account: OfficialAccount, openid: str, at: dt.datetime) -> None:
    """Those that are still open are emptied when they are processed (`callbacks.handlers.base.while_here`)."""
    theirs = Callback.objects.filter(account=account, openid=openid, pushed_at__lte=at)
    empty(theirs.exclude(status__in=OPEN).exclude(event__in=OF_THE_ACCOUNT))
