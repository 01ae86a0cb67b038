"""Which accounts' followers could not be mirrored."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from followers.models import Sync
from followers.states import SyncStatus
from wxcore.attention import Accounts, Item, Level, register


def failed_syncs(accounts: Accounts) -> Iterable[Item]:
    """This will be the accounts whose last sync failed. Two statements."""
    ended = Sync.objects.filter(account=OuterRef("pk"), status__in=(SyncStatus.FINISHED, SyncStatus.FAILED))
    last = Subquery(ended.order_by("-pk").values("pk")[:1])
    ids = accounts.annotate(last_sync=last).values_list("last_sync", flat=True)
    for sync in Sync.objects.filter(pk__in=[pk for pk in ids if pk], status=SyncStatus.FAILED).order_by("pk"):
        yield Item(
            "sync_failed",
            Level.ERROR,
            sync.account_id,
            1,
            _("The last sync of the followers failed: %(reason)s") % {"reason": sync.error_message},
            sync.error_fix,
            reverse("admin:followers_sync_change", args=[sync.pk]),
            sync.finished_at,
        )


register("followers.view_sync", failed_syncs)
