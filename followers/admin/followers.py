"""The followers: a list that stays fast at a million rows, and a page for each."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from followers import search
from followers.admin.filters import SceneFilter, SubscribedFilter, TagFilter
from followers.models import Follower
from wxcore import rights
from wxcore.admin.base import EXPORT_PEOPLE, NewestFirstList, ReadOnlyAdmin, badge, moment
from wxcore.admin.filters import AccountFilter
from wxcore.panels import Board

# For what other apps know about a follower.
BOARD = Board()


class FollowerList(NewestFirstList):
    """See FollowerQuerySet for the order."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Follower]) -> list[str]:
        return ["-place"]


@admin.register(Follower)
class FollowerAdmin(ReadOnlyAdmin):
    empty_hint = _("Followers are mirrored from WeChat: start a sync once, then they come and go by themselves.")
    export_permission = EXPORT_PEOPLE
    list_display = ("openid", "is_following", "remark", "tag_names", "came_by", "followed_at", "account")
    list_filter = (AccountFilter, SubscribedFilter, TagFilter, SceneFilter)
    search_fields = ("openid",)  # shows the box; what it does is in get_search_results
    search_help_text = _("Beginning of an OpenID or of a remark")
    actions_list = ("sync_now",)
    change_form_template = "followers/follower.html"
    fieldsets = (
        (None, {"fields": ("openid", "account", "is_following", "remark", "tag_names")}),
        (
            _("From WeChat"),
            {
                "fields": (
                    "subscribe_time",
                    "unsubscribed_at",
                    "came_by",
                    "scene",
                    "last_scan",
                    "speaks",
                    "sex",
                    "place",
                    "location",
                    "last_interaction_at",
                    "unionid",
                    "confirmed_at",
                )
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Follower]:
        return super().get_queryset(request).listed().prefetch_related("tags", "account")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[FollowerList]:
        return FollowerList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Follower], search_term: str
    ) -> tuple[QuerySet[Follower], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        accounts = rights.accounts_of(request.user, self.permission("view")).values_list("pk", flat=True)
        return queryset.filter(pk__in=search.find(term, list(accounts))), False

    @display(description=_("status"))
    def is_following(self, follower: Follower) -> SafeString:
        return badge(_("following"), "success") if follower.subscribed else badge(_("has left"), "danger")

    @display(description=_("followed at"))
    def followed_at(self, follower: Follower) -> SafeString | str:
        return moment(follower.subscribe_time)

    @display(description=_("tags"))
    def tag_names(self, follower: Follower) -> SafeString | None:
        tags = ((tag.name,) for tag in follower.tags.all())
        return format_html_join(" ", '<span class="q-tag">{}</span>', tags) or None

    @display(description=_("place"))
    def place(self, follower: Follower) -> str:
        return " ".join(filter(None, (follower.country, follower.province, follower.city))) or "-"

    @display(description=_("language"))
    def speaks(self, follower: Follower) -> str:
        try:
            return str(get_language_info(follower.language.lower().replace("_", "-"))["name_translated"])
        except KeyError:
            return follower.language or "-"

    @display(description=_("QR scene"))
    def scene(self, follower: Follower) -> str:
        return follower.qr_scene_str or follower.qr_scene or "-"

    @display(description=_("scanned last"))
    def last_scan(self, follower: Follower) -> SafeString | str:
        if not follower.last_scene:
            return "-"
        return format_html("{} <span class='q-quiet'>{}</span>", follower.last_scene, moment(follower.scanned_at))

    @display(description=_("location"))
    def location(self, follower: Follower) -> SafeString | str:
        if follower.latitude is None or follower.longitude is None:
            return "-"
        words = f"{follower.latitude:.6f}, {follower.longitude:.6f}"
        return format_html("{} <span class='q-quiet'>{}</span>", words, moment(follower.located_at))

    @display(description=_("came by"))
    def came_by(self, follower: Follower) -> str:
        return follower.get_subscribe_scene_display()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        panels = BOARD.show(request, self.load(request, object_id))
        return super().change_view(request, object_id, form_url, (extra_context or {}) | {"panels": panels})

    def has_sync_permission(self, request: HttpRequest) -> bool:
        return self.may(request, "followers.add_sync")

    @action(
        description=_("Sync followers now"),
        url_path="sync",
        icon="sync",
        variant=ActionVariant.PRIMARY,
        permissions=["sync"],
    )
    def sync_now(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse(f"{self.admin_site.name}:followers_sync_start"))
