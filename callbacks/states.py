"""The life of a callback: stored -> processing -> processed | unknown | failed; failed -> stored by "process again"."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CallbackStatus(models.TextChoices):
    STORED = "stored", _("waiting for a worker")
    PROCESSING = "processing", _("being processed")
    PROCESSED = "processed", _("processed")
    UNKNOWN = "unknown", _("unknown event, kept")
    FAILED = "failed", _("failed")


# What a worker takes, once `due_at` has come: also the lease of a worker that died, and a failure to be tried again.
OPEN = (CallbackStatus.STORED, CallbackStatus.PROCESSING)
