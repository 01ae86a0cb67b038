"""ApiToken: what a program shows instead of a person's password."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from wxcore.models.account import OfficialAccount


class Scope(models.TextChoices):
    """What a token may be used for. None contains another."""

    READ = "read", _("read: look at everything that its owner may see")
    WRITE = "write", _("write: change what followers and readers do not see")
    SEND = "send", _("send: whatever reaches followers or the public")


class ApiToken(models.Model):
    """A key to the API. It may what its owner may, on the accounts and in the scopes that it is for.

    Only hashes are stored. `key` is the part of the secret by which people, and we, tell tokens apart.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("Which program it is for."))
    key = models.CharField(_("key"), max_length=8, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    # Of the secret before the last rotation, while it still works.
    previous_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    previous_until = models.DateTimeField(_("the old secret works until"), null=True, blank=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    # Not "no account means all": the last account of a limited token may be deleted.
    is_limited = models.BooleanField(_("only some accounts"), default=False)
    accounts = models.ManyToManyField(
        OfficialAccount, blank=True, related_name="api_tokens", verbose_name=_("official accounts")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    last_address = models.GenericIPAddressField(_("last used from"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name

    @property
    def shown(self) -> str:
        """What may be seen of the secret."""
        return f"qf_{self.key}_…"

    def is_alive(self, now: dt.datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at
