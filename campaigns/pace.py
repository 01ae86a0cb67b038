"""How fast mass calls may follow each other: below WeChat's 60 a minute and 100 a day, across all workers.

Calls are spread evenly: each gets the next free place (`slot`) of its account, kept in one row. Workers that were late
make up for it, but only while the last minute has room: so no minute, wherever it begins, holds more than one call
above the pace, and one for every worker that looks at the same moment, which is why that is 58 and not 60.
Limits: https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Batch_Sends_and_Originality_Checks.html
"""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from campaigns import audience
from campaigns.models import Broadcast, Campaign, MassCalls
from campaigns.states import BroadcastStatus
from wxcore.clock import quota_day
from wxcore.errors import OperatorError, Retry
from wxcore.models import OfficialAccount

MINUTE = dt.timedelta(minutes=1)
UNSENT = (BroadcastStatus.PENDING, BroadcastStatus.SUBMITTING)


class DayUsedUp(OperatorError):
    code = "day_used_up"
    wechat_code = 45009
    message = _("The account has made its %(limit)d mass calls of today.")
    fix = _("What is left goes on tomorrow by itself.")
    retry = Retry.TOMORROW


def take_slot(broadcast: Broadcast, now: dt.datetime) -> bool:
    """This will give the broadcast a place in its account's minute, unless it has one. True if that has come.

    Raises DayUsedUp when no call of the day is left.
    """
    if broadcast.slot_at is None and not _reserve(broadcast, now):
        return False
    if broadcast.slot_at > now or not _has_room(broadcast.account, now):
        return False
    # Those that had a place already may have used up the day since this one got its own.
    _require_day(broadcast, *made_today(broadcast.account, now))
    return True


def step() -> dt.timedelta:
    """This will be the time between two places."""
    return dt.timedelta(seconds=60 / settings.MASS_CALLS_PER_MINUTE)


def count(broadcast: Broadcast, now: dt.datetime) -> None:
    """This will count a call that is about to be made."""
    name, today = "sendall" if _is_sendall(broadcast) else "send", quota_day(now)
    calls = MassCalls.objects.filter(account=broadcast.account_id)
    calls.filter(day__lt=today).update(day=today, sendall=0, send=0)
    calls.update(**{name: F(name) + 1})


def give_back(campaign: Campaign) -> None:
    """This will free the places of a campaign that does not send any more, for those that do."""
    with transaction.atomic():
        calls = MassCalls.objects.select_for_update().filter(account=campaign.account_id).first()
        if calls is None:
            return
        given = _waiting(calls).filter(campaign=campaign)
        first = given.aggregate(first=Min("slot_at"))["first"]
        if first is None:
            return
        given.update(slot_at=None)
        last = _waiting(calls).aggregate(last=Max("slot_at"))["last"]
        calls.next_at = max(first, last + step()) if last else first
        calls.save(update_fields=["next_at"])


def slow_down(account: OfficialAccount, *, until: dt.datetime) -> None:
    """This will leave the account alone until then: WeChat said that calls come too fast."""
    with transaction.atomic():
        calls = MassCalls.objects.select_for_update().get(account=account)
        # Also those that had their place before: they queue up anew.
        _waiting(calls).filter(slot_at__lt=until).update(slot_at=None, due_at=until)
        calls.next_at = max(until, calls.next_at)
        calls.save(update_fields=["next_at"])


def made_today(account: OfficialAccount, now: dt.datetime) -> tuple[int, int]:
    """This will be how many calls of mass/sendall and mass/send the account has made today, as far as we know."""
    calls = MassCalls.objects.filter(account=account, day=quota_day(now)).first()
    return (calls.sendall, calls.send) if calls else (0, 0)


def _reserve(broadcast: Broadcast, now: dt.datetime) -> bool:
    """Both rows change or none: a place that two workers reserve for one broadcast would be lost."""
    with transaction.atomic():
        calls = _locked(broadcast.account, now)
        _require_day(broadcast, calls.sendall, calls.send)
        slot = max(now, calls.next_at)
        free = Broadcast.objects.filter(pk=broadcast.pk, slot_at=None, due_at__lte=now)
        if not free.filter(status__in=UNSENT).update(slot_at=slot, due_at=slot):
            return False
        calls.next_at = slot + step()
        calls.save(update_fields=["next_at", "day", "sendall", "send"])
    broadcast.slot_at = broadcast.due_at = slot
    return True


def _has_room(account: OfficialAccount, now: dt.datetime) -> bool:
    """A repetition of an earlier attempt is not counted; there are few."""
    made = Broadcast.objects.filter(account=account, first_attempt_at__gt=now - MINUTE, first_attempt_at__lte=now)
    return made.count() <= settings.MASS_CALLS_PER_MINUTE


def _require_day(broadcast: Broadcast, sendall: int, send: int) -> None:
    limit = broadcast.account.mass_calls_a_day
    if (sendall if _is_sendall(broadcast) else send) >= limit:
        raise DayUsedUp(limit=limit)


def _waiting(calls: MassCalls) -> QuerySet[Broadcast]:
    return Broadcast.objects.filter(account=calls.account_id, status__in=UNSENT, slot_at__isnull=False)


def _locked(account: OfficialAccount, now: dt.datetime) -> MassCalls:
    today = quota_day(now)
    defaults = {"day": today, "next_at": now}
    MassCalls.objects.get_or_create(account=account, defaults=defaults)
    calls = MassCalls.objects.select_for_update().get(account=account)
    if calls.day < today:
        calls.day, calls.sendall, calls.send = today, 0, 0
    return calls


def _is_sendall(broadcast: Broadcast) -> bool:
    return audience.by_wechat(broadcast.campaign)
