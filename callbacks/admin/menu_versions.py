"""The versions of a menu: what was published when, and bringing one back into the editor."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from callbacks import livemenu, menus
from callbacks.admin.menu_words import names, rows
from callbacks.models import Menu, MenuVersion
from wxcore.admin.base import Admin, moment
from wxcore.errors import OperatorError

PER_PAGE = 20


class MenuVersions(Admin):
    """The pages about versions; part of the menus' admin."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.restore_view)
        address = "<int:object_id>/versions/<int:number>/restore/"
        return [path(address, view, name="callbacks_menu_restore"), *super().get_urls()]

    @action(description=gettext_lazy("Versions"), url_path="versions", icon="history")
    def versions(self, request: HttpRequest, object_id: str) -> HttpResponse:
        menu = self.load(request, object_id)
        pages = Paginator(menu.versions.select_related("published_by"), PER_PAGE)
        return self.page(
            request,
            "callbacks/menu_versions.html",
            title=_("Versions"),
            row=menu,
            versions=pages.get_page(request.GET.get("page")),
            newest=menu.versions.values_list("number", flat=True).first(),
            may_restore=self.has_change_permission(request, menu),
        )

    def restore_view(self, request: HttpRequest, object_id: int, number: int) -> HttpResponse:
        menu: Menu = self.load(request, str(object_id))
        if not self.has_change_permission(request, menu):
            raise PermissionDenied
        version: MenuVersion | None = menu.versions.select_related("published_by").filter(number=number).first()
        if version is None:
            raise Http404
        if request.method == "POST":
            try:
                menus.roll_back(menu, version, seen_version=menu.version)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(menu))
            message = _("Version %(number)d is in the editor again. Publish it when followers should see it.")
            return self.done(request, message % {"number": number}, self.url_of(menu), row=menu)
        return self.confirm(
            request,
            title=_("Bring back version %(number)d?") % {"number": number},
            template="callbacks/menu_publish.html",
            lead=_("It replaces what is in the editor. Followers see nothing of it until you publish."),
            facts=[
                (_("menu"), menu),
                (_("published at"), moment(version.published_at)),
                (_("by"), version.published_by or "–"),
            ],
            rows=rows(livemenu.differences(menu.buttons, version.buttons), names(menu, menu.buttons, version.buttons)),
            left=_("In the editor now"),
            right=_("Version %(number)d") % {"number": number},
            button=_("Bring back"),
            row=menu,
            back=self.url("versions", menu.pk),
        )
