"""What each kind of push does. A kind that is not in the table is kept and marked as unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from callbacks.models import Callback
from campaigns import publish_results
from campaigns import services as campaigns
from followers import services as followers
from wxcore.wechat import messages

Handler = Callable[[Callback, Any, dt.datetime], None]


def on_subscribe(callback: Callback, push: messages.Subscribe, now: dt.datetime) -> None:
    followers.follow(callback.account, openid=push.from_user, at=callback.pushed_at, scene=push.scene)


def on_unsubscribe(callback: Callback, push: messages.Unsubscribe, now: dt.datetime) -> None:
    followers.unfollow(callback.account, openid=push.from_user, at=callback.pushed_at)


def on_mass_send_job_finish(callback: Callback, push: messages.MassSendJobFinish, now: dt.datetime) -> None:
    campaigns.record_result(callback.account, push, now=now)


def on_publish_job_finish(callback: Callback, push: messages.PublishJobFinish, now: dt.datetime) -> None:
    publish_results.record(callback.account, push, now=now)


def note_interaction(callback: Callback, push: messages.Push) -> None:
    """This will remember when somebody last did something in our chat, whatever else the push asks for."""
    if push.msg_type != "event" or push.event in BY_FOLLOWERS:
        # What WeChat dates ahead of our clock must not outshine what comes later.
        at = min(callback.pushed_at, callback.received_at)
        followers.interact(callback.account, openid=push.from_user, at=at)


# Events that a follower causes. LOCATION is none: the phone reports it by itself.
BY_FOLLOWERS = frozenset(("subscribe", "scan", "click", "view", "view_miniprogram", "location_select")) | frozenset(
    ("scancode_push", "scancode_waitmsg", "pic_sysphoto", "pic_photo_or_album", "pic_weixin", "user_enter_tempsession")
)

HANDLERS: dict[type[messages.Push], Handler] = {
    messages.Subscribe: on_subscribe,
    messages.Unsubscribe: on_unsubscribe,
    messages.MassSendJobFinish: on_mass_send_job_finish,
    messages.PublishJobFinish: on_publish_job_finish,
}
