"""Template filter: what the breadcrumb calls a row."""

from __future__ import annotations

from typing import Any

from django import template
from django.contrib import admin

register = template.Library()


@register.filter
def titled(row: Any) -> Any:
    """This will be the name that the row's admin has for it (`title_of`), or the row itself."""
    title_of = getattr(admin.site._registry.get(type(row)), "title_of", None)
    return row if title_of is None else title_of(row)
