"""Membership: who works for an account, and as what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wxcore.models.account import OfficialAccount


class Membership(models.Model):
    """What a person may do on one account: what the role may. Several roles on one account add up."""

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("official account")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("user"),
        db_index=False,
    )
    role = models.ForeignKey("auth.Group", on_delete=models.PROTECT, related_name="memberships", verbose_name=_("role"))

    weekly_report = models.BooleanField(
        _("weekly report"), default=False, help_text=_("By mail, Monday at nine in the account's time zone.")
    )
    weekly_language = models.CharField(
        _("language of the report"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["account", "user", "role"]
        # Begins with the user: their memberships are read with every request.
        constraints = [models.UniqueConstraint(fields=["user", "account", "role"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.account}"
