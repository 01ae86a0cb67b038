"""How many followers wait for an answer, for whoever listens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import OuterRef, Subquery

from callbacks.attention import unanswered
from callbacks.conversations import ANSWER
from wxcore.attention import CappedCount
from wxcore.live import Fact, register
from wxcore.models import OfficialAccount


def conversations(known: Mapping[str, Fact]) -> Iterable[Fact]:
    """This will be, account by account, how many conversations wait, and since when. One statement."""
    waiting = unanswered().filter(account=OuterRef("pk"))
    oldest = Subquery(waiting.order_by("waiting_since").values("waiting_since")[:1])
    rows = OfficialAccount.objects.order_by("pk").annotate(waiting=CappedCount(waiting), oldest=oldest)
    for account, number, since in rows.values_list("pk", "waiting", "oldest"):
        data = {"id": account, "account": account, "waiting": number, "oldest": since}
        yield Fact("conversation", str(account), account, ANSWER, data)


register("conversations", [ANSWER], conversations)
