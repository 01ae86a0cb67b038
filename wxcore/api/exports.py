"""Every list as a file: the one that the admin makes of it, so that columns and who may take it away are said once."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from wxcore import xlsx
from wxcore.api.errors import ERRORS
from wxcore.spreadsheets import Format, download

FILE = {
    (200, kind): OpenApiResponse(OpenApiTypes.BINARY, description="The table, as it is read: of any size.")
    for kind in ("text/csv", xlsx.KIND)
}
TYPE = OpenApiParameter("type", str, enum=list(Format), description="`csv` (UTF-8 with BOM) unless told otherwise.")


class ExportedRows:
    """Part of a view of rows of which the admin has a list."""

    @extend_schema(parameters=[TYPE], responses={**FILE, **ERRORS}, filters=True)
    @action(detail=False, methods=["get"], url_path="export", url_name="export-list")
    def export_list(self, request: Request) -> StreamingHttpResponse:
        """The list as a file, with the columns that the admin shows; takes the filters of the list."""
        form = chosen_format(request)
        shown: Any = self.filter_queryset(self.get_queryset())  # type: ignore[attr-defined]
        page: Any = admin.site.get_model_admin(shown.model)
        plain = request._request
        if not page.may_export(plain):
            raise PermissionDenied
        rows = page.get_queryset(plain).filter(pk__in=shown.order_by().values("pk"))
        return download(page.export_table(plain, page.exported(plain, rows)), form)


def chosen_format(request: Request) -> Format:
    """This will be what the query asks for; CSV when it asks for nothing. Raises ValidationError."""
    field = serializers.ChoiceField(choices=list(Format))
    try:
        return Format(field.run_validation(request.query_params.get("type", Format.CSV)))
    except serializers.ValidationError as error:
        raise serializers.ValidationError({"type": error.detail}) from None
