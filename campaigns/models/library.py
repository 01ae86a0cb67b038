"""LibraryImport: one run that brings what the account already has at WeChat."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.states import ImportStatus
from wxcore.failures import Failure
from wxcore.models import OfficialAccount

OPEN = [ImportStatus.PENDING, ImportStatus.RUNNING, ImportStatus.WAITING]


class Stage(models.TextChoices):
    """What is being imported, in this order."""

    IMAGE = "image", _("pictures")
    VOICE = "voice", _("voices")
    VIDEO = "video", _("videos")
    DRAFT = "draft", _("article drafts")


class LibraryImport(Failure):
    """An import of permanent material and drafts. It continues where it stood after a crash or a used-up quota."""

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="imports", verbose_name=_("official account")
    )
    status = models.CharField(
        _("status"), max_length=20, choices=ImportStatus, default=ImportStatus.PENDING, editable=False
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.IMAGE)
    offset = models.PositiveIntegerField(default=0)  # within the stage
    total = models.PositiveIntegerField(_("found"), default=0)
    imported = models.PositiveIntegerField(_("imported"), default=0)
    known = models.PositiveIntegerField(_("already here"), default=0)
    skipped = models.PositiveIntegerField(_("left out"), default=0)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("requested"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("import of material")
        verbose_name_plural = _("imports of material")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], name="import_one_open_per_account", condition=Q(status__in=OPEN)
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="import_due", condition=Q(status__in=OPEN))]

    def __str__(self) -> str:
        return f"{self.account} · {self.get_status_display()}"

    @property
    def done(self) -> int:
        """How many of those that were found have been looked at."""
        return self.imported + self.known + self.skipped

    @property
    def percent(self) -> int:
        """What is added at WeChat while it runs is not in the total, so this never exceeds 100."""
        if self.status == ImportStatus.FINISHED:
            return 100
        return min(100, round(100 * self.done / self.total)) if self.total else 0
