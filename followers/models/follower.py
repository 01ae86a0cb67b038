"""Follower: somebody who follows, or once followed, an account."""

from __future__ import annotations

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


class Sex(models.IntegerChoices):
    """By WeChat's numbers (sex of user/info)."""

    UNKNOWN = 0, _("unknown")
    MALE = 1, pgettext_lazy("sex", "male")
    FEMALE = 2, pgettext_lazy("sex", "female")


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

    WeChat's server API gives no nickname and no picture, and nothing new about sex and place, since 2021-12-27;
    `remark` is the account's own note.
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
    # WeChat leaves these empty now. Their defaults are the database's, so that a sync need not hand them over.
    sex = models.PositiveSmallIntegerField(_("sex"), choices=Sex, default=Sex.UNKNOWN, db_default=0)
    country = models.CharField(_("country"), max_length=64, blank=True, default="", db_default="")
    province = models.CharField(_("province"), max_length=64, blank=True, default="", db_default="")
    city = models.CharField(_("city"), max_length=64, blank=True, default="", db_default="")
    # Where their phone was last, if they let it tell (the LOCATION event).
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    located_at = models.DateTimeField(_("located at"), null=True, blank=True)
    # The QR code that they scanned last: the one that they came by, or a later one.
    last_scene = models.CharField(_("QR scene scanned last"), max_length=64, blank=True, default="", db_default="")
    scanned_at = models.DateTimeField(_("scanned"), null=True, blank=True)
    last_interaction_at = models.DateTimeField(_("last interaction"), null=True, blank=True)
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
            models.Index(fields=["account", "remark", "id"], name="follower_remarked", condition=~models.Q(remark="")),
        ]

    def __str__(self) -> str:
        return self.remark or self.openid
