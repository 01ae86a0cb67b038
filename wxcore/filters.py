"""Filters and search of the API's lists."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from django.forms import ModelChoiceField
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from wxcore import rights

SEARCH = "search"
LONGEST_SEARCH = 100


class OwnAccountsFilterBackend(DjangoFilterBackend):
    """A filter by a row of another account is refused like one by a row that does not exist."""

    def get_filterset(self, request: Request, queryset: QuerySet[Any], view: Any) -> FilterSet | None:
        filterset = super().get_filterset(request, queryset, view)
        if filterset is not None:
            for field in filterset.form.fields.values():
                if isinstance(field, ModelChoiceField) and rights.has_account(field.queryset.model):
                    field.queryset = rights.scoped(field.queryset, request.user)
        return filterset


class SearchFilterBackend(BaseFilterBackend):
    """`?search=`: the rows of which one of the view's `search_fields` has the words.

    `=name` is equal, and plain `name` contains them, which reads every row: for small tables only. A view that knows
    better has a method `search(rows, words)` and says in `search_description` what it finds.
    """

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        words = searched(request)
        if not words or not is_searchable(view):
            return queryset
        if hasattr(view, "search"):
            rows: QuerySet[Any] = view.search(queryset, words)
            return rows
        conditions = [_condition(queryset.model, name, words) for name in view.search_fields]
        found = [condition for condition in conditions if condition]
        return queryset.filter(Q.create(found, connector=Q.OR)) if found else queryset.none()

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        if not is_searchable(view):
            return []
        fields = getattr(view, "search_fields", ())
        described = getattr(view, "search_description", "") or "; ".join(_described(name) for name in fields)
        schema = {"type": "string", "maxLength": LONGEST_SEARCH}
        return [{"name": SEARCH, "in": "query", "required": False, "description": described, "schema": schema}]


def searched(request: Request) -> str:
    """This will be what `?search=` says, without what no database can look for."""
    words: str = request.query_params.get(SEARCH, "")
    return words.replace("\0", "").strip()[:LONGEST_SEARCH]


def is_searchable(view: Any) -> bool:
    return bool(getattr(view, "search_fields", ())) or hasattr(view, "search")


def _condition(model: type[Model], name: str, words: str) -> Q | None:
    if not name.startswith("="):
        return Q(**{f"{name}__icontains": words})
    try:
        return Q(**{name[1:]: model._meta.get_field(name[1:]).to_python(words)})
    except ValidationError:  # words in search of a number
        return None


def _described(name: str) -> str:
    return f"`{name[1:]}` is equal" if name.startswith("=") else f"`{name}` contains it"
