"""How lists are cut into pages without ever counting a big table."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.db.models import Field, Model, QuerySet
from django.db.models.sql.where import WhereNode
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

ORDERING = "ordering"
# SQLite puts no more than 500 queries together.
MOST_APART = 200
# What may be asked of a list and leaves all its rows.
UNFILTERED = ("cursor", "page_size", ORDERING, "fields", "format")


class Place(NamedTuple):
    """Where a page begins: behind the row with these values of the ordering, or before it when leafing back."""

    values: Sequence[str | None]
    backwards: bool = False

    def encode(self) -> str:
        return urlsafe_b64encode(json.dumps([int(self.backwards), *self.values]).encode()).decode()

    @classmethod
    def decode(cls, text: str, length: int) -> Place:
        """This will be what `encode` made. Raises ValueError."""
        backwards, *values = json.loads(urlsafe_b64decode(text.encode()))
        strings = all(isinstance(value, str) and "\0" not in value for value in values)
        if backwards not in (0, 1) or len(values) != length or not strings:
            raise ValueError(text)
        return cls(values, bool(backwards))


class NewestFirst(CursorPagination):
    """Keyset pages: the thousandth costs what the first one costs.

    Rows are compared by all columns of the ordering, whose last must be unique, so that no number of equal values
    hides a row. None of them may be null. A page takes one query for each of the columns at most. A view names further
    orders in `ordering_keys`: word -> columns, which an index has in this order, unless the table is small.
    """

    ordering: Any = "-pk"
    page_size_query_param = "page_size"
    page_size_query_description = "Rows of a page, up to 500."
    max_page_size = 500

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        """This will be one page of the rows. Raises NotFound when the cursor is none of ours."""
        self.request = request
        self.page_size = self.get_page_size(request)
        self.base_url = request.build_absolute_uri()
        self.ordering = self.get_ordering(request, queryset, view)
        self.place = self._place(request)
        backwards = self.place is not None and self.place.backwards
        ordering = [_reversed(name) for name in self.ordering] if backwards else self.ordering
        self._accounts = _accounts_apart(request, view)
        values = None if self.place is None else self._parsed(queryset, ordering, self.place.values)
        found = self._found(queryset, ordering, values)
        self.page = found[: self.page_size]
        self._more, self._came = len(found) > len(self.page), self.place is not None
        if backwards:
            self.page.reverse()
            self._more, self._came = self._came, self._more
        return self.page

    def get_next_link(self) -> str | None:
        return self._link(-1, backwards=False) if self._more else None

    def get_previous_link(self) -> str | None:
        return self._link(0, backwards=True) if self._came else None

    def get_ordering(self, request: Request, queryset: QuerySet[Any], view: Any) -> tuple[str, ...]:
        """This will be the columns of the order that was asked for, or of our own. Raises ValidationError."""
        own = (self.ordering,) if isinstance(self.ordering, str) else tuple(self.ordering)
        asked = request.query_params.get(ORDERING, "")
        if not asked:
            return own
        keys = ordering_keys(view, own)
        columns = keys.get(asked.removeprefix("-"))
        if columns is None:
            known = ", ".join(keys)
            raise exceptions.ValidationError({ORDERING: [_("Choose one of: %(known)s.") % {"known": known}]})
        return tuple(_reversed(name) for name in columns) if asked.startswith("-") else columns

    def _place(self, request: Request) -> Place | None:
        given = request.query_params.get(self.cursor_query_param)
        if given is None:
            return None
        try:
            return Place.decode(given, len(self.ordering))
        except (ValueError, TypeError, RecursionError):
            raise exceptions.NotFound(self.invalid_cursor_message) from None

    def beyond(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        """This will leave the rows that come after a value in a column of the ordering, written with its hyphen."""
        return rows.filter(**{f"{name.removeprefix('-')}__{'lt' if name.startswith('-') else 'gt'}": value})

    def _parsed(self, rows: QuerySet[Any], ordering: Sequence[str], values: Sequence[str | None]) -> list[Any]:
        try:
            return [_field(rows, name).to_python(value) for name, value in zip(ordering, values, strict=True)]
        except (ValidationError, ValueError, OverflowError):
            raise exceptions.NotFound(self.invalid_cursor_message) from None

    def _found(self, rows: QuerySet[Any], ordering: Sequence[str], values: Sequence[Any] | None) -> list[Any]:
        """This will be the rows of a page and one more, that come after the values if there are any.

        First those that differ from them in the last column only, then in the last two: each query is one range of the
        index. A single condition, `(a, b) > (x, y)` or its like with OR, is none where many rows have `a = x`: SQLite
        passes over all of them, since it takes no primary key for the second half of a bound.
        """
        most = self.page_size + 1
        if values is None:
            return self._part(rows, ordering, most)
        found: list[Any] = []
        for last in reversed(range(len(ordering))):
            if len(found) == most:
                break
            equal = {ordering[place].removeprefix("-"): values[place] for place in range(last)}
            part = self.beyond(rows.filter(**equal), ordering[last], values[last])
            found += self._part(part, ordering[last:], most - len(found))
        return found

    def _part(self, rows: QuerySet[Any], ordering: Sequence[str], most: int) -> list[Any]:
        """This will be the first of the rows in an order.

        The rows of several accounts are no range of any index: a database would sort all of them, or pass over those
        of everybody else. The first ones of each account are one.
        """
        if not self._accounts:
            return list(rows.order_by(*ordering)[:most])
        names = [name.removeprefix("-") for name in ordering]
        # In a subquery of their own, because SQLite limits no single part of a UNION.
        each = [rows.filter(account=account).order_by(*ordering).values("pk")[:most] for account in self._accounts]
        # What has been found by key is not filtered again: SQLite would take the filters for the better way in.
        bare = rows.order_by()
        bare.query.where = WhereNode()
        first, *others = [bare.filter(pk__in=pks).values_list(*dict.fromkeys([*names, "pk"])) for pks in each]
        keys = first.union(*others, all=True).order_by(*ordering)[:most]
        return list(bare.filter(pk__in=[key[-1] for key in keys]).order_by(*ordering))

    def _link(self, index: int, *, backwards: bool) -> str:
        if self.page:
            values = [_written(self.page[index], name.removeprefix("-")) for name in self.ordering]
        else:  # what was here has been deleted since
            values = list(self.place.values) if self.place else []
        return self.encode_cursor(Place(values, backwards))

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        keys = ordering_keys(view, (self.ordering,) if isinstance(self.ordering, str) else self.ordering)
        if keys:
            words = [word for key in keys for word in (key, f"-{key}")]
            described = "The order of the rows; a hyphen turns it round."
            schema = {"type": "string", "enum": words}
            parameters.append(
                {"name": ORDERING, "in": "query", "required": False, "description": described, "schema": schema}
            )
        return parameters

    def encode_cursor(self, cursor: Any) -> str:
        query = self.request.query_params.copy()
        query[self.cursor_query_param] = cursor.encode()
        return f"{self.base_url.partition('?')[0]}?{query.urlencode()}"


def ordering_keys(view: Any, own: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """This will be the words for `?ordering=` of a view, with the columns that each means."""
    # A list below a row is of another table, which has no such columns.
    is_own = getattr(view, "action", "list") == "list"
    keys: dict[str, tuple[str, ...]] = dict(getattr(view, "ordering_keys", {})) if is_own else {}
    if len(own) == 1:
        keys.setdefault("id", (own[0].removeprefix("-"),))
    return keys


def _accounts_apart(request: Request, view: Any) -> Sequence[int]:
    """This will be the accounts of which a list shows rows, if they are several and not too many to name each.

    None for a list that is filtered: the index of the filter may be the better one, and knows no account.
    """
    known = {*UNFILTERED, *getattr(view, "filters_by_account", ())}
    is_filtered = any(value for name, value in request.query_params.items() if name not in known)
    if is_filtered or getattr(view, "action", "") != "list":
        return ()
    accounts: Sequence[int] = getattr(view, "accounts", ())
    return accounts if 1 < len(accounts) <= MOST_APART else ()


def _reversed(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _field(rows: QuerySet[Any], name: str) -> Field[Any, Any]:
    column = name.removeprefix("-")
    if column == "pk":
        return rows.model._meta.pk
    try:
        return rows.model._meta.get_field(column)
    except FieldDoesNotExist:
        return rows.query.annotations[column].output_field


def _written(row: Any, name: str) -> str:
    if isinstance(row, Model) and name != "pk":
        try:
            return str(row._meta.get_field(name).value_to_string(row))
        except FieldDoesNotExist:
            pass
    return str(row[name] if isinstance(row, dict) else getattr(row, name))


class CappedPaginator(Paginator):
    """The admin's pages: counts no further than LIMIT rows, which is also as far as one can leaf."""

    LIMIT = 10_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return rows.order_by()[: self.LIMIT].values("pk").count()

    @property
    def is_capped(self) -> bool:
        return self.count >= self.LIMIT
