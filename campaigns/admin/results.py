"""What became of a campaign, on its page: the funnel, the articles; and the tables to take away."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from campaigns import exporting, results
from campaigns.admin.recalls import taken_back
from campaigns.admin.result_words import article_lines
from campaigns.exporting import Kind
from campaigns.models import Campaign, Door
from wxcore.admin.base import EXPORT_PEOPLE as EXPORT
from wxcore.admin.base import Admin
from wxcore.spreadsheets import Format, Table, download

KINDS = {Kind.RECIPIENTS: _("Recipient list"), Kind.BROADCASTS: _("Broadcast results")}


class CampaignResults(Admin):
    """The addresses of the exports; part of the campaigns' admin."""

    export_permission = EXPORT

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "campaigns_campaign"
        return [
            path("<int:object_id>/export/<str:kind>/<str:form>/", view(self.export_view), name=f"{name}_export"),
            *super().get_urls(),
        ]

    def export_view(self, request: HttpRequest, object_id: int, kind: str, form: str) -> StreamingHttpResponse:
        """One campaign's recipients or broadcasts as a file."""
        campaign = self.load(request, str(object_id))
        if kind not in tuple(Kind) or form not in tuple(Format):
            raise Http404
        if not self.may(request, EXPORT, campaign):
            raise PermissionDenied
        table = exporting.table(campaign, Kind(kind), by=request.user, door=Door.ADMIN)
        return download(table, Format(form))

    def export_table(self, request: HttpRequest, rows: QuerySet[Campaign]) -> Table:
        return exporting.campaigns(rows)

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
