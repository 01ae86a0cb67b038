"""The media library: what an account has to send, to look at, to add to and to clear out."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.views import ChangeList

from campaigns.admin.media_cards import cards
from campaigns.admin.media_doors import PER_PAGE, MediaDoors
from campaigns.admin.media_files import MediaFiles
from campaigns.models import MediaAsset
from followers.admin.filters import AccountFilter
from wxcore.admin.base import NewestFirstList
from wxcore.models import OfficialAccount
from wxcore.pagination import CappedPaginator


class Gallery(NewestFirstList):
    """The list as cards."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.cards = cards(self.result_list)


@admin.register(MediaAsset)
class MediaAssetAdmin(MediaFiles, MediaDoors):
    change_list_template = "campaigns/media_list.html"
    list_display = ("name",)
    list_filter = (AccountFilter, ("kind", ChoicesDropdownFilter))
    list_per_page = PER_PAGE
    list_disable_select_all = True
    list_fullwidth = True
    search_fields = ("name",)
    search_help_text = gettext_lazy("Name")
    paginator = CappedPaginator
    show_full_result_count = False
    actions = None
    fields = ("name", "description")

    class Media:
        js = ("wxcore/media-picker.js",)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Gallery

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        chosen = request.GET.get("account", "")
        account = OfficialAccount.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
        drop = self.drop(request, account)
        return super().changelist_view(request, (extra_context or {}) | {"drop": drop})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Files are added where they are seen."""
        return HttpResponseRedirect(self.url("changelist"))
