"""Broadcast, its recipients, and the results that WeChat reported."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models.campaign import Campaign
from campaigns.states import BroadcastStatus
from followers.models import Follower
from wxcore.failures import Failure
from wxcore.models import OfficialAccount


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
    # The body of the call but for the audience, as WeChat takes it; written once everything in it is uploaded.
    message = models.JSONField(_("message"), null=True, editable=False)
    # Whether media that WeChat no longer knew (40007) were uploaded anew: that is done once.
    healed = models.BooleanField(default=False, editable=False)
    recipient_count = models.PositiveIntegerField(_("recipients"), default=0)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    first_attempt_at = models.DateTimeField(_("first attempt"), null=True)
    # True from the moment at which WeChat may have taken the job without our knowing its answer.
    uncertain = models.BooleanField(_("may already be sent"), default=False)
    # When somebody must look at it next: the next attempt, the end of the lease, or the next question for the result.
    due_at = models.DateTimeField(_("next step"), null=True)
    # The place in the minute's quota that was given to the next attempt; `pace` hands them out.
    slot_at = models.DateTimeField(null=True, editable=False)
    msg_id = models.BigIntegerField("msg_id", null=True)
    msg_data_id = models.BigIntegerField("msg_data_id", null=True)
    submitted_at = models.DateTimeField(_("accepted"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)
    result_status = models.CharField(_("WeChat's result"), max_length=64, blank=True, default="")
    total_count = models.PositiveIntegerField("TotalCount", null=True)
    filter_count = models.PositiveIntegerField("FilterCount", null=True)
    sent_count = models.PositiveIntegerField("SentCount", null=True)
    error_count = models.PositiveIntegerField("ErrorCount", null=True)
    # By our own records, asked once when it has finished: who had the month's four already, who left meanwhile.
    exhausted_count = models.PositiveIntegerField(null=True, editable=False)
    left_count = models.PositiveIntegerField(null=True, editable=False)

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
            # The list of one account, newest first, without sorting all of its broadcasts.
            models.Index(fields=["account", "id"], name="broadcast_account"),
            # What the month's quota is counted from.
            models.Index(fields=["account", "first_attempt_at"], name="broadcast_attempted"),
            # What the tick looks for; those that have ended are due no more.
            models.Index(fields=["due_at"], name="broadcast_due", condition=Q(due_at__isnull=False)),
            # Whose articles have statistics: looked for every minute.
            models.Index(fields=["submitted_at"], name="broadcast_articles", condition=Q(msg_data_id__isnull=False)),
            # The few about which a person must decide.
            models.Index(fields=["account", "id"], name="broadcast_unknown", condition=Q(status="unknown")),
            models.Index(
                fields=["id"], name="broadcast_unexplained", condition=Q(status="finished", exhausted_count=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} #{self.position}"


class Recipient(models.Model):
    """One follower in one broadcast, as frozen when the campaign started."""

    account_path = "follower__account"

    broadcast = models.ForeignKey(Broadcast, on_delete=models.CASCADE, related_name="recipients", db_index=False)
    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="received")

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = pgettext_lazy("people", "recipients")
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
    copyright_state = models.PositiveSmallIntegerField(_("originality"), null=True)
    # Of each article that WeChat said something about: the columns of `messages.ArticleResult`.
    articles = models.JSONField(_("articles"), default=list)
    received_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("send result")
        verbose_name_plural = _("send results")
        constraints = [models.UniqueConstraint(fields=["account", "msg_id"], name="send_result_once")]
        indexes = [models.Index(fields=["received_at"], name="send_result_waiting", condition=Q(broadcast=None))]

    def __str__(self) -> str:
        return f"{self.msg_id}: {self.status}"
