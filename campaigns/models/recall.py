"""Recall: one call of mass/delete, written before it is made."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.broadcast import Broadcast
from campaigns.models.campaign import Campaign
from campaigns.states import RecallStatus
from wxcore.failures import Failure
from wxcore.models import OfficialAccount

WHOLE = 0


class Recall(Failure):
    """One broadcast, or one of its articles, that is taken back at WeChat for good."""

    account = models.ForeignKey(OfficialAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="recalls")
    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="recalls", db_index=False)
    # Counted from 1 as WeChat does; WHOLE takes everything back.
    article = models.PositiveSmallIntegerField(_("article"), default=WHOLE)
    status = models.CharField(
        _("status"), max_length=20, choices=RecallStatus, default=RecallStatus.PENDING, editable=False
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # When the last request was made, and whether WeChat may have carried one out without our knowing its answer.
    tried_at = models.DateTimeField(null=True, editable=False)
    uncertain = models.BooleanField(default=False, editable=False)
    # When somebody must look at it next: the next attempt, or the end of the lease.
    due_at = models.DateTimeField(_("next step"), null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("requested"))
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("recall")
        verbose_name_plural = _("recalls")
        ordering = ["campaign", "broadcast", "article"]
        # Pressed twice, or once more after a failure: the same row.
        constraints = [models.UniqueConstraint(fields=["broadcast", "article"], name="recall_once")]
        indexes = [
            models.Index(fields=["due_at"], name="recall_due", condition=Q(status="pending")),
            # WeChat allows ten calls a day.
            models.Index(fields=["account", "tried_at"], name="recall_day"),
        ]

    def __str__(self) -> str:
        return f"{self.broadcast} · {self.get_status_display()}"
