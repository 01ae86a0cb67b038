"""Preview: a message that was sent to one phone to be looked at (mass/preview)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.draft import Draft
from wxcore.failures import Failure
from wxcore.models import OfficialAccount


class Preview(Failure):
    """One call of mass/preview. WeChat counts those by WeChat ID, a hundred a day, so they are kept."""

    account = models.ForeignKey(OfficialAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, null=True, related_name="previews")
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, null=True, related_name="previews")
    openid = models.CharField("OpenID", max_length=64, blank=True, default="")
    wxname = models.CharField(_("WeChat ID"), max_length=64, blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("sent"))

    class Meta:
        verbose_name = _("preview on a phone")
        verbose_name_plural = _("previews on a phone")
        ordering = ["-id"]
        indexes = [models.Index(fields=["account", "created_at"], name="preview_day")]

    def __str__(self) -> str:
        return self.wxname or self.openid
