"""Sync: one run of the mirroring."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from followers.states import OPEN, SyncStatus
from wxcore.failures import Failure
from wxcore.models import OfficialAccount


class Sync(Failure):
    """One run of mirroring an account. It survives its worker: `next_openid` is where it stands."""

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="syncs", verbose_name=_("official account")
    )
    status = models.CharField(_("status"), max_length=20, choices=SyncStatus, default=SyncStatus.PENDING)
    total = models.PositiveIntegerField(_("followers (says WeChat)"), default=0)
    fetched = models.PositiveIntegerField(_("fetched"), default=0)
    left = models.PositiveIntegerField(_("left since"), default=0)
    next_openid = models.CharField(max_length=64, blank=True, default="", editable=False)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("requested"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    due_at = models.DateTimeField(_("continues at"))  # also the end of a running worker's lease

    class Meta:
        verbose_name = _("sync")
        verbose_name_plural = _("syncs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(status__in=OPEN), name="sync_one_open_per_account"
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="sync_due", condition=models.Q(status__in=OPEN))]

    def __str__(self) -> str:
        return f"{self.account} #{self.pk}"

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.fetched / self.total)) if self.total else 0
