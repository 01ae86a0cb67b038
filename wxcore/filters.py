"""Filters of the API's lists."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.forms import ModelChoiceField
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework.request import Request

from wxcore import rights


class OwnAccountsFilterBackend(DjangoFilterBackend):
    """A filter by a row of another account is refused like one by a row that does not exist."""

    def get_filterset(self, request: Request, queryset: QuerySet[Any], view: Any) -> FilterSet | None:
        filterset = super().get_filterset(request, queryset, view)
        if filterset is not None:
            for field in filterset.form.fields.values():
                if isinstance(field, ModelChoiceField) and rights.has_account(field.queryset.model):
                    field.queryset = rights.scoped(field.queryset, request.user)
        return filterset
