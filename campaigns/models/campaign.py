"""Campaign: one message, one audience, one time."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models.draft import Draft, Revision
from campaigns.models.media import MediaAsset
from campaigns.models.split import Split
from campaigns.states import Status
from followers.models import Segment, Tag
from wxcore.failures import Failure
from wxcore.models import OfficialAccount


class Audience(models.TextChoices):
    ALL = "all", _("all followers")
    TAG = "tag", _("followers with a tag")
    TAGS = "tags", _("followers by several tags")
    SEGMENT = "segment", _("a segment")
    LIST = "list", _("a list of OpenIDs")


class MsgType(models.TextChoices):
    """What is sent, by WeChat's own names (msgtype of mass/sendall)."""

    TEXT = "text", _("plain text")
    MPNEWS = "mpnews", _("articles")
    IMAGE = "image", _("pictures")
    VOICE = "voice", _("voice")
    MPVIDEO = "mpvideo", _("video")
    WXCARD = "wxcard", _("card or coupon")


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def with_figures(self, **more: str) -> CampaignQuerySet:
        """This will add the sums over the broadcasts; None where WeChat has reported nothing yet. `more` names others.

        One row at a time, by the index: a join would have all campaigns grouped before the first page of them is cut.
        """
        broadcasts = apps.get_model("campaigns", "Broadcast").objects.filter(campaign=OuterRef("pk")).order_by()
        wanted = {name: name for name in FIGURES} | more
        sums = {
            name: broadcasts.values("campaign").annotate(sum=Sum(column)).values("sum")
            for name, column in wanted.items()
        }
        return self.annotate(**{name: Subquery(found) for name, found in sums.items()})


FIGURES = ("total_count", "filter_count", "sent_count", "error_count")


# Started, and not ended in every broadcast. In words that need no value: SQLite finds no index by a list of statuses.
UNDER_WAY = Q(started_at__isnull=False, finished_at=None)


class Campaign(Failure):
    """One message to one audience at one time (群发任务). It becomes one or more broadcasts."""

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("official account")
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("For your team; followers do not see it."))
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT, editable=False)
    msgtype = models.CharField(_("message type"), max_length=10, choices=MsgType, default=MsgType.TEXT)
    text = models.TextField(_("text"), blank=True, help_text=_('Plain text; links as <a href="https://…">…</a>.'))
    draft = models.ForeignKey(
        Draft,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("article draft"),
    )
    # What was confirmed: the draft may be edited afterwards, the campaign sends this.
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    send_ignore_reprint = models.BooleanField(
        _("send as a reprint if WeChat finds it is one"),
        default=False,
        help_text=_("Without it WeChat stops articles that somebody else declared as original."),
    )
    media = models.ForeignKey(
        MediaAsset, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("media file")
    )
    images = models.ManyToManyField(
        MediaAsset, through="CampaignImage", related_name="campaigns", verbose_name=_("pictures")
    )
    title = models.CharField(_("title"), max_length=64, blank=True, default="")
    description = models.CharField(_("description"), max_length=200, blank=True, default="")
    need_open_comment = models.BooleanField(_("comments"), default=False)
    only_fans_can_comment = models.BooleanField(_("only followers may comment"), default=False)
    card_id = models.CharField(_("card ID"), max_length=64, blank=True, default="")
    audience = models.CharField(_("audience"), max_length=10, choices=Audience, default=Audience.ALL)
    tag = models.ForeignKey(
        Tag, on_delete=models.PROTECT, null=True, blank=True, related_name="campaigns", verbose_name=_("tag")
    )
    # Of an audience by several tags: {"all": [...], "any": [...], "none": [...]}, primary keys of tags.
    conditions = models.JSONField(_("tags"), default=dict, blank=True)
    # When it is deleted, who has not sent yet has no audience any more; see `segments.delete`.
    segment = models.ForeignKey(
        Segment,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name=_("segment"),
    )
    # Of an A/B test: whose number is from `share_from` to below `share_to` gets this variant.
    split = models.ForeignKey(
        Split,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="variants",
        verbose_name=_("A/B test"),
    )
    variant = models.CharField(_("variant"), max_length=1, blank=True, default="", editable=False)
    share_from = models.PositiveSmallIntegerField(default=0, editable=False)
    share_to = models.PositiveSmallIntegerField(default=100, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    submitted_at = models.DateTimeField(_("submitted for review"), null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, editable=False)
    # What was approved: content and audience. Whatever changes it voids the approval.
    approved_fingerprint = models.CharField(max_length=64, blank=True, default="", editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    scheduled_at = models.DateTimeField(_("scheduled for"), null=True, blank=True, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    # When it last went on after a pause: patience is counted from here.
    resumed_at = models.DateTimeField(null=True, editable=False)
    # When a paused campaign goes on by itself; null waits for a person.
    resume_at = models.DateTimeField(_("continues at"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-id"]
        permissions = [
            ("approve_campaign", _("Can approve campaigns")),
            ("send_campaign", _("Can send campaigns")),
            ("recall_campaign", _("Can recall campaigns")),
            ("export_recipients", _("Can export recipients")),
        ]
        indexes = [
            # What the tick looks for; finished campaigns are not in it, however many there are.
            models.Index(fields=["scheduled_at"], name="campaign_due", condition=Q(status=Status.SCHEDULED)),
            # By status and not for some: SQLite does not see that a condition with IN holds, and would read the table.
            models.Index(fields=["status"], name="campaign_under_way", condition=Q(finished_at=None)),
            models.Index(fields=["resume_at"], name="campaign_resume", condition=Q(status=Status.PAUSED)),
            # The last results.
            models.Index(fields=["finished_at"], name="campaign_finished", condition=Q(finished_at__isnull=False)),
            # The calendar, and what else is planned for an account.
            models.Index(fields=["account", "scheduled_at"], name="campaign_calendar"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admin:campaigns_campaign_change", args=[self.pk])

    def clean(self) -> None:
        if self.audience != Audience.TAGS:
            self.conditions = {}
        if self.audience != Audience.SEGMENT:
            self.segment = None
        elif self.segment is None:
            raise ValidationError({"segment": _("Choose the segment whose followers are meant.")})
        elif self.segment.account_id != self.account_id:
            raise ValidationError({"segment": _("This segment belongs to another official account.")})
        if self.audience != Audience.TAG:
            self.tag = None
        elif self.tag is None:
            raise ValidationError({"tag": _("Choose the tag whose followers are meant.")})
        elif self.tag.account_id != self.account_id:
            raise ValidationError({"tag": _("This tag belongs to another official account.")})

    @property
    def share(self) -> int:
        """Of its audience, in per cent: 100 unless it is a variant of an A/B test."""
        return self.share_to - self.share_from

    @property
    def is_editable(self) -> bool:
        return self.status == Status.DRAFT


class CampaignImage(models.Model):
    """One picture of a picture message, in its order."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="campaign_images", db_index=False)
    asset = models.ForeignKey(MediaAsset, on_delete=models.PROTECT, related_name="+", verbose_name=_("picture"))
    position = models.PositiveSmallIntegerField(_("number"))

    class Meta:
        verbose_name = _("picture of a campaign")
        verbose_name_plural = _("pictures of a campaign")
        ordering = ["campaign", "position"]
        constraints = [models.UniqueConstraint(fields=["campaign", "position"], name="campaign_image_position")]

    def __str__(self) -> str:
        return f"{self.campaign_id} #{self.position}"


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
