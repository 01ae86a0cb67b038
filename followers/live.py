"""How far the syncs are, for whoever listens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from followers.models import Sync
from followers.states import OPEN
from wxcore.live import Fact, register

VIEW = "followers.view_sync"
COLUMNS = ("account", "status", "total", "fetched", "left", "error_code")


def syncs(known: Mapping[str, Fact]) -> Iterable[Fact]:
    """This will be the syncs under way, and what became of those that were. Two statements."""
    rows = {sync.pk: sync for sync in Sync.objects.filter(status__in=OPEN).only(*COLUMNS)}
    ended = [pk for pk in map(int, known) if pk not in rows]
    rows |= Sync.objects.only(*COLUMNS).in_bulk(ended) if ended else {}
    for sync in rows.values():
        data = {
            "id": sync.pk,
            "account": sync.account_id,
            "status": sync.status,
            "percent": sync.percent,
            "fetched": sync.fetched,
            "total": sync.total,
            "error_code": sync.error_code,
        }
        yield Fact("sync", str(sync.pk), sync.account_id, VIEW, data, sync.status in OPEN)


register("syncs", [VIEW], syncs)
