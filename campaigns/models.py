"""Campaign, its broadcasts and their recipients, and the results that WeChat reported."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.states import BroadcastStatus, Status
from followers.models import Follower, Tag
from wxcore.failures import Failure
from wxcore.models import OfficialAccount


class Audience(models.TextChoices):
    ALL = "all", _("all followers")
    TAG = "tag", _("followers with a tag")
    LIST = "list", _("a list of OpenIDs")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def with_figures(self) -> CampaignQuerySet:
        """This will add the sums over the broadcasts; None where WeChat has reported nothing yet."""
        return self.annotate(**{name: Sum(f"broadcasts__{name}") for name in FIGURES})


FIGURES = ("total_count", "filter_count", "sent_count", "error_count")


class Campaign(Failure):
    """One message to one audience at one time (群发任务). It becomes one or more broadcasts."""

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("official account")
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("For your team; followers do not see it."))
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    text = models.TextField(_("text"), blank=True, help_text=_('Plain text; links as <a href="https://…">…</a>.'))
    audience = models.CharField(_("audience"), max_length=10, choices=Audience, default=Audience.ALL)
    tag = models.ForeignKey(
        Tag, on_delete=models.PROTECT, null=True, blank=True, related_name="campaigns", verbose_name=_("tag")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    scheduled_at = models.DateTimeField(_("scheduled for"), null=True, blank=True, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-id"]
        permissions = [("send_campaign", _("Can send campaigns"))]
        indexes = [
            # What the tick looks for; finished campaigns are not in it, however many there are.
            models.Index(fields=["scheduled_at"], name="campaign_due", condition=Q(status=Status.SCHEDULED)),
            models.Index(fields=["id"], name="campaign_sending", condition=Q(status=Status.SENDING)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admin:campaigns_campaign_change", args=[self.pk])

    def clean(self) -> None:
        if self.audience != Audience.TAG:
            self.tag = None
        elif self.tag is None:
            raise ValidationError({"tag": _("Choose the tag whose followers are meant.")})
        elif self.tag.account_id != self.account_id:
            raise ValidationError({"tag": _("This tag belongs to another official account.")})

    @property
    def is_editable(self) -> bool:
        return self.status == Status.DRAFT


class ListedOpenid(models.Model):
    """One line of a campaign's openid list, whether we know that follower or not."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="listed_openids", db_index=False)
    openid = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("listed OpenID")
        verbose_name_plural = _("listed OpenIDs")
        constraints = [models.UniqueConstraint(fields=["campaign", "openid"], name="listed_openid_once")]

    def __str__(self) -> str:
        return self.openid


def new_clientmsgid() -> str:
    """This will be 32 hexadecimal characters: WeChat takes at most 32, and refused longer UUIDs in practice."""
    return uuid.uuid4().hex


class Broadcast(Failure):
    """One call of mass/sendall or mass/send, written before it is made (群发批次)."""

    account = models.ForeignKey(OfficialAccount, on_delete=models.PROTECT, related_name="+", db_index=False)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="broadcasts", verbose_name=_("campaign")
    )
    position = models.PositiveIntegerField(_("number"))
    status = models.CharField(
        _("status"), max_length=20, choices=BroadcastStatus, default=BroadcastStatus.PENDING, editable=False
    )
    clientmsgid = models.CharField("clientmsgid", max_length=32, unique=True, default=new_clientmsgid, editable=False)
    recipient_count = models.PositiveIntegerField(_("recipients"), default=0)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    first_attempt_at = models.DateTimeField(_("first attempt"), null=True)
    # True from the moment at which WeChat may have taken the job without our knowing its answer.
    uncertain = models.BooleanField(_("may already be sent"), default=False)
    # When somebody must look at it next: the next attempt, the end of the lease, or the next question for the result.
    due_at = models.DateTimeField(_("next step"), null=True)
    msg_id = models.BigIntegerField("msg_id", null=True)
    msg_data_id = models.BigIntegerField("msg_data_id", null=True)
    submitted_at = models.DateTimeField(_("accepted"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    result_status = models.CharField(_("WeChat's result"), max_length=64, blank=True, default="")
    total_count = models.PositiveIntegerField("TotalCount", null=True)
    filter_count = models.PositiveIntegerField("FilterCount", null=True)
    sent_count = models.PositiveIntegerField("SentCount", null=True)
    error_count = models.PositiveIntegerField("ErrorCount", null=True)

    class Meta:
        verbose_name = _("broadcast")
        verbose_name_plural = _("broadcasts")
        ordering = ["campaign", "position"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "position"], name="broadcast_position"),
            # Two of our broadcasts can never be the same job at WeChat.
            models.UniqueConstraint(fields=["account", "msg_id"], name="broadcast_msg_id"),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="broadcast_due",
                condition=Q(status__in=["pending", "submitting", "submitted"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.campaign} #{self.position}"


class Recipient(models.Model):
    """One follower in one broadcast, as frozen when the campaign started."""

    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="recipients", db_index=False)
    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="received")

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        constraints = [models.UniqueConstraint(fields=["broadcast", "follower"], name="recipient_once")]

    def __str__(self) -> str:
        return f"{self.broadcast_id}: {self.follower_id}"


class SendResult(models.Model):
    """What a MASSSENDJOBFINISH said. It may come before the answer of the call that caused it, and waits here."""

    account = models.ForeignKey(OfficialAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    msg_id = models.BigIntegerField("msg_id")
    broadcast = models.OneToOneField(Broadcast, on_delete=models.SET_NULL, null=True, related_name="result")
    succeeded = models.BooleanField(_("succeeded"))
    status = models.CharField(_("WeChat's result"), max_length=64)
    total_count = models.PositiveIntegerField("TotalCount", null=True)
    filter_count = models.PositiveIntegerField("FilterCount", null=True)
    sent_count = models.PositiveIntegerField("SentCount", null=True)
    error_count = models.PositiveIntegerField("ErrorCount", null=True)
    received_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("send result")
        verbose_name_plural = _("send results")
        constraints = [models.UniqueConstraint(fields=["account", "msg_id"], name="send_result_once")]
        indexes = [models.Index(fields=["received_at"], name="send_result_waiting", condition=Q(broadcast=None))]

    def __str__(self) -> str:
        return f"{self.msg_id}: {self.status}"
