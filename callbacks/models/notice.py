"""NoticeResult and NoticeConsent: what WeChat says of template messages and subscription notices."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from wxcore.models import OfficialAccount


class NoticeKind(models.TextChoices):
    TEMPLATE = "template", _("template message")
    SUBSCRIPTION = "subscription", _("subscription notice")


class NoticeResult(models.Model):
    """What became of one notice. `status` is WeChat's text or error code as sent; `delivered` is our reading of it."""

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="+", verbose_name=_("official account")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=NoticeKind)
    msg_id = models.CharField("MsgID", max_length=32)
    openid = models.CharField("OpenID", max_length=64, db_index=True)
    template_id = models.CharField(_("template"), max_length=64, blank=True, default="")
    delivered = models.BooleanField(_("delivered"))
    status = models.CharField(_("status"), max_length=100)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("notice result")
        verbose_name_plural = _("notice results")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "msg_id", "openid"], name="notice_result_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.msg_id}"


class NoticeConsent(models.Model):
    """Whether a follower lets us send notices of a template, by what they last chose."""

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="+", verbose_name=_("official account")
    )
    openid = models.CharField("OpenID", max_length=64)
    template_id = models.CharField(_("template"), max_length=64)
    accepted = models.BooleanField(_("accepted"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("notice consent")
        verbose_name_plural = _("notice consents")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["account", "openid", "template_id"], name="notice_consent_once")]

    def __str__(self) -> str:
        return f"{self.openid} {self.template_id}"
