"""ReplyRule: what we answer to a follower by ourselves."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import MediaAsset
from wxcore.models import OfficialAccount


class Trigger(models.TextChoices):
    """What a follower does."""

    SUBSCRIBE = "subscribe", _("follows")
    SCENE = "scene", _("scans a QR code")
    MENU = "menu", _("taps a menu button")
    KEYWORD = "keyword", _("writes a keyword")
    DEFAULT = "default", _("writes anything else")


class Match(models.TextChoices):
    """How a written text is held against the words of a rule."""

    EQUALS = "equals", _("is exactly")
    CONTAINS = "contains", _("contains")
    REGEX = "regex", _("matches the regular expression")


class ReplyKind(models.TextChoices):
    """MsgType of a passive reply (被动回复)."""

    TEXT = "text", pgettext_lazy("kind of message", "text")
    IMAGE = "image", _("picture")
    VOICE = "voice", _("voice")
    VIDEO = "video", _("video")
    MUSIC = "music", _("music")
    NEWS = "news", _("article cards")
    TRANSFER = "transfer_customer_service", _("hand to customer service")


class ReplyRule(models.Model):
    """One rule. The first that fits by `position` answers; `words` holds one keyword, scene or menu key a line.

    A scene rule without words fits every scene. `from_time` and `until_time` are the account's local time; a rule that
    begins after it ends is active over midnight.
    """

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="reply_rules", verbose_name=_("official account")
    )
    name = models.CharField(_("name"), max_length=100)
    is_active = models.BooleanField(_("active"), default=True)
    position = models.PositiveIntegerField(_("order"), default=0)
    trigger = models.CharField(_("when somebody"), max_length=10, choices=Trigger, default=Trigger.KEYWORD)
    match = models.CharField(_("comparison"), max_length=10, choices=Match, default=Match.CONTAINS)
    words = models.TextField(_("keywords, scenes or menu keys"), blank=True, default="", help_text=_("One a line."))
    from_time = models.TimeField(_("active from"), null=True, blank=True)
    until_time = models.TimeField(_("active until"), null=True, blank=True)
    kind = models.CharField(_("answer with"), max_length=30, choices=ReplyKind, default=ReplyKind.TEXT)
    text = models.TextField(_("text"), blank=True, default="")
    # The picture, voice or video; for music its cover.
    asset = models.ForeignKey(
        MediaAsset, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("media file")
    )
    title = models.CharField(_("title"), max_length=64, blank=True, default="")
    description = models.CharField(_("description"), max_length=200, blank=True, default="")
    music_url = models.URLField(_("address of the music"), max_length=1024, blank=True, default="")
    hq_music_url = models.URLField(_("address for Wi-Fi"), max_length=1024, blank=True, default="")
    # Of article cards: [{"title", "description", "picture" (an address), "url"}, ...]
    articles = models.JSONField(_("article cards"), default=list, blank=True)
    kf_account = models.CharField(_("customer-service account"), max_length=64, blank=True, default="")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("reply rule")
        verbose_name_plural = _("reply rules")
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["account", "position", "id"], name="reply_rule_order")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admin:callbacks_replyrule_change", args=[self.pk])
