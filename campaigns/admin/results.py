"""What became of a campaign, on its page: the funnel, the articles; and the tables to take away."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from campaigns import exporting, results
from campaigns.admin.recalls import taken_back
from campaigns.admin.result_words import article_lines
from campaigns.exporting import Kind
from campaigns.models import Campaign, Door
from wxcore import rights
from wxcore.admin.base import Admin
from wxcore.spreadsheets import Format, download

EXPORT = "campaigns.export_recipients"
KINDS = {Kind.RECIPIENTS: _("Recipient list"), Kind.BROADCASTS: _("Broadcast results")}


class CampaignResults(Admin):
    """The addresses of the exports; part of the campaigns' admin."""

    list_after_template = "campaigns/export_list.html"

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "campaigns_campaign"
        return [
            path("export/<str:form>/", view(self.export_list_view), name=f"{name}_export_list"),
            path("<int:object_id>/export/<str:kind>/<str:form>/", view(self.export_view), name=f"{name}_export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        forms = [(form.upper(), self.url("export_list", form)) for form in reversed(Format)]
        offered = {"list_exports": forms if self.may(request, EXPORT) else []}
        return super().changelist_view(request, offered | (extra_context or {}))

    def export_view(self, request: HttpRequest, object_id: int, kind: str, form: str) -> StreamingHttpResponse:
        """One campaign's recipients or broadcasts as a file."""
        campaign = self.load(request, str(object_id))
        if kind not in tuple(Kind) or form not in tuple(Format):
            raise Http404
        if not self.may(request, EXPORT, campaign):
            raise PermissionDenied
        table = exporting.table(campaign, Kind(kind), by=request.user, door=Door.ADMIN)
        return download(table, Format(form))

    def export_list_view(self, request: HttpRequest, form: str) -> StreamingHttpResponse:
        """The campaigns of the list, as it is filtered at this moment, as a file."""
        if form not in tuple(Format):
            raise Http404
        if not (self.has_view_permission(request) and self.may(request, EXPORT)):
            raise PermissionDenied
        try:
            shown = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            raise Http404 from None
        return download(exporting.campaigns(rights.scoped(shown, request.user, EXPORT)), Format(form))

    def results_of(self, request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
        """This will be what the campaign's page shows besides its funnel: articles, and tables to take away."""
        has_started = campaign.started_at is not None
        return {
            "sent_articles": article_lines(results.articles(campaign), taken_back(campaign)),
            "exports": self._exports(request, campaign) if has_started else [],
        }

    def _exports(self, request: HttpRequest, campaign: Campaign) -> list[dict[str, Any]]:
        if not self.may(request, EXPORT, campaign):
            return []
        return [
            {
                "label": label,
                "links": [(form.upper(), self.url("export", campaign.pk, kind, form)) for form in reversed(Format)],
            }
            for kind, label in KINDS.items()
        ]
