"""The versions of a draft: the list, what is different between two, and bringing one back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from campaigns import drafts
from campaigns.models import Draft, Revision
from wxcore.admin.base import Admin, moment
from wxcore.errors import OperatorError

PER_PAGE = 30


class DraftVersions(Admin):
    """The pages about versions; part of the drafts' admin."""

    def get_urls(self) -> list[URLPattern]:
        site, name = self.admin_site, "campaigns_draft"
        return [
            path("<int:object_id>/versions/compare/", site.admin_view(self.compare_view), name=f"{name}_compare"),
            path(
                "<int:object_id>/versions/<int:number>/restore/",
                site.admin_view(self.restore_view),
                name=f"{name}_restore",
            ),
            *super().get_urls(),
        ]

    @action(description=gettext_lazy("Versions"), url_path="versions", icon="history")
    def versions(self, request: HttpRequest, object_id: str) -> HttpResponse:
        draft = self.load(request, object_id)
        pages = Paginator(drafts.revisions(draft), PER_PAGE)
        page = pages.get_page(request.GET.get("page"))
        return self.page(
            request,
            "campaigns/draft_versions.html",
            title=_("Versions"),
            row=draft,
            versions=page,
            newest=draft.revisions.order_by("-number").values_list("number", flat=True).first(),
            may_restore=self.has_change_permission(request, draft),
        )

    def compare_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """What is different between the versions `a` and `b` of the address, the older one on the left."""
        draft = self.load(request, str(object_id))
        numbers = sorted(_number(request.GET.get(name)) for name in ("a", "b"))
        before, after = (self._revision(draft, number) for number in numbers)
        changes = drafts.compare(before, after)
        return self.page(
            request,
            "campaigns/draft_compare.html",
            title=_("Compare versions"),
            row=draft,
            before=before,
            after=after,
            changes=[change for change in changes if not change.is_same],
        )

    def restore_view(self, request: HttpRequest, object_id: int, number: int) -> HttpResponse:
        draft = self.load(request, str(object_id))
        if not self.has_change_permission(request, draft):
            raise PermissionDenied
        revision = self._revision(draft, number)
        if request.method == "POST":
            try:
                drafts.restore(draft, revision, request.user)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(draft))
            message = _("Version %(number)d is the draft's content again.") % {"number": number}
            return self.done(request, message, self.url_of(draft), row=draft)
        return self.confirm(
            request,
            title=_("Bring back version %(number)d?") % {"number": number},
            lead=_("The present content stays in the list as a version, so this can be undone."),
            facts=[
                (_("article draft"), draft),
                (_("saved"), moment(revision.created_at)),
                (_("saved by"), revision.created_by or "–"),
                (_("articles"), " / ".join(one["title"] or _("Untitled") for one in revision.articles)),
            ],
            button=_("Bring back"),
            row=draft,
            back=self.url("versions", draft.pk),
        )

    def _revision(self, draft: Draft, number: int) -> Revision:
        revision = draft.revisions.select_related("created_by").filter(number=number).first()
        if revision is None:
            raise Http404
        return revision


def _number(value: Any) -> int:
    if not str(value or "").isdecimal() or len(value) > 9:
        raise Http404
    return int(value)
