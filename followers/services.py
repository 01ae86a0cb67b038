"""The verbs of followers: follow, unfollow, interact, request_sync, cancel_sync."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from followers.models import Follower, Sync, Tagging
from followers.states import OPEN, SyncStatus
from wxcore.errors import Conflict, Retry
from wxcore.models import OfficialAccount

# What is erased when somebody leaves. The openid stays: WeChat uses the same one when they come back, and it is what
# keeps the record of past messages true.
ERASED = {
    "unionid": "",
    "language": "",
    "remark": "",
    "subscribe_scene": "",
    "qr_scene": "",
    "qr_scene_str": "",
    "subscribe_time": None,
    "sex": 0,
    "country": "",
    "province": "",
    "city": "",
    "last_interaction_at": None,
    "latitude": None,
    "longitude": None,
    "located_at": None,
}

# WeChat's event times are whole seconds. What an event says is as fresh as the last moment of its second.
SECOND = dt.timedelta(seconds=1)
LAST_MOMENT = SECOND - dt.timedelta.resolution


class SyncAlreadyOpen(Conflict):
    code = "sync_already_open"
    message = _("A sync of this account is already under way.")
    fix = _("Wait until it has finished.")
    retry = Retry.WAIT


def follow(account: OfficialAccount, *, openid: str, at: dt.datetime, scene: str = "") -> None:
    """This will mark `openid` as following since `at`, unless a later event says otherwise."""
    with transaction.atomic():
        Follower.objects.bulk_create(
            [Follower(account=account, openid=openid, confirmed_at=at, subscribed=False)], ignore_conflicts=True
        )
        follower = Follower.objects.filter(account=account, openid=openid)
        outdated = Q(unsubscribed_at__gt=at + LAST_MOMENT)
        follower.exclude(outdated).filter(subscribed=False).update(subscribe_time=at, qr_scene_str=scene[:64])
        # Never older than it is: a sync under way takes whoever was not confirmed since it began for somebody who left.
        confirmed_at = Greatest("confirmed_at", at + LAST_MOMENT)
        follower.exclude(outdated).update(subscribed=True, confirmed_at=confirmed_at, unsubscribed_at=None)


def unfollow(account: OfficialAccount, *, openid: str, at: dt.datetime) -> None:
    """This will mark `openid` as gone since `at` and erase their personal data, unless they came back later."""
    with transaction.atomic():
        Follower.objects.bulk_create(
            [Follower(account=account, openid=openid, confirmed_at=at, subscribed=False)], ignore_conflicts=True
        )
        # Whoever was confirmed within that second was confirmed before.
        leaving = Follower.objects.filter(account=account, openid=openid, confirmed_at__lt=at + SECOND)
        # The follower before the tags, as a sync does: the other way round they could wait for each other.
        if leaving.select_for_update(no_key=True):
            erase(leaving, at=at)


def interact(account: OfficialAccount, *, openid: str, at: dt.datetime) -> bool:
    """This will remember that `openid` did something at `at`; never backwards, and only of somebody who follows.

    Answers False if nothing had to be written.
    """
    earlier = Q(last_interaction_at=None) | Q(last_interaction_at__lt=at)
    follower = Follower.objects.filter(earlier, account=account, openid=openid, subscribed=True)
    # Of a stay that has ended nothing may come back: their data was erased when they left.
    follower = follower.filter(Q(subscribe_time=None) | Q(subscribe_time__lte=at + LAST_MOMENT))
    return bool(follower.update(last_interaction_at=at))


def erase(followers: QuerySet[Follower], *, at: dt.datetime) -> int:
    """This will mark `followers` as gone since `at`, erase their personal data and tags, and count them."""
    Tagging.objects.filter(follower__in=followers.values("pk")).delete()
    return followers.update(subscribed=False, unsubscribed_at=at, **ERASED)


def request_sync(account: OfficialAccount, *, now: dt.datetime) -> Sync:
    """This will queue a sync of `account`; a worker takes it at its next tick. Raises SyncAlreadyOpen."""
    try:
        with transaction.atomic():
            return Sync.objects.create(account=account, due_at=now)
    except IntegrityError:
        raise SyncAlreadyOpen from None


def cancel_sync(sync: Sync, *, now: dt.datetime) -> bool:
    """This will stop an open sync; what was mirrored stays. Its worker notices at the next page."""
    return bool(Sync.objects.filter(pk=sync.pk, status__in=OPEN).update(status=SyncStatus.CANCELLED, finished_at=now))
