"""AccessToken: WeChat's token of an account, which all processes share."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wxcore.failures import Failure
from wxcore.fields import EncryptedTextField
from wxcore.models.account import OfficialAccount


class AccessToken(Failure):
    """The access token of an account, the lease of whoever is fetching the next one, and why there is none."""

    account = models.OneToOneField(OfficialAccount, on_delete=models.CASCADE, related_name="access_token")
    fingerprint = models.CharField(max_length=64)  # of the credentials: a changed secret makes the token worthless
    value = EncryptedTextField(blank=True, default="")
    expires_at = models.FloatField(default=0)  # seconds since the epoch, as the token keeper counts
    holder = models.CharField(max_length=64, blank=True, default="")
    lease_until = models.FloatField(default=0)
    # When WeChat refused one last; null once there is one again.
    failed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")

    def __str__(self) -> str:
        return f"{self.account_id}"
