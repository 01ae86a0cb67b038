"""The search over everything (Ctrl+K): each app says what of it can be found, and by which words.

The theme has a search of its own, which remembers results for minutes, rights and language included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.admin.views.decorators import staff_member_required
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import Truncator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wxcore import navigation, rights
from wxcore.admin import switcher
from wxcore.admin.base import searched

# Of each kind: whoever sees as many knows to type more.
MOST = 5
LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that can be found. `match(rows, text, accounts)` leaves those that fit, by an index where they are many;
    `accounts` are those whose rows the person may see."""

    order: int
    model: type[Model]
    icon: str
    match: Callable[[QuerySet[Any], str, list[int]], QuerySet[Any]]
    title: Callable[[Any], str] = str


@dataclass(frozen=True, slots=True)
class Result:
    """What the theme's template shows."""

    title: str
    description: str
    link: str
    icon: str


_sources: list[Source] = []


def register(*sources: Source) -> None:
    _sources.extend(sources)
    _sources.sort(key=lambda source: source.order)


def by_name(*fields: str) -> Callable[[QuerySet[Any], str, list[int]], QuerySet[Any]]:
    """This will match a part of any of `fields`, for tables that people fill by hand."""

    def match(rows: QuerySet[Any], text: str, accounts: list[int]) -> QuerySet[Any]:
        return rows.filter(reduce(or_, (Q(**{f"{field}__icontains": text}) for field in fields))).order_by("-pk")

    return match


@never_cache
@require_safe
@staff_member_required
def search(request: HttpRequest) -> HttpResponse:
    """This will be the pages and rows that fit the words `s`, as the theme's list of results."""
    text = searched(request, "s")
    if not text:
        return HttpResponse()
    results = [*_pages(request, text), *(result for source in _sources for result in _rows(request, source, text))]
    context = {"results": results, "page_obj": {"count": len(results)}, "page_counter": 0}
    return TemplateResponse(request, "admin/search_results.html", context, headers={"HX-Trigger": "search"})


def _pages(request: HttpRequest, text: str) -> Iterator[Result]:
    for group in navigation.sidebar(request):
        for item in group["items"]:
            if text.casefold() in str(item["title"]).casefold():
                yield Result(str(item["title"]), str(group["title"]), str(item["link"]), item["icon"])


def _rows(request: HttpRequest, source: Source, text: str) -> Iterator[Result]:
    meta = source.model._meta
    needed = [f"{meta.app_label}.{verb}_{meta.model_name}" for verb in ("view", "change")]
    if not any(request.user.has_perm(permission) for permission in needed):
        return
    names = dict(switcher.options(request))
    everywhere = rights.is_unlimited(request.user)
    accounts = list(names) if everywhere else rights.account_ids(request.user, *needed)
    rows = rights.scoped(source.model._default_manager.all(), request.user, *needed)
    for row in source.match(rows, text, accounts)[:MOST]:
        owner = names.get(rights.account_id_of(row) or 0, "") if len(names) > 1 else ""
        told = " · ".join(part for part in (str(meta.verbose_name), owner) if part)
        link = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])
        yield Result(Truncator(source.title(row)).chars(LONGEST_TITLE), told, link, source.icon)
