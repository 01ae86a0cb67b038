"""MediaAsset: a file of ours. RemoteMedia: its copies on WeChat's side."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models.remote import RemoteCopy
from wxcore.models import OfficialAccount


class MediaKind(models.TextChoices):
    """What a file is to WeChat (type of media/upload)."""

    IMAGE = "image", _("picture")
    VOICE = "voice", _("voice")
    VIDEO = "video", _("video")
    THUMB = "thumb", _("thumbnail")


def file_path(asset: MediaAsset, filename: str) -> str:
    """By content: the same bytes are the same file, and no name of a person's gets into a path."""
    extension = filename.rpartition(".")[2]
    return f"media/{asset.account_id}/{asset.sha256[:2]}/{asset.sha256}-{asset.kind}.{extension}"


class MediaAsset(models.Model):
    """A picture, voice, video or thumbnail of an account (素材)."""

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="media", verbose_name=_("official account")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=MediaKind)
    name = models.CharField(_("name"), max_length=100)
    description = models.CharField(_("description"), max_length=200, blank=True, default="")
    # Empty for what an import found at WeChat and did not download.
    file = models.FileField(_("file"), upload_to=file_path, max_length=200, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, default="", editable=False)
    mime = models.CharField(_("format"), max_length=40, blank=True, default="", editable=False)
    size = models.PositiveIntegerField(_("size"), default=0, editable=False)  # bytes
    width = models.PositiveIntegerField(_("width"), null=True, editable=False)  # pixels
    height = models.PositiveIntegerField(_("height"), null=True, editable=False)
    seconds = models.FloatField(_("duration"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("media file")
        verbose_name_plural = _("media files")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "sha256"], name="media_asset_once", condition=~Q(sha256="")
            )
        ]
        indexes = [
            models.Index(fields=["account", "kind", "id"], name="media_asset_listed"),
            # The API's list by name: of one account, and of all.
            models.Index(fields=["account", "name", "id"], name="media_asset_named"),
            models.Index(fields=["name", "id"], name="media_asset_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("admin:campaigns_mediaasset_change", args=[self.pk])

    @property
    def file_url(self) -> str:
        """Where the file is shown; bodies of articles refer to our pictures by it (see `library.asset_id`)."""
        return reverse("admin:campaigns_mediaasset_file", args=[self.pk])

    @property
    def thumb_url(self) -> str:
        """Where a small picture of it is shown; empty for what has none."""
        has_picture = self.file and self.kind in (MediaKind.IMAGE, MediaKind.THUMB)
        return reverse("admin:campaigns_mediaasset_thumb", args=[self.pk]) if has_picture else ""


class Target(models.TextChoices):
    """As what a file is known to WeChat."""

    TEMPORARY = "temporary", _("temporary material")  # media/upload: media_id for three days
    PERMANENT = "permanent", _("permanent material")  # material/add_material: media_id until it is deleted
    ARTICLE = "article", _("picture inside articles")  # media/uploadimg: a URL
    MPVIDEO = "mpvideo", _("video message")  # media/uploadvideo: a media_id for one title and description


class RemoteMedia(RemoteCopy):
    """A file as WeChat knows it."""

    asset = models.ForeignKey(MediaAsset, on_delete=models.CASCADE, related_name="remote", db_index=False)
    target = models.CharField(_("kind"), max_length=10, choices=Target)
    # What belongs to the copy besides the bytes: a fingerprint of a video message's title and description.
    variant = models.CharField(max_length=64, blank=True, default="", editable=False)
    url = models.CharField("URL", max_length=500, blank=True, default="")
    expires_at = models.DateTimeField(_("expires"), null=True)

    class Meta:
        verbose_name = _("copy at WeChat")
        verbose_name_plural = _("copies at WeChat")
        constraints = [
            models.UniqueConstraint(fields=["asset", "target", "variant"], name="remote_media_once"),
        ]
        indexes = [models.Index(fields=["media_id"], name="remote_media_id", condition=~Q(media_id=""))]

    def __str__(self) -> str:
        return f"{self.asset}: {self.get_target_display()}"
