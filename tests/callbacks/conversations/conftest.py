from __future__ import annotations

import datetime as dt
from typing import Any, Protocol

import pytest
from django.utils import timezone

from callbacks import receiving
from callbacks.models import Callback, Conversation
from wxcore.models import OfficialAccount
from wxcore.wechat import messages

OPENID = "oU1"


class Receive(Protocol):
    def __call__(self, kind: str = ..., *fields: str, **columns: Any) -> Callback: ...


@pytest.fixture
def receive(account: OfficialAccount) -> Receive:
    """`receive("text", "<Content>hi</Content>", at=...)`: a push of that MsgType or Event, stored and processed."""

    def receive(kind: str = "text", *fields: str, at: dt.datetime | None = None, **columns: Any) -> Callback:
        number = Callback.objects.count() + 1
        at = at or timezone.now()
        is_event = kind not in ("text", "image", "voice", "video", "location", "link", "file", "strange")
        head = f"<MsgType>event</MsgType><Event>{kind}</Event>" if is_event else f"<MsgType>{kind}</MsgType>"
        number_of = "" if is_event else f"<MsgId>{number}</MsgId>"
        body = (
            f"<xml><ToUserName>gh_1</ToUserName><FromUserName>{OPENID}</FromUserName>"
            f"<CreateTime>{int(at.timestamp())}</CreateTime>{head}{number_of}{''.join(fields)}</xml>"
        )
        push = messages.parse(body.encode())
        callback = Callback.objects.create(
            account=account, dedup_key=f"push-{number}", openid=OPENID, msg_type=push.msg_type, event=push.event,
            body=body, pushed_at=at, received_at=at, **columns,
        )  # fmt: skip
        receiving.receive(callback, push, timezone.now())
        return callback

    return receive


@pytest.fixture
def talk(receive: Receive) -> Conversation:
    """A conversation whose follower has just written."""
    receive("text", "<Content>什么时候上新？</Content>")
    return Conversation.objects.get()
