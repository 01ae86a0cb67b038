"""What every copy at WeChat has in common."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RemoteCopy(models.Model):
    """Something of ours at WeChat. The row is written before the request, so that a lost answer is looked for."""

    media_id = models.CharField("media_id", max_length=128, blank=True, default="")
    uploaded_at = models.DateTimeField(_("uploaded"), null=True)
    # Since when a request may have been carried out whose answer we do not have.
    tried_at = models.DateTimeField(null=True, editable=False)
    # Until when the worker that makes the request has the row to itself.
    lease_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
