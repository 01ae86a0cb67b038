"""MassCalls: how many mass calls an account has made today, and when the next one may be made."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wxcore.models import OfficialAccount


class MassCalls(models.Model):
    """One row an account; `pace` is the only one that writes it."""

    account = models.OneToOneField(OfficialAccount, on_delete=models.CASCADE, related_name="mass_calls")
    # Of WeChat's calendar: Asia/Shanghai.
    day = models.DateField(_("day"))
    # WeChat counts the two calls of a day apart, those of a minute together.
    sendall = models.PositiveIntegerField("mass/sendall", default=0)
    send = models.PositiveIntegerField("mass/send", default=0)
    next_at = models.DateTimeField(_("next call"))

    class Meta:
        verbose_name = _("mass calls of an account")
        verbose_name_plural = _("mass calls of the accounts")

    def __str__(self) -> str:
        return f"{self.account_id}: {self.sendall} + {self.send} ({self.day})"


class MonthReceived(models.Model):
    """How many followers had none, one, ... four messages in a month, by our ledger; `allowance` counts it.

    One row an account. Counting reads the month's recipients, so it is done in the background.
    """

    account = models.OneToOneField(OfficialAccount, on_delete=models.CASCADE, related_name="month_received")
    month = models.DateField(_("month"))  # its first day, in Shanghai
    histogram = models.JSONField(default=list)
    counted_at = models.DateTimeField(_("counted"))

    class Meta:
        verbose_name = _("messages received in a month")
        verbose_name_plural = _("messages received in the months")

    def __str__(self) -> str:
        return f"{self.account_id}: {self.month:%Y-%m}"
