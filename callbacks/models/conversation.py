"""Conversation: what a follower wrote and what we answered. Message: one of these."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from callbacks.models.callback import Callback
from callbacks.models.rule import ReplyRule
from campaigns.models import MediaAsset
from wxcore.failures import Failure
from wxcore.models import OfficialAccount


class Conversation(models.Model):
    """Everything between one follower and the account.

    WeChat lets us write for a while after somebody did something: `talk_*` is the window of a message (48 hours),
    `action_*` that of following, scanning or tapping (a minute); `*_left` counts the messages that remain in it.
    """

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="conversations", verbose_name=_("official account")
    )
    openid = models.CharField("OpenID", max_length=64)
    is_done = models.BooleanField(_("done"), default=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    # Of the follower: None until they have written something.
    last_message_at = models.DateTimeField(_("last message"), null=True)
    preview = models.CharField(_("last words"), max_length=100, blank=True, default="")
    unread = models.PositiveIntegerField(_("unread"), default=0)
    # The first message since a person of ours wrote last; None when nothing waits for an answer.
    waiting_since = models.DateTimeField(_("waiting since"), null=True)
    talk_until = models.DateTimeField(null=True)
    talk_left = models.PositiveSmallIntegerField(default=0)
    action_until = models.DateTimeField(null=True)
    action_left = models.PositiveSmallIntegerField(default=0)
    # Who talks with them in WeChat's own customer service (客服), by kf_create_session and its like.
    kf_account = models.CharField(_("in customer service with"), max_length=64, blank=True, default="")

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-last_message_at", "-id"]
        permissions = [("answer_conversation", _("Can answer followers"))]
        constraints = [models.UniqueConstraint(fields=["account", "openid"], name="conversation_once")]
        indexes = [
            models.Index(fields=["account", "is_done", "-last_message_at", "-id"], name="conversation_inbox"),
            models.Index(fields=["account", "-last_message_at", "-id"], name="conversation_listed"),
            # All of them, done or not, for whoever works for several accounts: the API's list.
            models.Index(fields=["-last_message_at", "-id"], name="conversation_latest"),
            # The inbox of whoever works for several accounts.
            models.Index(fields=["is_done", "-last_message_at", "-id"], name="conversation_recent"),
            models.Index(fields=["assignee", "-last_message_at"], name="conversation_mine", condition=Q(is_done=False)),
            # The few that wait for us, longest first, for the start page.
            models.Index(
                fields=["account", "waiting_since"],
                name="conversation_waiting",
                condition=Q(is_done=False, waiting_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.openid


class Direction(models.TextChoices):
    IN = "in", _("from the follower")
    OUT = "out", _("from us")
    EVENT = "event", _("event")


class MessageStatus(models.TextChoices):
    """The life of what we write: pending -> submitting -> sent | failed | unknown. What came in is received."""

    RECEIVED = "received", _("received")
    PENDING = "pending", _("waiting")
    SUBMITTING = "submitting", _("on its way")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")
    UNKNOWN = "unknown", _("perhaps sent")


class Message(Failure):
    """One message of a conversation. `dedup_key` makes a push that is processed twice one message.

    `content` holds the fields of its kind: of what came in as WeChat names them in snake case (media_id, pic_url, ...),
    of what we send as custom/send wants them, without ids of media that are still to be uploaded (`asset`).
    """

    account_path = "conversation__account"

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages", db_index=False)
    direction = models.CharField(max_length=5, choices=Direction)
    kind = models.CharField(_("kind"), max_length=32)
    text = models.TextField(_("text"), blank=True, default="")
    content = models.JSONField(default=dict, blank=True)
    asset = models.ForeignKey(
        MediaAsset, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("media file")
    )
    at = models.DateTimeField(_("time"))
    dedup_key = models.CharField(max_length=200)
    callback = models.ForeignKey(Callback, on_delete=models.SET_NULL, null=True, related_name="+")
    rule = models.ForeignKey(ReplyRule, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("rule"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    status = models.CharField(_("status"), max_length=10, choices=MessageStatus, default=MessageStatus.RECEIVED)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["conversation", "dedup_key"], name="message_once")]
        indexes = [
            models.Index(fields=["conversation", "at", "id"], name="message_timeline"),
            models.Index(
                fields=["due_at"],
                name="message_due",
                condition=Q(status__in=[MessageStatus.PENDING, MessageStatus.SUBMITTING]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()}: {self.text or self.kind}"
