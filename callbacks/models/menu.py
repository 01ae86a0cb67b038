"""Menu: the buttons under a chat. MenuVersion: what was published, and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from followers.models import Tag
from wxcore.failures import Failure
from wxcore.models import OfficialAccount


class Menu(Failure):
    """A menu of an account: that for everybody, or the conditional one (个性化菜单) for who wears `tag`.

    `buttons` is ours, in the shape of menu/create: [{"type", "name", ...} or {"name", "sub_button": [...]}, ...].
    `published` is what we last published, None before; `live` is what WeChat said at `checked_at`, None if it has none.
    """

    account = models.ForeignKey(
        OfficialAccount, on_delete=models.CASCADE, related_name="menus", verbose_name=_("official account")
    )
    tag = models.ForeignKey(
        Tag,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only for the tag"),
    )
    # A conditional menu whose tag is deleted must not become the menu of everybody.
    is_conditional = models.BooleanField(default=False, editable=False)
    buttons = models.JSONField(_("buttons"), default=list, blank=True)
    version = models.PositiveIntegerField(default=0, editable=False)
    published = models.JSONField(null=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, editable=False)
    # menuid of a conditional menu.
    menu_id = models.CharField(max_length=32, blank=True, default="", editable=False)
    live = models.JSONField(null=True, editable=False)
    checked_at = models.DateTimeField(_("compared with WeChat"), null=True, editable=False)
    differs = models.BooleanField(_("differs from WeChat's"), default=False, editable=False)
    # What a request asks for whose end is not known yet: {"buttons", "sent", "replaces", "by", "at"}.
    pending = models.JSONField(null=True, editable=False)
    # Until when the one that publishes it, or takes it down, has the row to itself.
    lease_until = models.DateTimeField(null=True, editable=False)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("menu")
        verbose_name_plural = _("menus")
        ordering = ["account", "is_conditional", "id"]
        permissions = [("publish_menu", _("Can publish and delete menus at WeChat"))]
        constraints = [
            models.UniqueConstraint(fields=["account"], name="menu_for_everybody", condition=Q(is_conditional=False)),
            models.UniqueConstraint(fields=["account", "tag"], name="menu_for_tag", condition=Q(is_conditional=True)),
        ]

    def __str__(self) -> str:
        if not self.is_conditional:
            return str(_("Menu for everybody"))
        return str(_("Menu for “%(tag)s”") % {"tag": self.tag or "?"})

    def get_absolute_url(self) -> str:
        return reverse("admin:callbacks_menu_change", args=[self.pk])


class MenuVersion(models.Model):
    """The buttons as they were published once."""

    account_path = "menu__account"

    menu = models.ForeignKey(Menu, on_delete=models.CASCADE, related_name="versions", verbose_name=_("menu"))
    number = models.PositiveIntegerField(_("version"))
    buttons = models.JSONField(_("buttons"))
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("menu version")
        verbose_name_plural = _("menu versions")
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["menu", "number"], name="menu_version_once")]

    def __str__(self) -> str:
        return f"{self.menu} #{self.number}"
