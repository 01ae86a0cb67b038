"""The search over everything (Ctrl+K), and the pages of the sidebar with it.

The theme has a search of its own, which remembers results for minutes, rights and language included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.admin.views.decorators import staff_member_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from wxcore import finding, navigation
from wxcore.admin import switcher
from wxcore.admin.base import searched


@dataclass(frozen=True, slots=True)
class Result:
    """What the theme's template shows."""

    title: str
    description: str
    link: str
    icon: str


@never_cache
@require_safe
@staff_member_required
def search(request: HttpRequest) -> HttpResponse:
    """This will be the pages and rows that fit the words `s`, as the theme's list of results."""
    text = searched(request, "s")
    if not text:
        return HttpResponse()
    results = [*_pages(request, text), *_rows(request, text)]
    context = {"results": results, "page_obj": {"count": len(results)}, "page_counter": 0}
    return TemplateResponse(request, "admin/search_results.html", context, headers={"HX-Trigger": "search"})


def _pages(request: HttpRequest, text: str) -> Iterator[Result]:
    for group in navigation.sidebar(request):
        for item in group["items"]:
            if text.casefold() in str(item["title"]).casefold():
                yield Result(str(item["title"]), str(group["title"]), str(item["link"]), item["icon"])


def _rows(request: HttpRequest, text: str) -> Iterator[Result]:
    names = dict(switcher.options(request))
    for one in finding.found(request.user, text):
        owner = names.get(one.account or 0, "") if len(names) > 1 else ""
        told = " · ".join(part for part in (one.kind_label, owner) if part)
        yield Result(one.title, told, one.url, one.source.icon)
