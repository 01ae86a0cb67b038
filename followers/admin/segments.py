"""Segments: saved filters, built condition by condition with the head count beside them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action, display
from unfold.views import ChangeList

from followers import segments
from followers.admin.segment_form import SegmentForm
from followers.admin.segment_fragments import SegmentFragments
from followers.conditions import Scope
from followers.models import Segment
from wxcore.admin.base import moment
from wxcore.admin.filters import AccountFilter
from wxcore.errors import OperatorError

LONGEST_SENTENCE = 160


class SegmentList(ChangeList):
    """The list with each segment in words; tags and lists are looked up once for each account."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        scopes: dict[int, Scope] = {}
        for segment in self.result_list:
            scope = scopes.setdefault(segment.account_id, Scope(segment.account, timezone.now()))
            segment.words = Truncator(segments.sentence(segment, scope)).chars(LONGEST_SENTENCE)


@admin.register(Segment)
class SegmentAdmin(SegmentFragments):
    form = SegmentForm
    empty_hint = gettext_lazy(
        "A segment is a saved filter over your followers: by tags, by when and how they came, by what they last"
        " received, or by a list of OpenIDs. A campaign can go to it, and it is applied anew each time."
    )
    change_form_template = "followers/segment_form.html"
    list_display = ("name", "in_words", "account", "changed")
    list_select_related = ("account",)
    list_filter = (AccountFilter,)
    search_fields = ("name", "description")
    search_help_text = gettext_lazy("Name or description")
    actions = None
    actions_detail = ("copy",)
    warn_unsaved_form = True
    fieldsets = (
        (None, {"fields": ("account", "name", "description")}),
        (gettext_lazy("Who it includes"), {"fields": ("conditions",)}),
    )

    class Media:
        js = ("wxcore/chips.js", "wxcore/segment-builder.js")

    @display(description=gettext_lazy("who it includes"))
    def in_words(self, segment: Segment) -> str:
        return getattr(segment, "words", "") or segments.sentence(segment, _scope(segment))

    @display(description=gettext_lazy("changed"), ordering="updated_at")
    def changed(self, segment: Segment) -> SafeString | str:
        return moment(segment.updated_at)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return SegmentList

    def get_fieldsets(self, request: HttpRequest, obj: Segment | None = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return ((None, {"fields": ("account", "name", "description", "in_words")}),)
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Segment | None = None) -> Any:
        return ("in_words",)

    def has_copy_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, self.permission("add"), object_id)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        segment = self.load(request, object_id) if object_id else None
        context = {"show_save_and_continue": False, "show_save_and_add_another": False} | (extra_context or {})
        try:
            page = self.page_context(request, segment)
            return super().changeform_view(request, object_id, form_url, context | page)
        except OperatorError as error:
            return self.refuse(request, error, self.url_of(segment) if segment else self.url("changelist"))

    def save_model(self, request: HttpRequest, obj: Segment, form: SegmentForm, change: bool) -> None:
        if not change:
            obj.created_by = request.user
        segments.save(obj, now=timezone.now())

    def response_post_save_add(self, request: HttpRequest, obj: Segment) -> HttpResponse:
        return HttpResponseRedirect(self.url_of(obj))

    def response_post_save_change(self, request: HttpRequest, obj: Segment) -> HttpResponse:
        return HttpResponseRedirect(self.url_of(obj))

    @action(description=gettext_lazy("Copy"), url_path="copy", icon="content_copy", permissions=["copy"])
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponse:
        segment = self.load(request, object_id)
        if request.method == "POST":
            try:
                copied = segments.duplicate(segment, by=request.user, now=timezone.now())
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(segment))
            return self.done(request, _("This is the copy."), self.url_of(copied), row=copied)
        return self.confirm(
            request,
            title=_("Copy this segment?"),
            lead=_("The copy has the same conditions. Campaigns go on using the original."),
            facts=[(_("segment"), segment.name), (_("who it includes"), segments.sentence(segment, _scope(segment)))],
            button=_("Copy"),
            row=segment,
        )

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        segment = self.load(request, object_id)
        if not self.has_delete_permission(request, segment):
            raise PermissionDenied
        if request.method == "POST":
            try:
                self.log_deletions(request, Segment.objects.filter(pk=segment.pk))
                segments.delete(segment)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(segment))
            return self.done(request, _("“%(name)s” was deleted.") % {"name": segment.name}, self.url("changelist"))
        uses = segments.uses(segment)
        return self.confirm(
            request,
            title=_("Delete this segment?"),
            template="followers/segment_delete.html",
            facts=[(_("segment"), segment.name), (_("who it includes"), segments.sentence(segment, _scope(segment)))],
            uses=uses,
            problems=segments.problems_of_deleting(segment, uses),
            button=_("Delete"),
            danger=True,
            row=segment,
        )


def _scope(segment: Segment) -> Scope:
    return Scope(segment.account, timezone.now())
