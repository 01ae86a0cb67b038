"""Segment: a saved filter over the followers of an account, and the lists of openids that it may name."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wxcore.models import OfficialAccount


class Segment(models.Model):
    """A saved filter (人群). `conditions` is read by `followers.conditions`; it is applied anew at every use."""

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="segments", verbose_name=_("official account")
    )
    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("description"), max_length=200, blank=True, default="")
    conditions = models.JSONField(_("conditions"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["-id"]
        constraints = [
            # Two of one name would be chosen for each other.
            models.UniqueConstraint(
                fields=["account", "name"],
                name="segment_name",
                violation_error_message=_("There is a segment of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admin:followers_segment_change", args=[self.pk])

    @property
    def groups(self) -> list[list[dict[str, Any]]]:
        return self.conditions.get("groups", []) if isinstance(self.conditions, dict) else []


class OpenidList(models.Model):
    """A list of openids as it was uploaded. It never changes: a new upload is another list."""

    account = models.ForeignKey(OfficialAccount, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("file name"), max_length=100)
    size = models.PositiveIntegerField(_("OpenIDs"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("list of OpenIDs")
        verbose_name_plural = _("lists of OpenIDs")

    def __str__(self) -> str:
        return self.name


class ListedFollower(models.Model):
    """One line of a list, whether we know that follower or not."""

    list = models.ForeignKey(OpenidList, on_delete=models.CASCADE, related_name="lines", db_index=False)
    openid = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("line of a list of OpenIDs")
        verbose_name_plural = _("lines of a list of OpenIDs")
        constraints = [models.UniqueConstraint(fields=["list", "openid"], name="listed_follower_once")]

    def __str__(self) -> str:
        return self.openid
