"""Publication: a draft that is published without being sent to anybody (freepublish)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.draft import Draft, RemoteDraft, Revision
from campaigns.states import PublicationStatus
from wxcore.failures import Failure
from wxcore.models import OfficialAccount


class Publication(Failure):
    """One freepublish/submit, written before it is made."""

    account = models.ForeignKey(OfficialAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="publications")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    # The copy in WeChat's draft box that was handed in.
    remote = models.ForeignKey(RemoteDraft, on_delete=models.SET_NULL, null=True, editable=False, related_name="+")
    status = models.CharField(
        _("status"), max_length=20, choices=PublicationStatus, default=PublicationStatus.PENDING, editable=False
    )
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    # Since when WeChat may have taken the request without our knowing its answer.
    tried_at = models.DateTimeField(null=True, editable=False)
    # When somebody must look at it next: the next attempt, the end of the lease, or the next question for the result.
    due_at = models.DateTimeField(_("next step"), null=True)
    publish_id = models.CharField("publish_id", max_length=64, blank=True, default="")
    msg_data_id = models.BigIntegerField("msg_data_id", null=True)
    article_id = models.CharField("article_id", max_length=128, blank=True, default="")
    urls = models.JSONField(_("addresses"), default=list)  # in the order of the articles
    failed_articles = models.JSONField(default=list)  # numbers from 1
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "publish_id"], name="publication_once", condition=~Q(publish_id="")
            )
        ]
        indexes = [
            # The list of one account, newest first.
            models.Index(fields=["account", "id"], name="publication_account"),
            models.Index(fields=["due_at"], name="publication_due", condition=Q(finished_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.draft} · {self.get_status_display()}"
