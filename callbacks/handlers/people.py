"""Who follows and who leaves, how they came, where they are, and what they let us know."""

from __future__ import annotations

import datetime as dt

from callbacks import erasing
from callbacks.handlers import chats
from callbacks.handlers.base import Handler, done_at, while_here
from callbacks.models import Callback
from followers import services as followers
from wxcore.wechat import messages


def on_subscribe(callback: Callback, push: messages.Subscribe, now: dt.datetime) -> None:
    followers.follow(callback.account, openid=callback.openid, at=callback.pushed_at, scene=push.scene)
    chats.note(callback, push, now)


def on_unsubscribe(callback: Callback, push: messages.Unsubscribe, now: dt.datetime) -> None:
    erasing.leave(callback.account, openid=callback.openid, at=callback.pushed_at)


@while_here
def on_scan(callback: Callback, push: messages.Scan, now: dt.datetime) -> None:
    followers.scan(callback.account, openid=callback.openid, scene=push.scene, at=done_at(callback))
    chats.note(callback, push, now)


@while_here
def on_location(callback: Callback, push: messages.LocationReport, now: dt.datetime) -> None:
    """The phone reports by itself: it is no interaction, and no line of the conversation."""
    followers.locate(
        callback.account,
        openid=callback.openid,
        latitude=push.latitude,
        longitude=push.longitude,
        at=done_at(callback),
    )


def on_authorization_revoked(callback: Callback, push: messages.AuthorizationRevoked, now: dt.datetime) -> None:
    erasing.forget(callback.account, openid=push.openid, at=callback.pushed_at)


def on_authorization_cancelled(callback: Callback, push: messages.AuthorizationCancelled, now: dt.datetime) -> None:
    erasing.leave(callback.account, openid=push.openid, at=callback.pushed_at)


def on_user_info_modified(callback: Callback, push: messages.UserInfoModified, now: dt.datetime) -> None:
    """What WeChat told once is outdated. What it still tells, the sync of the night asks for anew."""
    followers.outdate(callback.account, openid=push.openid)


HANDLERS: dict[type[messages.Push], Handler] = {
    messages.Subscribe: on_subscribe,
    messages.Unsubscribe: on_unsubscribe,
    messages.Scan: on_scan,
    messages.LocationReport: on_location,
    messages.AuthorizationRevoked: on_authorization_revoked,
    messages.AuthorizationCancelled: on_authorization_cancelled,
    messages.UserInfoModified: on_user_info_modified,
}
