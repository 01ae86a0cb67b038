"""The verbs of a conversation: receive what a follower did, queue what we write, assign, mark as done, reopen, erase.

A push may be processed twice, on two workers, and after later ones: the row of the conversation is locked while its
timeline grows, and a message is known by its `dedup_key`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import fields
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from callbacks import windows
from callbacks.models import Callback, Conversation, Direction, Message, MessageStatus, ReplyRule
from campaigns.models import MediaAsset
from wxcore.errors import OperatorError
from wxcore.models import Membership, OfficialAccount
from wxcore.wechat import messages

ANSWER = "callbacks.answer_conversation"
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


class NoColleague(OperatorError):
    code = "no_colleague"
    message = _("%(name)s may not answer the followers of this official account.")
    fix = _("Choose somebody with the role Operator or Administrator on it, or give them the role.")


@transaction.atomic(savepoint=False)
def receive(callback: Callback, push: messages.Push, now: dt.datetime) -> None:
    """This will keep what a follower wrote, or the line of what they did, and what we answered to it at once.

    It opens the window that the push allows, and a message reopens the conversation. Processed twice it is one message.
    """
    is_message = push.msg_type != "event"
    granted = windows.grant(push.msg_type, push.event)
    if not callback.openid or not (is_message or granted or push.event in LINES):
        return
    conversation = _locked(callback.account, callback.openid)
    if conversation.messages.filter(dedup_key=callback.dedup_key).exists():
        return
    # WeChat tells whole seconds: within one, what arrived first was said first. What it dates ahead of our clock must
    # not outshine what comes later.
    at = min(callback.pushed_at + LAST_OF_SECOND, callback.received_at)
    _keep(conversation, callback, push, at)
    changed: dict[str, Any] = {}
    if granted:
        changed |= windows.columns(windows.of(conversation).opened(granted, min(callback.pushed_at, at)))
    if is_message:
        changed |= _counted(conversation, push, at)
    if isinstance(push, messages.CustomerServiceSession):
        closed = push.event == "kf_close_session"
        changed["kf_account"] = "" if closed else push.kf_account[:64]
    if callback.answer:
        _keep_answer(conversation, callback, now)
    Conversation.objects.filter(pk=conversation.pk).update(**changed)


@transaction.atomic
def queue(
    account: OfficialAccount,
    openid: str,
    *,
    kind: str,
    now: dt.datetime,
    text: str = "",
    content: dict[str, Any] | None = None,
    asset: MediaAsset | None = None,
    by: User | None = None,
    rule: ReplyRule | None = None,
    dedup_key: str | None = None,
) -> Message:
    """This will have a customer-service message sent soon; with a `dedup_key` that is known, it is that message.

    `kind` is a msgtype of custom/send, `content` the rest of its branch. Sent by a person it is an answer: the
    conversation no longer waits for one.
    """
    conversation = _locked(account, openid)
    key = dedup_key or uuid.uuid4().hex
    known = conversation.messages.filter(dedup_key=key).first()
    if known is not None:
        return known
    if by is not None:
        Conversation.objects.filter(pk=conversation.pk).update(waiting_since=None, unread=0)
    return Message.objects.create(
        conversation=conversation,
        direction=Direction.OUT,
        kind=kind,
        text=text,
        content=content or {},
        asset=asset,
        at=now,
        dedup_key=key,
        rule=rule,
        created_by=by,
        status=MessageStatus.PENDING,
        due_at=now,
    )


def assign(conversation: Conversation, *, to: User | None) -> None:
    """This will make somebody responsible, or nobody. Raises NoColleague for whoever may not answer."""
    if to is not None and not (to.is_active and to.has_perm(ANSWER, conversation)):
        raise NoColleague(name=to.get_full_name() or to.get_username())
    Conversation.objects.filter(pk=conversation.pk).update(assignee=to)
    conversation.assignee = to


def colleagues(conversation: Conversation) -> QuerySet[User]:
    """This will be the members of the account who may answer its followers, by name."""
    app, codename = ANSWER.split(".")
    permission = {"role__permissions__content_type__app_label": app, "role__permissions__codename": codename}
    members = Membership.objects.filter(account=conversation.account_id, **permission).values("user")
    return User.objects.filter(is_active=True, pk__in=members).order_by("last_name", "first_name", "username")


def mark_read(conversation: Conversation) -> None:
    """This will count nothing as unread any more. Whether an answer is due does not change."""
    Conversation.objects.filter(pk=conversation.pk, unread__gt=0).update(unread=0)


def mark_done(conversations: QuerySet[Conversation]) -> int:
    """This will take conversations out of the inbox, and count them. The follower's next message brings one back."""
    return conversations.filter(is_done=False).update(is_done=True, unread=0, waiting_since=None)


def reopen(conversations: QuerySet[Conversation]) -> int:
    """This will put conversations back into the inbox, and count them."""
    return conversations.filter(is_done=True).update(is_done=False)


def erase(account: OfficialAccount, openid: str) -> None:
    """This will delete all that was said with a follower."""
    theirs = Conversation.objects.filter(account=account, openid=openid)
    Message.objects.filter(conversation__in=theirs).delete()
    theirs.delete()


def _locked(account: OfficialAccount, openid: str) -> Conversation:
    held = Conversation.objects.select_for_update()
    found = held.filter(account=account, openid=openid).first()
    if found is not None:
        return found
    Conversation.objects.bulk_create([Conversation(account=account, openid=openid)], ignore_conflicts=True)
    return held.get(account=account, openid=openid)


def _keep(conversation: Conversation, callback: Callback, push: messages.Push, at: dt.datetime) -> Message:
    is_event = push.msg_type == "event"
    content = {field.name: _clean(getattr(push, field.name)) for field in fields(push) if field.name not in COMMON}
    return Message.objects.create(
        conversation=conversation,
        direction=Direction.EVENT if is_event else Direction.IN,
        kind=(push.event if is_event else push.msg_type)[:32],
        text=_words(content),
        content=content,
        at=at,
        dedup_key=callback.dedup_key,
        callback=callback,
    )


def _keep_answer(conversation: Conversation, callback: Callback, now: dt.datetime) -> None:
    answer = dict(callback.answer)
    rule = ReplyRule.objects.filter(pk=answer.pop("rule", None), account=callback.account_id).first()
    kind = str(answer.pop("kind", "text"))
    if "later" in answer:
        _answer_later(callback, rule, answer["later"], now)
        return
    Message.objects.create(
        conversation=conversation,
        direction=Direction.OUT,
        kind=kind[:32],
        text=_words(answer),
        content=answer,
        asset=rule.asset if rule is not None else None,
        at=callback.received_at,
        dedup_key=answer_key(callback),
        callback=callback,
        rule=rule,
        status=MessageStatus.SENT,
    )


def _answer_later(callback: Callback, rule: ReplyRule | None, later: dict[str, Any], now: dt.datetime) -> None:
    """What a rule answers with a file that WeChat did not have. A file that was deleted meanwhile fails there."""
    queue(
        callback.account,
        callback.openid,
        kind=later["kind"],
        content=later["content"],
        asset=MediaAsset.objects.filter(pk=later["asset"], account=callback.account_id).first(),
        rule=rule,
        dedup_key=answer_key(callback),
        now=now,
    )


def answer_key(callback: Callback) -> str:
    """This will be the `dedup_key` of what we answered to a push, at once or later."""
    return f"answer|{callback.pk}"


def _counted(conversation: Conversation, push: messages.Push, at: dt.datetime) -> dict[str, Any]:
    """This will be the columns after one more message of the follower."""
    changed: dict[str, Any] = {
        "is_done": False,
        "unread": conversation.unread + 1,
        "waiting_since": min(at, conversation.waiting_since or at),
    }
    if conversation.last_message_at is None or at >= conversation.last_message_at:
        words = _words({name: _clean(getattr(push, name, "")) for name in WORDS})
        changed |= {"last_message_at": at, "preview": words[:PREVIEW] or f"[{push.msg_type}]"[:PREVIEW]}
    return changed


def _words(content: dict[str, Any]) -> str:
    return next((text for name in WORDS if isinstance(text := content.get(name), str) and text), "")


def _clean(value: Any) -> Any:
    """PostgreSQL keeps no text with a NUL, and JSON may bring one."""
    if isinstance(value, str):
        return value.replace("\0", "")
    return [_clean(item) for item in value] if isinstance(value, tuple | list) else value
