"""FollowerDay: who came and went on a day."""

from __future__ import annotations

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from wxcore.models import OfficialAccount


class GrowthSource(models.TextChoices):
    MIRROR = "mirror", _("our own mirror")
    WECHAT = "wechat", _("WeChat")


class FollowerDay(models.Model):
    """How an account grew on one day of Shanghai's calendar; `growth` is the only one that writes it.

    Our mirror knows it at once, and misses who came and left between two counts; WeChat knows it the next morning.
    """

    account = models.ForeignKey(
        OfficialAccount,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        verbose_name=_("official account"),
    )
    day = models.DateField(_("day"))
    new = models.PositiveIntegerField(_("new"), default=0)
    left = models.PositiveIntegerField(_("left"), default=0)
    total = models.PositiveIntegerField(_("followers"), default=0)  # at its end
    source = models.CharField(_("source"), max_length=10, choices=GrowthSource, default=GrowthSource.MIRROR)
    # When WeChat was asked for it last, whether or not it answered.
    asked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("day of growth")
        verbose_name_plural = _("days of growth")
        constraints = [models.UniqueConstraint(fields=["account", "day"], name="follower_day_once")]

    def __str__(self) -> str:
        return date_format(self.day)
