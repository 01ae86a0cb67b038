"""Tag and Tagging: what the followers wear, as WeChat says."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from followers.models.follower import Follower
from wxcore.models import OfficialAccount


class Tag(models.Model):
    """A tag (标签) of an account; `tag_id` is WeChat's."""

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="tags", verbose_name=_("official account")
    )
    tag_id = models.PositiveIntegerField(_("WeChat's tag id"))
    name = models.CharField(_("name"), max_length=100)
    count = models.PositiveIntegerField(_("followers (says WeChat)"), default=0)
    vanished_at = models.DateTimeField(_("gone since"), null=True, blank=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["account", "tag_id"]
        constraints = [models.UniqueConstraint(fields=["account", "tag_id"], name="tag_tag_id")]

    def __str__(self) -> str:
        return self.name


class Tagging(models.Model):
    """One follower wears one tag."""

    follower = models.ForeignKey(Follower, on_delete=models.CASCADE, related_name="taggings")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings", db_index=False)
    confirmed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("tagging")
        verbose_name_plural = _("taggings")
        constraints = [models.UniqueConstraint(fields=["tag", "follower"], name="tagging_once")]

    def __str__(self) -> str:
        return f"{self.tag_id}: {self.follower_id}"
