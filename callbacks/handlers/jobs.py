"""What became of what we sent and published."""

from __future__ import annotations

import datetime as dt

from callbacks.handlers.base import Handler
from callbacks.models import Callback
from campaigns import publish_results
from campaigns import services as campaigns
from wxcore.wechat import messages


def on_mass_send_job_finish(callback: Callback, push: messages.MassSendJobFinish, now: dt.datetime) -> None:
    campaigns.record_result(callback.account, push, now=now)


def on_publish_job_finish(callback: Callback, push: messages.PublishJobFinish, now: dt.datetime) -> None:
    publish_results.record(callback.account, push, now=now)


HANDLERS: dict[type[messages.Push], Handler] = {
    messages.MassSendJobFinish: on_mass_send_job_finish,
    messages.PublishJobFinish: on_publish_job_finish,
}
