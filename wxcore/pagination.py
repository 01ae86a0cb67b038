"""How lists are cut into pages without ever counting a big table."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Keyset pages by primary key: the thousandth page costs what the first one costs."""

    ordering = "-pk"
    page_size_query_param = "page_size"
    max_page_size = 500


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
