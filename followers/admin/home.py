"""What the start page says about accounts and their followers."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from followers.models import Sync
from followers.states import OPEN, SyncStatus
from wxcore import rights
from wxcore.home import BOARD, Step, add_step
from wxcore.panels import Panel


def accounts(request: HttpRequest) -> dict[str, Any] | None:
    """This will be every account with what its last sync says; followers are not counted on a page view."""
    own = rights.accounts_of(request.user, "wxcore.view_officialaccount")
    found = list(own.only("name", "slug", "kind", "is_active").annotate(
        synced_total=Subquery(_last(SyncStatus.FINISHED).values("total")),
        synced_at=Subquery(_last(SyncStatus.FINISHED).values("finished_at")),
        open_sync=Subquery(_last(*OPEN).values("pk")),
        failed_sync=Subquery(_last(SyncStatus.FINISHED, SyncStatus.FAILED).values("status")),
    ))  # fmt: skip
    syncs = Sync.objects.in_bulk([account.open_sync for account in found if account.open_sync])
    for account in found:
        account.running = syncs.get(account.open_sync)
        account.may_sync = request.user.has_perm("followers.add_sync", account)
        account.last_failed = account.failed_sync == SyncStatus.FAILED
    return {"accounts": found} if found else None


def _last(*statuses: str) -> QuerySet[Sync]:
    return Sync.objects.filter(account=OuterRef("pk"), status__in=statuses).order_by("-pk")[:1]


BOARD.pin(Panel(20, "followers/home.html", "wxcore.view_officialaccount", accounts))
add_step(
    Step(
        10,
        _("Add an official account"),
        _("You need its AppID, its AppSecret and the token of WeChat's server configuration."),
        "admin:wxcore_officialaccount_add",
        "wxcore.add_officialaccount",
        lambda user: rights.accounts_of(user).exists(),
    )
)
add_step(
    Step(
        20,
        _("Sync the followers"),
        _("Followers and tags are mirrored from WeChat, so that you see whom a message will reach."),
        "admin:followers_sync_start",
        "followers.add_sync",
        lambda user: rights.scoped(Sync.objects.filter(status=SyncStatus.FINISHED), user).exists(),
    )
)
