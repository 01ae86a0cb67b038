"""OfficialAccount: one account of WeChat's, with its credentials and options."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wxcore.fields import EncryptedTextField
from wxcore.wechat.transport import InsecureURL, checked_host

# Of WeChat's server configuration. A key of another form would fail at every push.
FORMATS = {
    "token": (r"[A-Za-z0-9]{3,32}", _("3 to 32 letters and digits.")),
    "aes_key": (r"[A-Za-z0-9]{43}", _("43 letters and digits.")),
    "previous_aes_key": (r"[A-Za-z0-9]{43}", _("43 letters and digits.")),
}


def validate_api_base_url(value: str) -> None:
    """This will refuse an address that would send the secret over the wire in clear."""
    try:
        checked_host(value)
    except InsecureURL:
        raise ValidationError(
            _("Use https://… (http:// only for a simulator on this machine)."), code="insecure"
        ) from None


def validate_time_zone(value: str) -> None:
    """This will refuse a name that the time zone database does not have."""
    if value not in available_timezones():
        raise ValidationError(_("There is no such time zone; write for example Asia/Shanghai."), code="time_zone")


class Kind(models.TextChoices):
    """What WeChat registered the account as; decides rights and quota."""

    SUBSCRIPTION = "subscription", _("Subscription account")
    SERVICE = "service", _("Service account")
    TEST = "test", _("Test account")


class MessageMode(models.TextChoices):
    """How WeChat pushes events to us (消息加解密方式)."""

    PLAINTEXT = "plaintext", _("Plaintext")
    COMPATIBLE = "compatible", _("Compatible")
    SAFE = "safe", _("Safe (encrypted)")


class TokenEndpoint(models.TextChoices):
    """Where the access token comes from; the two keep separate tokens on WeChat's side."""

    STABLE = "stable_token", _("stable_token (recommended)")
    CLASSIC = "token", _("token (older accounts and proxies)")


class MediaLimits(models.TextChoices):
    """Which sizes of media files WeChat takes from the account."""

    CURRENT = "current", _("current")
    OLD = "old", _("old (stricter)")


class ArticleEndpoint(models.TextChoices):
    """How articles get to WeChat before they are sent."""

    DRAFT = "draft", _("draft box (recommended)")
    UPLOADNEWS = "uploadnews", _("uploadnews (older accounts)")


class OfficialAccount(models.Model):
    """One WeChat Official Account (公众号)."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(
        _("short name"), max_length=50, unique=True, help_text=_("Part of the callback address: /wechat/<short name>/")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.SERVICE)
    is_verified = models.BooleanField(
        _("verified by WeChat"), default=True, help_text=_("WeChat lets only verified accounts (微信认证) mass-send.")
    )
    is_active = models.BooleanField(_("active"), default=True)
    appid = models.CharField(
        "AppID",
        max_length=64,
        unique=True,
        validators=[RegexValidator(r"^wx[0-9a-zA-Z]{6,}$", _("An AppID begins with wx."))],
    )
    original_id = models.CharField(
        _("original ID"), max_length=32, blank=True, help_text=_("gh_… as shown in the console.")
    )
    secret = EncryptedTextField("AppSecret", help_text=_("Stored encrypted and never shown again."))
    token = EncryptedTextField(
        _("callback token"), help_text=_("3 to 32 letters and digits, the same as in WeChat's server configuration.")
    )
    aes_key = EncryptedTextField("EncodingAESKey", blank=True, default="")
    previous_aes_key = EncryptedTextField(
        _("previous EncodingAESKey"),
        blank=True,
        default="",
        help_text=_("Still tried for messages that were under way when the key was changed."),
    )
    message_mode = models.CharField(
        _("message mode"), max_length=20, choices=MessageMode, default=MessageMode.PLAINTEXT
    )
    token_endpoint = models.CharField(
        _("access token from"), max_length=20, choices=TokenEndpoint, default=TokenEndpoint.STABLE
    )
    api_base_url = models.CharField(
        _("API address"), max_length=200, default="https://api.weixin.qq.com", validators=[validate_api_base_url]
    )
    media_limits = models.CharField(
        _("limits of media files"),
        max_length=10,
        choices=MediaLimits,
        default=MediaLimits.CURRENT,
        help_text=_("Choose “old” if WeChat refuses files of the current sizes, or authors of more than 8 characters."),
    )
    article_endpoint = models.CharField(
        _("articles go through"), max_length=10, choices=ArticleEndpoint, default=ArticleEndpoint.DRAFT
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=40,
        default="Asia/Shanghai",
        validators=[validate_time_zone],
        help_text=_("In which schedules are entered and shown. WeChat's quotas always count in Asia/Shanghai."),
    )
    grace_minutes = models.PositiveIntegerField(
        _("grace period in minutes"),
        default=30,
        help_text=_("A schedule that was missed by more than this is held for a person instead of being sent late."),
    )
    mass_calls_a_day = models.PositiveIntegerField(
        _("mass calls a day"),
        default=100,
        help_text=_("What WeChat's console names for mass/sendall and mass/send (接口权限); 100 unless it was raised."),
    )
    callback_days = models.PositiveIntegerField(
        _("keep callbacks for days"),
        default=90,
        validators=[MinValueValidator(1)],
        help_text=_("Raw pushes, and messages of conversations, are deleted after so many days."),
    )
    # By the events of WeChat's verification (认证).
    verified_until = models.DateTimeField(_("verified until"), null=True, blank=True, editable=False)
    allow_self_approval = models.BooleanField(
        _("one person may do everything"),
        default=False,
        help_text=_("For teams of one: who may approve, may approve their own campaigns too."),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("official account")
        verbose_name_plural = _("official accounts")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        wrong = {
            name: message
            for name, (pattern, message) in FORMATS.items()
            if getattr(self, name) and not re.fullmatch(pattern, getattr(self, name))
        }
        if self.message_mode != MessageMode.PLAINTEXT and not self.aes_key:
            wrong["aes_key"] = _("Compatible and safe mode need the EncodingAESKey.")
        if wrong:
            raise ValidationError(wrong)

    @property
    def callback_path(self) -> str:
        return reverse("callback", args=[self.slug])

    @property
    def grace(self) -> dt.timedelta:
        """A minute at least: no tick is ever on the second."""
        return dt.timedelta(minutes=max(1, self.grace_minutes))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def may_mass_send(self) -> bool:
        """To everybody or to a tag (`mass/sendall`)."""
        return self.is_verified and self.kind != Kind.TEST

    @property
    def may_send_to_list(self) -> bool:
        """To a list of openids (`mass/send`)."""
        return self.kind == Kind.TEST or (self.is_verified and self.kind == Kind.SERVICE)
