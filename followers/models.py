"""Follower, Tag and Tagging mirror WeChat; Sync is one run of the mirroring."""

from __future__ import annotations

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from followers.states import OPEN, SyncStatus
from wxcore.failures import Failure
from wxcore.models import OfficialAccount


class Scene(models.TextChoices):
    """How somebody came to follow (subscribe_scene of user/info)."""

    SEARCH = "ADD_SCENE_SEARCH", _("search")
    ACCOUNT_MIGRATION = "ADD_SCENE_ACCOUNT_MIGRATION", _("account migration")
    PROFILE_CARD = "ADD_SCENE_PROFILE_CARD", _("shared card")
    QR_CODE = "ADD_SCENE_QR_CODE", _("QR code")
    PROFILE_LINK = "ADD_SCENE_PROFILE_LINK", _("name inside an article")
    PROFILE_ITEM = "ADD_SCENE_PROFILE_ITEM", _("menu of an article")
    PAID = "ADD_SCENE_PAID", _("after a payment")
    ADVERTISEMENT = "ADD_SCENE_WECHAT_ADVERTISEMENT", _("advertisement")
    REPRINT = "ADD_SCENE_REPRINT", _("reprinted article")
    LIVESTREAM = "ADD_SCENE_LIVESTREAM", _("live stream")
    CHANNELS = "ADD_SCENE_CHANNELS", _("Channels")
    MINI_PROGRAM = "ADD_SCENE_WXA", _("mini program")
    OTHERS = "ADD_SCENE_OTHERS", _("other")


class FollowerQuerySet(models.QuerySet["Follower"]):
    """Lists are in the order of `place`, the primary key as the index that finds the rows holds it.

    Ordered by the key of the followers themselves, SQLite either sorts everybody who wears a tag or leafs through
    everybody else in search of them.
    """

    def listed(self) -> FollowerQuerySet:
        """This will give every follower a `place`."""
        return self.annotate(place=F("pk"))

    def wearing(self, tag_id: int) -> FollowerQuerySet:
        """This will leave those who wear the tag with this primary key. Nobody twice: one wears a tag once."""
        return self.filter(taggings__tag=tag_id).annotate(place=F("taggings__follower_id"))


class Follower(models.Model):
    """Somebody who follows, or once followed, an account.

    WeChat's server API gives no nickname and no picture (since 2021-12-27); `remark` is the account's own note.
    """

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="followers", verbose_name=_("official account")
    )
    openid = models.CharField("OpenID", max_length=64)
    unionid = models.CharField("UnionID", max_length=64, blank=True, default="")
    subscribed = models.BooleanField(_("following"), default=True)
    subscribe_time = models.DateTimeField(_("followed at"), null=True, blank=True)
    unsubscribed_at = models.DateTimeField(_("left at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("last confirmed by WeChat"))
    language = models.CharField(_("language"), max_length=16, blank=True, default="")
    remark = models.CharField(_("remark"), max_length=64, blank=True, default="")
    subscribe_scene = models.CharField(_("came by"), max_length=40, blank=True, default="", choices=Scene)
    qr_scene = models.CharField(_("QR scene number"), max_length=16, blank=True, default="")
    qr_scene_str = models.CharField(_("QR scene"), max_length=64, blank=True, default="")
    tags = models.ManyToManyField("Tag", through="Tagging", related_name="followers", verbose_name=_("tags"))

    objects = FollowerQuerySet.as_manager()

    class Meta:
        verbose_name = _("follower")
        verbose_name_plural = _("followers")
        constraints = [models.UniqueConstraint(fields=["account", "openid"], name="follower_openid")]
        indexes = [
            # Each ends in the primary key: the lists page by it, so that a filter costs one index range.
            # Two, because SQLite takes no index on the column for Django's "subscribed" and "NOT subscribed".
            models.Index(fields=["account", "id"], name="follower_subscribed", condition=models.Q(subscribed=True)),
            models.Index(fields=["account", "id"], name="follower_left", condition=models.Q(subscribed=False)),
            models.Index(fields=["account", "subscribe_scene", "id"], name="follower_scene"),
            # Remarks are rare; without the condition this would be as large as the table.
            models.Index(fields=["remark", "id"], name="follower_remark", condition=~models.Q(remark="")),
        ]

    def __str__(self) -> str:
        return self.remark or self.openid


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


class Sync(Failure):
    """One run of mirroring an account. It survives its worker: `next_openid` is where it stands."""

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="syncs", verbose_name=_("official account")
    )
    status = models.CharField(_("status"), max_length=20, choices=SyncStatus, default=SyncStatus.PENDING)
    total = models.PositiveIntegerField(_("followers (says WeChat)"), default=0)
    fetched = models.PositiveIntegerField(_("fetched"), default=0)
    left = models.PositiveIntegerField(_("left since"), default=0)
    next_openid = models.CharField(max_length=64, blank=True, default="", editable=False)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("requested"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    due_at = models.DateTimeField(_("continues at"))  # also the end of a running worker's lease

    class Meta:
        verbose_name = _("sync")
        verbose_name_plural = _("syncs")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=models.Q(status__in=OPEN), name="sync_one_open_per_account"
            )
        ]
        indexes = [models.Index(fields=["due_at"], name="sync_due", condition=models.Q(status__in=OPEN))]

    def __str__(self) -> str:
        return f"{self.account} #{self.pk}"

    @property
    def percent(self) -> int:
        return min(100, round(100 * self.fetched / self.total)) if self.total else 0
