"""The verbs of a conversation: queue what we write, assign, mark as done, reopen, erase.

The row of a conversation is locked while its timeline grows, and a message is known by its `dedup_key`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from callbacks.models import Conversation, Direction, Message, MessageStatus, ReplyRule
from campaigns.models import MediaAsset
from wxcore import webhooks
from wxcore.errors import OperatorError
from wxcore.models import Membership, OfficialAccount

ANSWER = "callbacks.answer_conversation"


class NoColleague(OperatorError):
    code = "no_colleague"
    message = _("%(name)s may not answer the followers of this official account.")
    fix = _("Choose somebody with the role Operator or Administrator on it, or give them the role.")


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
    conversation = locked([(account.pk, openid)])[account.pk, openid]
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
    webhooks.erase(account, openid)
    theirs = Conversation.objects.filter(account=account, openid=openid)
    Message.objects.filter(conversation__in=theirs).delete()
    theirs.delete()


def locked(of: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Conversation]:
    """This will lock the conversations of followers (account, openid), each begun if need be, until the transaction
    ends.

    In one order, so that two workers that want several of them wait for each other at most once.
    """
    by_account = defaultdict(set)
    for account_id, openid in of:
        by_account[account_id].add(openid)
    return {
        (account_id, each.openid): each
        for account_id in sorted(by_account)
        for each in _locked_of(account_id, by_account[account_id])
    }


def _locked_of(account_id: int, openids: set[str]) -> list[Conversation]:
    rows = Conversation.objects.filter(account=account_id, openid__in=openids).order_by("openid")
    found = list(rows.select_for_update())
    missing = openids - {each.openid for each in found}
    if not missing:
        return found
    begun = [Conversation(account_id=account_id, openid=openid) for openid in sorted(missing)]
    Conversation.objects.bulk_create(begun, ignore_conflicts=True)
    return list(rows.select_for_update())
