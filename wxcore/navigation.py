"""The sidebar, and the files that every page of the admin loads."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def stylesheet(request: HttpRequest) -> str:
    return static("wxcore/admin.css")


def media_stylesheet(request: HttpRequest) -> str:
    return static("wxcore/media.css")


def script(request: HttpRequest) -> str:
    return static("wxcore/submits.js")


def favicon(request: HttpRequest) -> str:
    return static("wxcore/favicon.svg")


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """This will be the groups of links whose pages the person may see."""
    groups = [
        ("", [_link(_("Dashboard"), "monitoring", "dashboard"), _link(_("Start page"), "home", "admin:index")]),
        (
            _("Mass messages"),
            [
                _list(request, _("Campaigns"), "campaign", "campaigns", "campaign"),
                _list(request, _("Calendar"), "calendar_month", "campaigns", "campaign", page="calendar"),
                _list(request, _("Article drafts"), "article", "campaigns", "draft"),
                _list(request, _("Media library"), "perm_media", "campaigns", "mediaasset"),
                _list(request, _("Broadcasts"), "send", "campaigns", "broadcast"),
                _list(request, _("Publications"), "public", "campaigns", "publication"),
                _list(request, _("Imports"), "cloud_download", "campaigns", "libraryimport"),
            ],
        ),
        (
            _("Followers"),
            [
                _list(request, _("Followers"), "group", "followers", "follower"),
                _list(request, _("Growth"), "trending_up", "followers", "followerday"),
                _list(request, _("Segments"), "filter_alt", "followers", "segment"),
                _list(request, _("Tags"), "sell", "followers", "tag"),
                _list(request, _("Syncs"), "sync", "followers", "sync"),
            ],
        ),
        (
            _("Interaction"),
            [
                _list(request, _("Conversations"), "forum", "callbacks", "conversation"),
                _list(request, _("Reply rules"), "quickreply", "callbacks", "replyrule"),
                _list(request, _("Menus"), "dock_to_bottom", "callbacks", "menu"),
                _list(request, _("Callbacks"), "inbox", "callbacks", "callback"),
                _list(request, _("Notice results"), "notifications", "callbacks", "noticeresult"),
                _list(request, _("Notice consents"), "how_to_reg", "callbacks", "noticeconsent"),
            ],
        ),
        (
            pgettext("navigation", "System"),
            [
                _list(request, _("Official accounts"), "verified_user", "wxcore", "officialaccount"),
                _list(request, _("Webhooks"), "webhook", "wxcore", "webhook"),
                _list(request, _("Deliveries"), "outbox", "wxcore", "webhookdelivery"),
                _list(request, _("Users"), "person", "auth", "user"),
                _list(request, _("Roles"), "groups", "auth", "group"),
                _below_app(_list(request, _("Periodic tasks"), "schedule", "django_celery_beat", "periodictask")),
                _link(_("API tokens"), "key", "admin:wxcore_apitoken_changelist"),
                _link(_("API docs"), "api", "docs"),
            ],
        ),
    ]
    shown = [(title, [item for item in items if item is not None]) for title, items in groups]
    _mark_place(request, [item for _title, items in shown for item in items])
    return [{"title": title, "separator": bool(title), "items": items} for title, items in shown if items]


def _mark_place(request: HttpRequest, items: list[dict[str, Any]]) -> None:
    """The theme marks every link that the address begins with; a page below another one would mark both."""
    fitting = [item for item in items if request.path.startswith((item["link"], item.get("below", item["link"])))]
    deepest = max(fitting, key=lambda item: len(item["link"]), default=None)
    start = reverse("admin:index")
    for item in items:
        item["active"] = item is deepest and (item["link"] != start or request.path == start)


def _link(title: str, icon: str, url_name: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": reverse(url_name)}


def _below_app(item: dict[str, Any] | None) -> dict[str, Any] | None:
    """The other pages of the app, which have no link of their own, belong to this one."""
    return None if item is None else item | {"below": item["link"].rpartition("/")[0].rpartition("/")[0] + "/"}


def _list(
    request: HttpRequest, title: str, icon: str, app: str, model: str, *, page: str = "changelist"
) -> dict[str, Any] | None:
    if not request.user.has_perm(f"{app}.view_{model}") and not request.user.has_perm(f"{app}.change_{model}"):
        return None
    return _link(title, icon, f"admin:{app}_{model}_{page}")
