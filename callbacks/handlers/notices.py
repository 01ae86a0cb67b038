"""Template messages and subscription notices: what became of them, and who wants them."""

from __future__ import annotations

import datetime as dt

from callbacks import notices
from callbacks.handlers.base import Handler, while_here
from callbacks.models import Callback
from wxcore.wechat import messages


@while_here
def on_template_send_job_finish(callback: Callback, push: messages.TemplateSendJobFinish, now: dt.datetime) -> None:
    notices.record_template(
        callback.account,
        openid=callback.openid,
        msg_id=push.msg_id,
        delivered=push.outcome is messages.Outcome.SUCCESS,
        status=push.status,
        at=callback.pushed_at,
    )


@while_here
def on_notice_sent(callback: Callback, push: messages.NoticeSent, now: dt.datetime) -> None:
    notices.record_subscription(callback.account, openid=callback.openid, items=push.items, at=callback.pushed_at)


@while_here
def on_consent(callback: Callback, push: messages.NoticePopup | messages.NoticeChange, now: dt.datetime) -> None:
    notices.record_consent(callback.account, openid=callback.openid, items=push.items, at=callback.pushed_at)


HANDLERS: dict[type[messages.Push], Handler] = {
    messages.TemplateSendJobFinish: on_template_send_job_finish,
    messages.NoticeSent: on_notice_sent,
    messages.NoticePopup: on_consent,
    messages.NoticeChange: on_consent,
}
