"""Draft and its articles, the revisions of a draft, and its copies in WeChat's draft box."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models.media import MediaAsset
from campaigns.models.remote import RemoteCopy
from wxcore.models import OfficialAccount


class Draft(models.Model):
    """One to eight articles that are sent together (图文草稿)."""

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="drafts", verbose_name=_("official account")
    )
    # The first article's, for lists and searches.
    title = models.CharField(_("title"), max_length=200, blank=True, default="", editable=False)
    # Counts the saves: who saves says which one was seen, so that nobody overwrites somebody else's.
    version = models.PositiveIntegerField(default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("article draft")
        verbose_name_plural = _("article drafts")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title or str(_("Untitled draft"))

    def get_absolute_url(self) -> str:
        return reverse("admin:campaigns_draft_change", args=[self.pk])


class Article(models.Model):
    """One article of a draft. Texts may be longer here than WeChat takes them: a draft is saved as it is typed."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="articles", db_index=False)
    position = models.PositiveSmallIntegerField(_("number"))  # from 1
    title = models.CharField(_("title"), max_length=200, blank=True, default="")
    author = models.CharField(_("author"), max_length=100, blank=True, default="")
    digest = models.CharField(_("digest"), max_length=500, blank=True, default="")
    body = models.TextField(_("body"), blank=True, default="")  # HTML, cleaned; pictures at their addresses with us
    source_url = models.CharField(_("link of “read the original”"), max_length=2000, blank=True, default="")
    cover = models.ForeignKey(
        MediaAsset, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("cover")
    )
    need_open_comment = models.BooleanField(_("comments"), default=False)
    only_fans_can_comment = models.BooleanField(_("only followers may comment"), default=False)

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["draft", "position"]
        constraints = [models.UniqueConstraint(fields=["draft", "position"], name="article_position")]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """A draft as it once was. `articles` are the fields of its articles in order; never changed once it is used."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="revisions", db_index=False)
    number = models.PositiveIntegerField(_("number"))
    articles = models.JSONField(_("articles"))
    digest = models.CharField("SHA-256", max_length=64)  # of `articles`
    automatic = models.BooleanField(default=False)  # an autosave, which the next one may replace
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("saved"))

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ["draft", "-number"]
        constraints = [models.UniqueConstraint(fields=["draft", "number"], name="revision_number")]

    def __str__(self) -> str:
        return f"{self.draft_id} #{self.number}"


class RemoteDraft(RemoteCopy):
    """A revision in WeChat's draft box. WeChat removes it when it is sent, so each broadcast has one of its own."""

    account = models.ForeignKey(OfficialAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="remote")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    # None for the copy that people see and edit in WeChat's console.
    broadcast = models.OneToOneField(
        "campaigns.Broadcast", on_delete=models.CASCADE, null=True, related_name="remote_draft"
    )
    # The media_ids of the covers in the request that was made last: an answer that was lost is looked for by them,
    # whatever has become of the covers since.
    covers = models.JSONField(default=list, editable=False)
    gone_at = models.DateTimeField(_("gone"), null=True)  # sent, published or deleted at WeChat

    class Meta:
        verbose_name = _("draft at WeChat")
        verbose_name_plural = _("drafts at WeChat")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "media_id"], name="remote_draft_once", condition=~Q(media_id="")
            ),
            models.UniqueConstraint(
                fields=["draft"], name="remote_draft_shown", condition=Q(broadcast=None, gone_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.draft}: {self.media_id}"
