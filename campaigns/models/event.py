"""CampaignEvent: who did what to a campaign, when, and from where."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.states import Status


class Verb(models.TextChoices):
    SPLIT = "split", _("made a variant of an A/B test")
    CREATED = "created", _("created")
    EDITED = "edited", _("edited")
    SUBMITTED = "submitted", _("submitted for review")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    TAKEN_BACK = "taken_back", _("made a draft again")
    VOIDED = "voided", _("approval became void")
    SCHEDULED = "scheduled", _("scheduled")
    RESCHEDULED = "rescheduled", _("moved to another time")
    UNSCHEDULED = "unscheduled", _("taken off the schedule")
    HELD = "held", _("held: its time was missed")
    STARTED = "started", _("started")
    PAUSED = "paused", _("paused")
    RESUMED = "resumed", _("continued")
    CANCELLED = "cancelled", _("cancelled")
    RESOLVED = "resolved", _("outcome decided by a person")
    FINISHED = "finished", _("finished")
    FAILED = "failed", _("failed")
    RECALLING = "recalling", _("recall begun")
    RECALLED = "recalled", _("recalled")
    EXPORTED = "exported", _("recipients downloaded")


class Door(models.TextChoices):
    """Where somebody came in."""

    ADMIN = "admin", _("back office")
    API = "api", "API"
    WECHAT = "wechat", _("WeChat")
    SYSTEM = "system", _("system")


class CampaignEvent(models.Model):
    """One line of a campaign's history. Nobody changes one."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="events", verbose_name=_("campaign"), db_index=False
    )
    verb = models.CharField(_("what"), max_length=20, choices=Verb)
    # Null: nobody's deed, but that of time, of WeChat, or of a worker.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("who")
    )
    door = models.CharField(_("from where"), max_length=10, choices=Door)
    status = models.CharField(_("status afterwards"), max_length=20, choices=Status)
    note = models.CharField(_("note"), max_length=500, blank=True, default="")
    at = models.DateTimeField(_("when"), auto_now_add=True)

    class Meta:
        verbose_name = _("event of a campaign")
        verbose_name_plural = _("events of a campaign")
        ordering = ["campaign", "-id"]
        indexes = [models.Index(fields=["campaign", "-id"], name="campaign_event_newest")]

    def __str__(self) -> str:
        return f"{self.campaign_id}: {self.verb}"
