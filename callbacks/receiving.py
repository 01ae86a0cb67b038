"""What followers do, as lines of their conversations: many pushes at once, in a handful of statements.

A push may be processed twice, on two workers, and after later ones: the rows of the conversations are locked while
their timelines grow, and a message is known by its `dedup_key`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields
from functools import partial
from typing import Any

from django.db import transaction

from callbacks import conversations, windows
from callbacks.models import (
    Callback,
    Conversation,
    Direction,
    Message,
    MessageStatus,
    ReplyKind,
    ReplyRule,
    Trigger,
)
from campaigns.models import MediaAsset
from wxcore import webhooks
from wxcore.wechat import messages

# Events that leave a line in the timeline. LOCATION is none: the phone reports it every few seconds.
LINES = frozenset(
    (
        "subscribe",
        "scan",
        "click",
        "view",
        "view_miniprogram",
        "scancode_push",
        "scancode_waitmsg",
        "location_select",
        "pic_sysphoto",
        "pic_photo_or_album",
        "pic_weixin",
        "user_enter_tempsession",
        "kf_create_session",
        "kf_close_session",
        "kf_switch_session",
    )
)
# Where the words of a push are, by the name of the field.
WORDS = ("content", "recognition", "label", "title", "scene", "key", "url", "path", "kf_account")
PREVIEW = 100
LAST_OF_SECOND = dt.timedelta(microseconds=999_999)
COMMON = frozenset(field.name for field in fields(messages.Push))
# What a push changes of its conversation.
CHANGED = (
    "is_done",
    "unread",
    "waiting_since",
    "last_message_at",
    "preview",
    "kf_account",
    *windows.Windows.__dataclass_fields__,
)

Entry = tuple[Callback, messages.Push]


def receive(callback: Callback, push: messages.Push, now: dt.datetime) -> None:
    """This will keep what one push says of its conversation, see `receive_all`."""
    receive_all([(callback, push)], now)


@transaction.atomic(savepoint=False)
def receive_all(entries: Sequence[Entry], now: dt.datetime) -> None:
    """This will keep what followers wrote, or the lines of what they did, and what we answered to it at once.

    It opens the windows that the pushes allow, and a message reopens its conversation. Processed twice it is one
    message.
    """
    told = [(callback, push) for callback, push in entries if callback.openid and _leaves_a_line(push)]
    if not told:
        return
    fresh = _fresh(told)
    rules = _rules(fresh)
    new, heard = [], []
    for callback, push, conversation in fresh:
        line = _line(conversation, callback, push)
        new.append(line)
        rule = rules.get(callback.pk)
        waits = push.msg_type != "event" and not _is_settled(rule)
        if push.msg_type != "event":
            heard.append((line, waits and conversation.waiting_since is None))
        if callback.answer and "later" not in callback.answer:
            new.append(_answer(conversation, callback, rule))
        _advance(conversation, callback, push, waits=waits)
    Message.objects.bulk_create(new)
    _save(list({conversation.pk: conversation for _callback, _push, conversation in fresh}.values()))
    for callback, _push, _conversation in fresh:
        if "later" in callback.answer:
            _answer_later(callback, rules.get(callback.pk), now)
    for message, is_first in heard:
        _announce(message, is_first)


def _fresh(told: list[Entry]) -> list[tuple[Callback, messages.Push, Conversation]]:
    """What is not in the timelines yet, with its conversation, which is locked."""
    held = conversations.locked((callback.account_id, callback.openid) for callback, _push in told)
    lines = Message.objects.filter(
        conversation__in=[conversation.pk for conversation in held.values()],
        dedup_key__in=[callback.dedup_key for callback, _push in told],
    )
    known = set(lines.values_list("conversation", "dedup_key"))
    placed = [(callback, push, held[callback.account_id, callback.openid]) for callback, push in told]
    return [entry for entry in placed if (entry[2].pk, entry[0].dedup_key) not in known]


def _rules(fresh: list[tuple[Callback, messages.Push, Conversation]]) -> dict[int, ReplyRule]:
    """The rules that answered, those that are still there, by the callback that they answered."""
    wanted = {callback.pk: callback.answer.get("rule") for callback, _push, _talk in fresh if callback.answer}
    found = ReplyRule.objects.in_bulk({rule for rule in wanted.values() if rule is not None})
    of = {callback.pk: callback.account_id for callback, _push, _talk in fresh}
    rules = {key: found.get(rule) for key, rule in wanted.items()}
    return {key: rule for key, rule in rules.items() if rule is not None and rule.account_id == of[key]}


def answer_key(callback: Callback) -> str:
    """This will be the `dedup_key` of what we answered to a push, at once or later."""
    return f"answer|{callback.pk}"


def _leaves_a_line(push: messages.Push) -> bool:
    return push.msg_type != "event" or push.event in LINES or windows.grant(push.msg_type, push.event) is not None


def _save(changed: list[Conversation]) -> None:
    """Several rows in one statement; all of them are there, so that none is inserted."""
    if len(changed) == 1:
        changed[0].save(update_fields=CHANGED)
    elif changed:
        Conversation.objects.bulk_create(changed, update_conflicts=True, unique_fields=["pk"], update_fields=CHANGED)


def _at(callback: Callback) -> dt.datetime:
    """WeChat tells whole seconds: within one, what arrived first was said first. What it dates ahead of our clock must
    not outshine what comes later."""
    return min(callback.pushed_at + LAST_OF_SECOND, callback.received_at)


def _line(conversation: Conversation, callback: Callback, push: messages.Push) -> Message:
    is_event = push.msg_type == "event"
    content = {field.name: _clean(getattr(push, field.name)) for field in fields(push) if field.name not in COMMON}
    return Message(
        conversation=conversation,
        direction=Direction.EVENT if is_event else Direction.IN,
        kind=(push.event if is_event else push.msg_type)[:32],
        text=_words(content),
        content=content,
        at=_at(callback),
        dedup_key=callback.dedup_key,
        callback=callback,
    )


def _is_settled(rule: ReplyRule | None) -> bool:
    """Whoever asks with a keyword and gets its answer waits for nobody. A rule for anything else only puts them off."""
    return rule is not None and rule.trigger == Trigger.KEYWORD and rule.kind != ReplyKind.TRANSFER


def _advance(conversation: Conversation, callback: Callback, push: messages.Push, *, waits: bool) -> None:
    """This will bring the conversation to where it is after the push, which `waits` for somebody to answer or not."""
    at = _at(callback)
    granted = windows.grant(push.msg_type, push.event)
    if granted:
        opened = windows.of(conversation).opened(granted, min(callback.pushed_at, at))
        for name, value in windows.columns(opened).items():
            setattr(conversation, name, value)
    if push.msg_type != "event":
        _note_words(conversation, push, at)
    if waits:
        conversation.is_done = False
        conversation.unread += 1
        conversation.waiting_since = min(at, conversation.waiting_since or at)
    if isinstance(push, messages.CustomerServiceSession):
        closed = push.event == "kf_close_session"
        conversation.kf_account = "" if closed else push.kf_account[:64]


def _note_words(conversation: Conversation, push: messages.Push, at: dt.datetime) -> None:
    if conversation.last_message_at is None or at >= conversation.last_message_at:
        words = _words({name: _clean(getattr(push, name, "")) for name in WORDS})
        conversation.last_message_at = at
        conversation.preview = words[:PREVIEW] or f"[{push.msg_type}]"[:PREVIEW]


def _answer(conversation: Conversation, callback: Callback, rule: ReplyRule | None) -> Message:
    """What went out as the passive reply."""
    content = {name: value for name, value in callback.answer.items() if name not in ("rule", "kind")}
    return Message(
        conversation=conversation,
        direction=Direction.OUT,
        kind=str(callback.answer.get("kind", "text"))[:32],
        text=_words(content),
        content=content,
        asset_id=rule.asset_id if rule is not None else None,
        at=callback.received_at,
        dedup_key=answer_key(callback),
        callback=callback,
        rule=rule,
        status=MessageStatus.SENT,
    )


def _answer_later(callback: Callback, rule: ReplyRule | None, now: dt.datetime) -> None:
    """What a rule answers with a file that WeChat did not have. A file that was deleted meanwhile fails there."""
    later = callback.answer["later"]
    conversations.queue(
        callback.account,
        callback.openid,
        kind=later["kind"],
        content=later["content"],
        asset=MediaAsset.objects.filter(pk=later["asset"], account=callback.account_id).first(),
        rule=rule,
        dedup_key=answer_key(callback),
        now=now,
    )


def _announce(message: Message, is_first: bool) -> None:
    """Tell webhooks of what a follower wrote. The first message that waits for us makes the conversation wait."""
    conversation = message.conversation
    said = {
        "conversation": conversation.pk,
        "openid": conversation.openid,
        "kind": message.kind,
        "text": message.text,
        "at": webhooks.moment(message.at),
    }
    tell = partial(webhooks.emit, conversation.account_id, subject=conversation.openid)
    tell("message.received", lambda: {**said, "message": message.pk})
    if is_first:
        tell("conversation.waiting", lambda: said)


def _words(content: dict[str, Any]) -> str:
    return next((text for name in WORDS if isinstance(text := content.get(name), str) and text), "")


def _clean(value: Any) -> Any:
    """PostgreSQL keeps no text with a NUL, and JSON may bring one."""
    if isinstance(value, str):
        return value.replace("\0", "")
    return [_clean(item) for item in value] if isinstance(value, tuple | list) else value
