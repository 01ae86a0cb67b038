"""Webhook: an address that is told what happens. WebhookDelivery: one event for one of them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from wxcore.failures import Failure
from wxcore.fields import EncryptedTextField
from wxcore.models.account import OfficialAccount


class Webhook(Failure):
    """An address of somebody else's, and what it wants to know. The failure is why it was switched off."""

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="webhooks", verbose_name=_("official account")
    )
    name = models.CharField(_("name"), max_length=100)
    url = models.CharField(_("address"), max_length=500, help_text=_("Where we post to, for example https://…/hooks."))
    events = models.JSONField(_("events"), default=list)
    secret = EncryptedTextField(_("secret"), editable=False)
    # Signs as well until then, so that a receiver can change over without losing an event.
    previous_secret = EncryptedTextField(blank=True, default="", editable=False)
    previous_until = models.DateTimeField(null=True, editable=False)
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Off: nothing is kept for it, and what still waited is given up.")
    )
    disabled_at = models.DateTimeField(_("switched off by itself"), null=True, editable=False)
    # Since when nothing has arrived; None while things do.
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    last_success_at = models.DateTimeField(_("last delivered"), null=True, editable=False)
    # After silence, so that a dead receiver does not keep the threads from the others.
    resting_until = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+",
        verbose_name=_("made by"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["account", "name", "id"]

    def __str__(self) -> str:
        return self.name


class DeliveryStatus(models.TextChoices):
    """pending -> delivering -> delivered | failed, and back to pending for the next try."""

    PENDING = "pending", pgettext_lazy("delivery", "waiting")
    DELIVERING = "delivering", _("on its way")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("failed")


OPEN = (DeliveryStatus.PENDING, DeliveryStatus.DELIVERING)


class WebhookDelivery(Failure):
    """One event on its way to one webhook. `event_id` stays the same however often it is posted."""

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="+", verbose_name=_("official account"), db_index=False
    )
    # Without a constraint: an event must not fail because its webhook was deleted at that moment. Such a row waits
    # for the sweep.
    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="deliveries", verbose_name=_("webhook"),
        db_constraint=False, db_index=False,
    )  # fmt: skip
    event = models.CharField(_("event"), max_length=40)
    event_id = models.UUIDField(_("event ID"), default=uuid.uuid4)
    # The openid of whom it tells something personal, which goes when they are erased.
    subject = models.CharField(max_length=64, blank=True, default="")
    payload = models.JSONField(_("body"))
    status = models.CharField(_("status"), max_length=10, choices=DeliveryStatus, default=DeliveryStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # The next try, or the end of the lease of the one that is under way.
    due_at = models.DateTimeField(_("next try"), null=True)
    status_code = models.PositiveSmallIntegerField(_("HTTP status"), null=True)
    duration_ms = models.PositiveIntegerField(_("milliseconds"), null=True)
    answer = models.TextField(_("answer"), blank=True, default="")
    created_at = models.DateTimeField(_("created"))
    delivered_at = models.DateTimeField(_("delivered"), null=True)

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["webhook", "event_id"], name="webhook_event_once")]
        indexes = [
            models.Index(fields=["account", "-id"], name="delivery_by_account"),
            models.Index(fields=["webhook", "-id"], name="delivery_by_webhook"),
            models.Index(fields=["due_at"], name="delivery_due", condition=Q(status__in=["pending", "delivering"])),
            models.Index(fields=["account", "subject"], name="delivery_of_person", condition=~Q(subject="")),
        ]

    def __str__(self) -> str:
        return f"{self.event} · {self.event_id}"
