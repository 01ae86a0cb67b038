"""WeeklyMail: one report of one week to one person."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wxcore.failures import Failure
from wxcore.models.account import OfficialAccount


class MailStatus(models.TextChoices):
    """pending -> sending -> sent | failed, and back to pending when it surely was not sent."""

    PENDING = "pending", _("waiting")
    SENDING = "sending", _("on its way")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")


class WeeklyMail(Failure):
    """Written before it is sent, and once: nobody gets the report of a week twice."""

    account = models.ForeignKey(OfficialAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    week = models.DateField(_("week"))  # its Monday
    language = models.CharField(_("language"), max_length=10)
    status = models.CharField(_("status"), max_length=10, choices=MailStatus, default=MailStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(null=True)  # also the end of the lease of who is sending it
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        verbose_name = _("mail of a weekly report")
        verbose_name_plural = _("mails of weekly reports")
        constraints = [models.UniqueConstraint(fields=["account", "week", "user"], name="weekly_mail_once")]
        indexes = [
            models.Index(fields=["due_at"], name="weekly_mail_due", condition=Q(status__in=["pending", "sending"]))
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.week} {self.user_id}"
