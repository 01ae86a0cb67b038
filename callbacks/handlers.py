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


HANDLERS: dict[type[messages.Push], Handler] = {
    messages.Subscribe: on_subscribe,
    messages.Unsubscribe: on_unsubscribe,
    messages.MassSendJobFinish: on_mass_send_job_finish,
    messages.PublishJobFinish: on_publish_job_finish,
}
