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
