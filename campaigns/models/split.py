"""Split: an A/B test. Its variants are campaigns that share one audience, each its own part of it."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wxcore.models import OfficialAccount

# The largest prime below 2**31: products of two numbers below it fit a 64-bit integer of every database.
PRIME = 2_147_483_647


def new_factor() -> int:
    return 1 + secrets.randbelow(PRIME - 1)


def new_offset() -> int:
    return secrets.randbelow(PRIME)


class Split(models.Model):
    """Draws every follower a number from 0 to 99, always the same: `audience` mixes it from key, factor and offset.

    Factor and offset are drawn once, so two splits are independent of each other, and nobody can be in two variants of
    one, whenever these are sent.
    """

    account = models.ForeignKey(OfficialAccount, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    factor = models.BigIntegerField(default=new_factor, editable=False)
    offset = models.BigIntegerField(default=new_offset, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("A/B test")
        verbose_name_plural = _("A/B tests")

    def __str__(self) -> str:
        return self.name
