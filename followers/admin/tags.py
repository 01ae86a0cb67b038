"""The tags, as mirrored."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from followers.models import Tag
from wxcore.admin.base import ReadOnlyAdmin, badge, figure
from wxcore.admin.filters import AccountFilter


@admin.register(Tag)
class TagAdmin(ReadOnlyAdmin):
    empty_hint = _("Tags come from WeChat with a sync.")
    list_display = ("name", "tag_id", "state", "wearers", "show_followers", "account")
    handles = ("show_followers",)
    list_select_related = ("account",)
    list_filter = (AccountFilter,)
    search_fields = ("name",)
    search_help_text = _("Name")
    fields = ("name", "tag_id", "account", "wearers", "state", "vanished_at", "show_followers")

    wearers = figure("count", _("followers at WeChat"))

    @display(description=_("state"))
    def state(self, tag: Tag) -> SafeString:
        return badge(_("gone"), "danger") if tag.vanished_at else badge(_("at WeChat"), "success")

    @display(description=_("followers"))
    def show_followers(self, tag: Tag) -> SafeString:
        url = reverse("admin:followers_follower_changelist")
        return format_html(
            '<a class="q-link" href="{}?account={}&amp;tag={}">{}</a>', url, tag.account_id, tag.pk, _("Show followers")
        )
