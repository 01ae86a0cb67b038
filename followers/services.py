"""The verbs of followers: follow, unfollow, interact, scan, locate, outdate, forget, request_sync, cancel_sync."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from followers.models import Follower, Scene, Sync, Tagging
from followers.states import OPEN, SyncStatus
from wxcore import webhooks
from wxcore.errors import Conflict, Retry
from wxcore.models import OfficialAccount

# What somebody told WeChat of themselves.
TOLD = {"language": "", "sex": 0, "country": "", "province": "", "city": ""}
# With what we noted, and what they did with us.
PROFILE = TOLD | {
    "unionid": "",
    "remark": "",
    "last_interaction_at": None,
    "last_scene": "",
    "scanned_at": None,
    "latitude": None,
    "longitude": None,
    "located_at": None,
}
# What is erased when somebody leaves. The openid stays: WeChat uses the same one when they come back, and it is what
# keeps the record of past messages true.
ERASED = PROFILE | {"subscribe_scene": "", "qr_scene": "", "qr_scene_str": "", "subscribe_time": None}

# WeChat's event times are whole seconds. What an event says is as fresh as the last moment of its second.
SECOND = dt.timedelta(seconds=1)
LAST_MOMENT = SECOND - dt.timedelta.resolution


class SyncAlreadyOpen(Conflict):
    code = "sync_already_open"
    message = _("A sync of this account is already under way.")
    fix = _("Wait until it has finished.")
    retry = Retry.WAIT


class SyncNotOpen(Conflict):
    code = "sync_not_open"
    message = _("This sync has already ended.")


def follow(account: OfficialAccount, *, openid: str, at: dt.datetime, scene: str = "") -> None:
    """This will mark `openid` as following since `at`, unless a later event says otherwise.

    `scene` is that of the QR code that they came by, "" for another way.
    """
    came_by = {"subscribe_scene": Scene.QR_CODE, "qr_scene_str": scene[:64]} if scene else {}
    with transaction.atomic():
        Follower.objects.bulk_create(
            [Follower(account=account, openid=openid, confirmed_at=at, subscribed=False)], ignore_conflicts=True
        )
        follower = Follower.objects.filter(account=account, openid=openid)
        outdated = Q(unsubscribed_at__gt=at + LAST_MOMENT)
        is_new = follower.exclude(outdated).filter(subscribed=False).update(subscribe_time=at, **came_by)
        # Never older than it is: a sync under way takes whoever was not confirmed since it began for somebody who left.
        confirmed_at = Greatest("confirmed_at", at + LAST_MOMENT)
        follower.exclude(outdated).update(subscribed=True, confirmed_at=confirmed_at, unsubscribed_at=None)
        if scene:
            scan(account, openid=openid, scene=scene, at=at)
        if is_new:
            told = {"openid": openid, "at": webhooks.moment(at), "scene": scene}
            webhooks.emit(account.pk, "follower.subscribed", lambda: told)


def unfollow(account: OfficialAccount, *, openid: str, at: dt.datetime) -> bool:
    """This will mark `openid` as gone since `at` and erase their personal data, unless they came back later.

    Answers whether they are gone.
    """
    with transaction.atomic():
        Follower.objects.bulk_create(
            [Follower(account=account, openid=openid, confirmed_at=at, subscribed=False)], ignore_conflicts=True
        )
        # Whoever was confirmed within that second was confirmed before.
        leaving = Follower.objects.filter(account=account, openid=openid, confirmed_at__lt=at + SECOND)
        # The follower before the tags, as a sync does: the other way round they could wait for each other.
        held = leaving.select_for_update(no_key=True).first()
        if held is None:
            return False
        # Processed twice, it is told once; of whom we had not heard before it is told too.
        if held.subscribed or held.unsubscribed_at is None:
            told = {"openid": openid, "at": webhooks.moment(at)}
            webhooks.emit(account.pk, "follower.unsubscribed", lambda: told)
        erase(leaving, at=at)
        return True


def interact(account: OfficialAccount, *, openid: str, at: dt.datetime) -> bool:
    """This will remember that `openid` did something at `at`; never backwards, and only of somebody who follows.

    Answers False if nothing had to be written.
    """
    return bool(interact_all(account, openids=[openid], at=at))


def interact_all(account: OfficialAccount, *, openids: Collection[str], at: dt.datetime) -> int:
    """This will remember of several followers that they did something at `at`, like `interact`, and count them."""
    return _remember(account, openids, "last_interaction_at", at)


def scan(account: OfficialAccount, *, openid: str, scene: str, at: dt.datetime) -> bool:
    """This will remember the QR code that a follower scanned last, like `interact`. How they came stays as it is."""
    return bool(_remember(account, [openid], "scanned_at", at, last_scene=scene[:64]))


def locate(account: OfficialAccount, *, openid: str, latitude: float, longitude: float, at: dt.datetime) -> bool:
    """This will remember where a follower's phone was last, in degrees, like `interact`."""
    return bool(_remember(account, [openid], "located_at", at, latitude=latitude, longitude=longitude))


def _remember(
    account: OfficialAccount, openids: Collection[str], moment: str, at: dt.datetime, **columns: object
) -> int:
    earlier = Q(**{moment: None}) | Q(**{f"{moment}__lt": at})
    followers = Follower.objects.filter(earlier, account=account, openid__in=openids, subscribed=True)
    # Of a stay that has ended nothing may come back: their data was erased when they left.
    followers = followers.filter(Q(subscribe_time=None) | Q(subscribe_time__lte=at + LAST_MOMENT))
    return followers.update(**columns, **{moment: at})


def departures(account: OfficialAccount, openids: Collection[str]) -> dict[str, dt.datetime]:
    """This will be when those of `openids` left who ever did: what they did until then must not be kept any more.

    Within a transaction nobody leaves until its end.
    """
    followers = Follower.objects.select_for_update(no_key=True).filter(account=account, openid__in=openids)
    told = followers.order_by("openid").values_list("openid", "unsubscribed_at")
    return {openid: left_at for openid, left_at in told if left_at is not None}


def outdate(account: OfficialAccount, *, openid: str) -> None:
    """This will take away what WeChat has told of somebody and they have changed since; syncs ask for it anew."""
    Follower.objects.filter(account=account, openid=openid).update(**TOLD)


def forget(account: OfficialAccount, *, openid: str) -> None:
    """This will erase what is known of somebody, their tags too. That they follow, and how they came, stays."""
    follower = Follower.objects.filter(account=account, openid=openid)
    # The follower before the tags, as in `unfollow`.
    if follower.update(**PROFILE):
        Tagging.objects.filter(follower__in=follower.values("pk")).delete()


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


def cancel_sync(sync: Sync, *, now: dt.datetime) -> None:
    """This will stop an open sync; what was mirrored stays. Its worker notices at the next page. Raises SyncNotOpen."""
    stopped = Sync.objects.filter(pk=sync.pk, status__in=OPEN).update(status=SyncStatus.CANCELLED, finished_at=now)
    if not stopped:
        raise SyncNotOpen
