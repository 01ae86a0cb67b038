"""What WeChat says of the account itself: its verification (认证), and cards, which we do not offer."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from callbacks.handlers.base import Handler
from callbacks.models import Callback
from wxcore.models import OfficialAccount
from wxcore.wechat import messages

GRANTED = frozenset(("qualification_verify_success", "naming_verify_success"))
EXPIRED = "verify_expired"
RENEWAL = "annual_renew"


def on_verification(callback: Callback, push: messages.AccountVerification, now: dt.datetime) -> None:
    """A verification ends at a known time, and so tells by itself which of two events is the later one."""
    until = dt.datetime.fromtimestamp(push.expired_at, dt.UTC) if push.expired_at else None
    account = OfficialAccount.objects.filter(pk=callback.account_id)
    columns = {"verified_until": until} if until else {}
    unknown = Q(verified_until=None)
    if push.event in GRANTED:
        news = account.filter(unknown | Q(verified_until__lt=until)) if until else account
        news.update(is_verified=True, updated_at=now, **columns)
    elif push.event == EXPIRED:
        news = account.filter(unknown | Q(verified_until__lte=until)) if until else account
        news.update(is_verified=False, updated_at=now, **columns)
    elif push.event == RENEWAL and until:
        account.filter(unknown | Q(verified_until__lt=until)).update(updated_at=now, **columns)


def on_card(callback: Callback, push: messages.CardEvent, now: dt.datetime) -> None:
    """This will do nothing: the push is kept, and known."""


HANDLERS: dict[type[messages.Push], Handler] = {
    messages.AccountVerification: on_verification,
    messages.CardEvent: on_card,
}
