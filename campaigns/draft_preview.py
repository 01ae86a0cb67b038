"""The phone beside the editor: a whole document that the page shows in a frame without scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from campaigns import bodies, library, uploading
from campaigns.articles import Contents
from campaigns.models import Draft, MediaAsset
from wxcore.models import OfficialAccount

VIEWS = ("card", "article")


def document(
    request: HttpRequest,
    draft: Draft,
    articles: Sequence[Contents],
    *,
    view: str,
    index: int,
    dark: bool,
    covers: Mapping[int, MediaAsset],
    is_hosted: Callable[[str], bool],
) -> str:
    """This will be the HTML document of the message card or of one article, as WeChat would keep it."""
    shown: Contents = articles[index]
    context: dict[str, Any] = {
        "view": view,
        "dark": dark,
        "account": draft.account,
        "articles": [{**one, "picture": covers.get(one["cover"] or 0)} for one in articles],
        "article": shown,
        "today": timezone.now(),
    }
    if view == "article":
        context["body"] = bodies.as_kept(shown["body"], is_hosted=is_hosted)
    return render_to_string("campaigns/draft_preview.html", context, request)


def covers_of(draft: Draft, articles: list[Contents]) -> dict[int, MediaAsset]:
    """This will be the covers by their primary key; another account's are not among them."""
    chosen = {one["cover"] for one in articles if one["cover"]}
    return MediaAsset.objects.filter(account=draft.account_id).in_bulk(chosen) if chosen else {}


def is_hosted(account: OfficialAccount) -> Callable[[str], bool]:
    """This will tell of a picture's address whether WeChat will show it: it is at WeChat, or in our library."""

    def known(url: str) -> bool:
        return library.asset_id(url) is not None or uploading.is_hosted(account, urlsplit(url).netloc)

    return known
