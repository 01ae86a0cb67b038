"""Deleting what is old enough: raw pushes and messages of conversations, after the account's `callback_days`.

In small batches, each a transaction of its own, so that a sweep never holds up what WeChat pushes meanwhile. What still
waits to be processed or sent is never deleted, however old.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from callbacks.models import Callback, Conversation, Message, MessageStatus
from callbacks.states import OPEN
from wxcore.models import OfficialAccount

BATCH = 1000
# Of each account and kind in one sweep: a shortened period is worked off over hours instead of at once.
MOST = 200_000
WAITING = (MessageStatus.PENDING, MessageStatus.SUBMITTING)


def sweep(*, now: dt.datetime, batch: int = BATCH, most: int = MOST) -> dict[str, int]:
    """This will delete what is older than its account's `callback_days`: how many {"callbacks", "messages"}."""
    deleted = {"callbacks": 0, "messages": 0}
    for account in OfficialAccount.objects.only("callback_days").order_by("pk"):
        until = now - dt.timedelta(days=account.callback_days)
        deleted["callbacks"] += sum(_callbacks(account, until, batch, most))
        deleted["messages"] += sum(_messages(account, until, batch, most))
        _forget_empty(account, until, batch)
    return deleted


def _callbacks(account: OfficialAccount, until: dt.datetime, batch: int, most: int) -> Iterator[int]:
    """The primary key grows with the time of receipt, so the walk ends where the rows become young."""
    last = 0
    for _step in range(0, most, batch):
        rows = Callback.objects.filter(account=account, pk__gt=last).order_by("pk")
        oldest = list(rows.values_list("pk", "received_at", "status")[:batch])
        due = [pk for pk, received_at, status in oldest if received_at < until and status not in OPEN]
        if due:
            # Asked once more: somebody may have queued one of them for another processing meanwhile.
            yield Callback.objects.filter(pk__in=due).exclude(status__in=OPEN).delete()[1].get(Callback._meta.label, 0)
        if len(oldest) < batch or oldest[-1][1] >= until:
            return
        last = oldest[-1][0]


def _messages(account: OfficialAccount, until: dt.datetime, batch: int, most: int) -> Iterator[int]:
    """Conversation after conversation: the index of a timeline leads to its old end."""
    last = 0
    for _step in range(0, most, batch):
        theirs = Conversation.objects.filter(account=account, pk__gte=last)
        old = Message.objects.filter(conversation__in=theirs, at__lt=until).exclude(status__in=WAITING)
        due = list(old.order_by("conversation").values_list("pk", "conversation")[:batch])
        if due:
            yield Message.objects.filter(pk__in=[pk for pk, _conversation in due]).delete()[0]
        if len(due) < batch:
            return
        last = due[-1][1]


def _forget_empty(account: OfficialAccount, until: dt.datetime, batch: int) -> None:
    """Its last words are old too: a conversation goes with its last message."""
    quiet = Q(last_message_at=None) | Q(last_message_at__lt=until)
    empty = Conversation.objects.filter(
        quiet, ~Exists(Message.objects.filter(conversation=OuterRef("pk"))), account=account
    )
    with transaction.atomic():
        # Locked before they are looked at again: a follower may be writing at this moment.
        held = Conversation.objects.select_for_update().filter(pk__in=list(empty.values_list("pk", flat=True)[:batch]))
        keys = [conversation.pk for conversation in held.only("pk")]
        empty.filter(pk__in=keys).delete()
