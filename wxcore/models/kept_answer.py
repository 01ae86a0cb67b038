"""KeptAnswer: what a request with an Idempotency-Key was answered, for whoever repeats it."""

from __future__ import annotations

from django.db import models

from wxcore.fields import EncryptedTextField


class KeptAnswer(models.Model):
    """One key of one caller: under way while `holder` has the lease, answered when `status` is there."""

    caller = models.CharField(max_length=40)  # "user:1", or "token:1": whose key it is
    key = models.CharField(max_length=200)
    request = models.CharField(max_length=64)  # hash of method, address and body
    holder = models.CharField(max_length=32, blank=True, default="")
    lease_until = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = EncryptedTextField(blank=True, default="")  # an answer may hold a secret that is shown once
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "kept answer"
        verbose_name_plural = "kept answers"
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="kept_answer_once")]

    def __str__(self) -> str:
        return f"{self.caller} {self.key}"
