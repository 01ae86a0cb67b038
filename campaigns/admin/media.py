"""The media library: what an account has to send, to look at, to add to and to clear out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.views import ChangeList
from unfold.widgets import UnfoldBooleanSwitchWidget

from campaigns import library, mediafiles, mediause
from campaigns.admin.imports import ImportButton
from campaigns.admin.media_cards import cards, library_cards, standing
from campaigns.admin.media_doors import PER_PAGE, MediaDoors
from campaigns.admin.media_files import MediaFiles
from campaigns.models import MediaAsset, Target
from wxcore.admin.base import NewestFirstList
from wxcore.admin.filters import AccountFilter
from wxcore.errors import OperatorError
from wxcore.pagination import CappedPaginator


class Gallery(NewestFirstList):
    """The list as cards."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.cards = library_cards(self.result_list, now=timezone.now())


class DeleteForm(forms.Form):
    at_wechat = forms.BooleanField(
        label=gettext_lazy("Delete it at WeChat too"),
        help_text=gettext_lazy("What was sent keeps its pictures; nothing new can use the file there."),
        required=False,
        widget=UnfoldBooleanSwitchWidget,
    )


@admin.register(MediaAsset)
class MediaAssetAdmin(ImportButton, MediaFiles, MediaDoors):
    change_list_template = "campaigns/media_list.html"
    change_form_template = "campaigns/media_detail.html"
    list_display = ("name",)
    export_columns = ("name", "kind", "mime", "size", "seconds", "account", "created_at")
    list_filter = (AccountFilter, ("kind", ChoicesDropdownFilter))
    list_per_page = PER_PAGE
    list_disable_select_all = True
    list_fullwidth = True
    search_fields = ("name",)
    search_help_text = gettext_lazy("Name")
    paginator = CappedPaginator
    show_full_result_count = False
    actions = None
    actions_list = ("import_from_wechat",)
    fields = ("name", "description")
    warn_unsaved_form = True

    class Media:
        js = ("wxcore/media-picker.js",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MediaAsset]:
        return super().get_queryset(request).prefetch_related("remote")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return Gallery

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        chosen = request.GET.get("account", "")
        account = self.account(request, chosen, "view")
        drop = self.drop(request, account)
        return super().changelist_view(request, (extra_context or {}) | {"drop": drop})

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Files are added where they are seen."""
        return HttpResponseRedirect(self.url("changelist"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        asset = self.load(request, object_id)
        now = timezone.now()
        context = {
            "card": cards([asset])[0],
            "facts": list(_facts(asset)),
            "copies": [(copy, standing(copy, now=now)) for copy in asset.remote.all()],
            "uses": mediause.usage(asset),
            "title": asset.name,
            "subtitle": None,
            "show_save_and_continue": False,
            "show_save_and_add_another": False,
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        help_texts = {"description": _("A note for colleagues; it is never sent.")}
        return super().get_form(request, obj, change, help_texts=help_texts, **kwargs)

    def save_model(self, request: HttpRequest, obj: MediaAsset, form: Any, change: bool) -> None:
        library.describe(obj, name=obj.name, description=obj.description)

    def response_post_save_change(self, request: HttpRequest, obj: MediaAsset) -> HttpResponse:
        return HttpResponseRedirect(self.url_of(obj))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """This will ask, saying what would break. Django's own page would list what goes with it, and ask nothing."""
        asset = self.load(request, object_id)
        if not self.has_delete_permission(request, asset):
            raise PermissionDenied
        form = DeleteForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            return self._delete(request, asset, at_wechat=form.cleaned_data["at_wechat"])
        uses = mediause.usage(asset)
        holding = [mediause.FileInUse(asset=asset.name, by=use.name) for use in uses if use.holds]
        permanent = any(copy.target == Target.PERMANENT and copy.media_id for copy in asset.remote.all())
        return self.confirm(
            request,
            title=_("Delete this file?"),
            lead=_("It leaves the library for good. What was sent or published already is not changed."),
            facts=[(_("name"), asset.name), (_("official account"), asset.account), *_facts(asset)],
            problems=holding,
            warnings=[
                _("%(what)s “%(name)s” loses it.") % {"what": capfirst(str(use.what)), "name": use.name} for use in uses
            ],
            form=form if permanent else None,
            button=_("Delete"),
            danger=True,
            row=asset,
        )

    def _delete(self, request: HttpRequest, asset: MediaAsset, *, at_wechat: bool) -> HttpResponse:
        try:
            deleted = mediause.delete(asset, at_wechat=at_wechat)
        except OperatorError as error:
            return self.refuse(request, error, self.url_of(asset))
        self.log_deletions(request, [asset])
        message = _("“%(name)s” was deleted.") % {"name": asset.name}
        if at_wechat:
            there = ngettext("%(n)d copy was deleted at WeChat.", "%(n)d copies were deleted at WeChat.", deleted)
            message = f"{message} {there % {'n': deleted}}"
        return self.done(request, message, self.url("changelist"))


def _facts(asset: MediaAsset) -> Any:
    """What is known of the file, as labels and values."""
    yield _("kind"), capfirst(asset.get_kind_display())
    if asset.mime:
        yield _("format"), mediafiles.format_name(asset.mime)
    if asset.size:
        yield _("size"), mediafiles.show_size(asset.size)
    if asset.width and asset.height:
        yield _("pixels"), f"{asset.width} × {asset.height}"
    if asset.seconds:
        yield _("duration"), mediafiles.show_seconds(asset.seconds)
