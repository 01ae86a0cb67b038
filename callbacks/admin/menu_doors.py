"""What the menu editor's script asks for: save, and compare with WeChat's menu."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import template_localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from callbacks import menuchecks, menus, menusync
from callbacks.models import Menu, ReplyRule, Trigger
from wxcore.admin.base import Admin
from wxcore.admin.json import NoJson, in_words, json_view

PUBLISH = "callbacks.publish_menu"
ARTICLES = 200


class MenuDoors(Admin):
    """The addresses of the editor's script; part of the menus' admin."""

    def get_urls(self) -> list[URLPattern]:
        site, name = self.admin_site, "callbacks_menu"
        return [
            path("<int:object_id>/save/", site.admin_view(self.save_view), name=f"{name}_save"),
            path("<int:object_id>/compare/", site.admin_view(self.compare_view), name=f"{name}_compare"),
            *super().get_urls(),
        ]

    def owned(self, request: HttpRequest, object_id: int, *, to_change: bool) -> Menu:
        """This will be the menu, for somebody who may see or change it. Raises Http404, PermissionDenied."""
        menu = self.own(request, Menu.objects.select_related("account", "tag")).filter(pk=object_id).first()
        if menu is None:
            raise Http404
        if to_change and not self.has_change_permission(request, menu):
            raise PermissionDenied
        return menu

    @json_view
    def save_view(self, request: HttpRequest, data: dict[str, Any], object_id: int) -> dict[str, Any]:
        """`{version, buttons}` -> what `saved_state` says."""
        menu = self.owned(request, object_id, to_change=True)
        if type(data.get("version")) is not int:
            raise NoJson
        return saved_state(menus.save(menu, data.get("buttons"), seen_version=data["version"]))

    @json_view
    def compare_view(self, request: HttpRequest, data: dict[str, Any], object_id: int) -> dict[str, Any]:
        """`{}` -> `{warning, is_unpublished}`: the warning is empty when WeChat's menu is what we published."""
        menu = self.owned(request, object_id, to_change=False)
        if not self.may(request, PUBLISH, menu) and not self.has_change_permission(request, menu):
            raise PermissionDenied
        strangers = menusync.compare(menu, now=timezone.now())
        return {"warning": difference(menu, strangers), "is_unpublished": menus.is_unpublished(menu)}

    def editor(self, request: HttpRequest, menu: Menu) -> dict[str, Any]:
        """This will be the part of the page's data that is about the account."""
        of_account = {"account": menu.account_id, "trigger": Trigger.MENU.value}
        files = menuchecks.assets(menu.account_id, menu.buttons)
        published = menuchecks.published(menu.account_id)[:ARTICLES]
        return {
            "files": {asset.pk: {"id": asset.pk, "name": asset.name, "thumb": asset.thumb_url} for asset in files},
            "articles": [
                {"id": one.pk, "title": str(one.draft), "at": date_format(one.created_at, "Y-m-d")} for one in published
            ],
            "rules": {
                key: {"name": rule.name, "url": _page("change", rule.pk)}
                for key, rule in menuchecks.rules(menu.account_id).items()
            },
            "new_rule": f"{_page('add')}?{urlencode(of_account)}&words=",
            "urls": {name: self.url(name, menu.pk) for name in ("save", "compare", "publish")},
        }


def saved_state(menu: Menu) -> dict[str, Any]:
    """This will be what the page must know after a save."""
    found = [
        in_words(problem.error) | {"path": list(problem.path), "field": problem.field, "hint": problem.hint}
        for problem in menuchecks.problems(menu)
    ]
    return {
        "version": menu.version,
        "saved_at": date_format(template_localtime(menu.updated_at), "H:i"),
        "problems": found,
        "is_unpublished": menus.is_unpublished(menu),
    }


def difference(menu: Menu, strangers: int = 0) -> str:
    """This will be the warning that WeChat's menu is not what we published, "" when it is."""
    found = []
    if menu.differs and menu.live is None:
        found.append(_("WeChat no longer has this menu, or it is switched off in WeChat's console."))
    elif menu.differs and menu.published is None:
        found.append(_("WeChat has a menu that was not made here. Publishing replaces it; “Fetch” brings it here."))
    elif menu.differs:
        found.append(_("Followers see another menu than the one that was published here."))
    if strangers and not menu.is_conditional:
        text = ngettext(
            "WeChat has %(n)d menu for a tag that is not here; “Fetch” brings it.",
            "WeChat has %(n)d menus for tags that are not here; “Fetch” brings them.",
            strangers,
        )
        found.append(text % {"n": strangers})
    return " ".join(found)


def _page(name: str, *args: int) -> str:
    return reverse(f"admin:callbacks_replyrule_{name}", args=args) if admin.site.is_registered(ReplyRule) else ""
