"""The life of a sync: pending -> running -> finished | failed | cancelled, with waiting whenever WeChat says so."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SyncStatus(models.TextChoices):
    PENDING = "pending", _("waiting for a worker")
    RUNNING = "running", _("running")
    WAITING = "waiting", _("waiting to continue")
    FINISHED = "finished", _("finished")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


OPEN = (SyncStatus.PENDING, SyncStatus.RUNNING, SyncStatus.WAITING)
