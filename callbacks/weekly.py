"""What followers wrote in a week, and how long they waited for an answer."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from callbacks.models import Conversation, Direction, Message
from wxcore.models import OfficialAccount
from wxcore.weekly.report import Figure, Section, register
from wxcore.weekly.weeks import Week

# Of the conversations of a week, the latest: so many are read, whatever was written.
MOST = 5000


def talked(account: OfficialAccount, week: Week, _reader: Any) -> Section:
    """This will be messages, answers, and the median of the waits. Four queries, over the conversations of the week."""
    this, before = _measured(account, week), _measured(account, week.before)
    figures = [
        Figure(_("messages received"), this["received"], before["received"]),
        Figure(_("followers who wrote"), this["people"], before["people"]),
        Figure(_("answered by a person"), this["answered"], before["answered"]),
        Figure(_("median wait for an answer"), this["wait"], before["wait"], unit="min", less_is_better=True),
    ]
    if not this["received"]:
        return Section(_("Conversations"), figures, empty=_("Nobody wrote in this week."))
    return Section(_("Conversations"), figures)


def _measured(account: OfficialAccount, week: Week) -> dict[str, int | None]:
    talked = Conversation.objects.filter(account=account, last_message_at__gte=week.start)
    chosen = list(talked.order_by("-last_message_at", "-pk").values_list("pk", flat=True)[:MOST])
    received, people, waits = 0, set(), []
    for part in range(0, len(chosen), 500):
        said = Message.objects.filter(
            conversation__in=chosen[part : part + 500], at__gte=week.start, at__lt=week.end
        ).exclude(direction=Direction.EVENT)
        rows = said.order_by("conversation", "at", "pk").values_list("conversation", "direction", "created_by", "at")
        for conversation, direction, waited in _walk(rows.iterator()):
            if direction == Direction.IN:
                received += 1
                people.add(conversation)
            elif waited is not None:
                waits.append(waited)
    wait = round(median(waits) / 60) if waits else None
    return {"received": received, "people": len(people), "answered": len(waits), "wait": wait}


def _walk(rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[int, str, float | None]]:
    """Each message, and at the first answer of a person the seconds since the first message that it answers."""
    asked: dict[int, Any] = {}
    for conversation, direction, by, at in rows:
        if direction == Direction.IN:
            asked.setdefault(conversation, at)
            yield conversation, direction, None
        elif by is not None and conversation in asked:
            yield conversation, direction, (at - asked.pop(conversation)).total_seconds()


register(50, "conversations", "callbacks.view_conversation", talked)
