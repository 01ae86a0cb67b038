"""From the body of a push to its dataclass, and to the key that its repetitions share."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from wxcore.wechat.messages.account import ACCOUNT_EVENTS
from wxcore.wechat.messages.chat import MESSAGES
from wxcore.wechat.messages.containers import Container, MalformedPush, Odd, read
from wxcore.wechat.messages.events import FOLLOWER_EVENTS
from wxcore.wechat.messages.jobs import JOB_EVENTS, PUBLISHED
from wxcore.wechat.messages.notices import NOTICE_EVENTS, entries
from wxcore.wechat.messages.push import Kind, Push

MAX_KEY = 200

# By name in lower case, because WeChat's own spelling varies.
MESSAGE_KINDS: Mapping[str, Kind] = {kind.name.lower(): kind for kind in MESSAGES}
EVENT_KINDS: Mapping[str, Kind] = {
    kind.name.lower(): kind for kind in (*FOLLOWER_EVENTS, *JOB_EVENTS, *NOTICE_EVENTS, *ACCOUNT_EVENTS)
}


def parse(body: bytes) -> Push:
    """This will read a push of the plain mode, or what safe mode decrypts to: XML or JSON.

    A kind that we do not know, or whose own fields are nonsense, is a plain Push: it is kept, not lost.
    Raises MalformedPush.
    """
    root, is_json = read(body)
    from_user = root.text("FromUserName")
    if not from_user:
        raise MalformedPush("no FromUserName")
    create_time = root.moment("CreateTime")
    if create_time is None:
        raise MalformedPush("CreateTime is no time")
    common: dict[str, Any] = {
        "to_user": root.text("ToUserName"),
        "from_user": from_user,
        "create_time": create_time,
        "msg_type": root.text("MsgType").lower(),
        "event": root.text("Event").lower(),
        "msg_id": root.number("MsgId"),
        "is_json": is_json,
        "fields": {child.name: child.value for child in root},
        "body": root,
    }
    kind = _kind(root, common["msg_type"], common["event"])
    if kind is not None:
        try:
            return kind.push(**(common | kind.read(root)))
        except Odd:
            pass  # what can be said of it, a plain Push says
    return Push(**common)


def encrypted_part(body: bytes) -> str:
    """This will be the ciphertext of a push in safe or compatible mode. Raises MalformedPush when there is none."""
    ciphertext = read(body)[0].text("Encrypt")
    if not ciphertext:
        raise MalformedPush("no Encrypt")
    return ciphertext


def dedup_key(push: Push) -> str:
    """This will be the same for each delivery of one push, and shorter than 200 characters.

    A message has its MsgId. An event has none, so sender, second, event, key and subject stand for it together.
    """
    if push.msg_type != "event" and push.msg_id is not None:
        key = f"message|{push.msg_id}"
    else:
        # The key of the event comes last, because it alone may hold any character.
        parts = (push.from_user, str(push.create_time), push.event, _subject(push), push.body.text("EventKey"))
        key = "event|" + "|".join(parts)
    return key if len(key) < MAX_KEY else "sha256|" + hashlib.sha256(key.encode()).hexdigest()


def _kind(root: Container, msg_type: str, event: str) -> Kind | None:
    if msg_type != "event" and not event:
        return MESSAGE_KINDS.get(msg_type)
    if event == "masssendjobfinish" and root.child("PublishEventInfo") is not None:
        return PUBLISHED  # WeChat has been seen to name it so
    return EVENT_KINDS.get(event)


def _subject(push: Push) -> str:
    """What an event is about, where one sender may cause two in a second: a job, notices, another person, a card."""
    body = push.body
    if push.msg_id is not None:
        return str(push.msg_id)
    if published := body.find("PublishEventInfo", "publish_id"):
        return published[0].value
    if name := _NOTICES.get(push.event):
        found = (",".join(child.value for child in item) for item in entries(body, name))
        return ";".join(found)
    return body.text("OpenID") or body.text("UserCardCode")


_NOTICES = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}
