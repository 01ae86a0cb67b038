"""The menus: list, a new one, and the editor with the phone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget

from callbacks import buttons as menu_buttons
from callbacks import menus
from callbacks.admin.menu_doors import PUBLISH, MenuDoors, difference, saved_state
from callbacks.admin.menu_verbs import MenuVerbs
from callbacks.admin.menu_versions import MenuVersions
from callbacks.admin.menu_words import editor_words, kind_groups, labels
from callbacks.models import Menu
from followers.models import Tag
from wxcore import rights
from wxcore.admin.base import badge, moment
from wxcore.admin.filters import AccountFilter
from wxcore.admin.forms import AccountForm
from wxcore.errors import OperatorError


class NewMenuForm(AccountForm):
    """For which account, and for everybody or for who wears a tag."""

    tag = forms.ModelChoiceField(
        Tag.objects.none(),
        label=gettext_lazy("Who sees it"),
        required=False,
        empty_label=gettext_lazy("Everybody"),
        help_text=gettext_lazy("Followers whose tags have no menu of their own see the one for everybody."),
        widget=UnfoldAdminSelectWidget(),
    )

    def __init__(self, data: Any, user: rights.Person, permission: str, *, asked: str = "") -> None:
        super().__init__(data, user, permission, asked=asked, as_list=True)
        accounts = self.fields["account"].queryset
        tags = Tag.objects.filter(account__in=accounts, vanished_at=None).select_related("account")
        self.fields["tag"].queryset = tags
        if self.count > 1:
            self.fields["tag"].label_from_instance = lambda tag: f"{tag.name} · {tag.account}"

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        tag, account = given.get("tag"), given.get("account")
        if tag is not None and account is not None and tag.account_id != account.pk:
            self.add_error("tag", _("This tag belongs to another official account."))
        return given


@admin.register(Menu)
class MenuAdmin(MenuVersions, MenuVerbs, MenuDoors):
    change_form_template = "callbacks/menu_editor.html"
    empty_hint = gettext_lazy(
        "The menu stands at the bottom of the chat: up to three buttons, each with up to five below it. If there is one"
        " in WeChat's console already, begin here all the same and choose “Fetch from WeChat”."
    )
    fields = ("account",)
    readonly_fields = ("account",)
    list_display = ("for_whom", "account", "shown", "state", "when")
    list_select_related = ("account", "tag")
    list_filter = (AccountFilter,)
    sortable_by = ()
    actions = None
    actions_detail = ("publish", "fetch", "versions", "take_down")
    ordering = ("account", "is_conditional", "id")

    class Media:
        css = {"all": ("wxcore/menu-editor.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Menu]:
        return menus.with_newest(super().get_queryset(request))

    @display(description=gettext_lazy("menu"))
    def for_whom(self, menu: Menu) -> str:
        return str(menu)

    @display(description=gettext_lazy("buttons"))
    def shown(self, menu: Menu) -> SafeString | str:
        if not menu.buttons:
            return "–"
        parts = [
            f"{button.get('name') or _('No name')}"
            + (f" ({len(below)})" if (below := button.get("sub_button")) else "")
            for button in menu.buttons
        ]
        return " / ".join(parts)

    @display(description=gettext_lazy("state"))
    def state(self, menu: Menu) -> SafeString:
        return format_html("{} {}", *state_badges(menu, is_unpublished=menus.is_unpublished(menu)))

    @display(description=gettext_lazy("published at"))
    def when(self, menu: Menu) -> SafeString | str:
        return moment(menu.published_at if menu.published is not None else None)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Asks for whom; who has the menu already is led there."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        form = NewMenuForm(posted, request.user, self.permission("add"), asked=request.GET.get("account", ""))
        if request.method == "POST" and form.is_valid():
            account, tag = form.cleaned_data["account"], form.cleaned_data["tag"]
            try:
                menu = menus.create(account, tag=tag)
            except menus.MenuExists:
                menu = Menu.objects.get(account=account, tag=tag, is_conditional=tag is not None)
            except OperatorError as error:
                return self.refuse(request, error, self.url("changelist"))
            return HttpResponseRedirect(self.url_of(menu))
        return self.confirm(
            request,
            title=_("New menu"),
            lead=_("Every account has one menu for everybody, and may have others for followers with a tag."),
            form=form,
            problems=[] if form.count else [NoAccount()],
            button=_("Continue"),
            back=self.url("changelist"),
        )

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        menu = self.load(request, object_id or "")
        context = {
            "editor": self._editor(request, menu),
            "state_badges": state_badges(menu, is_unpublished=menus.is_unpublished(menu)),
            "warning": difference(menu),
            "show_history": False,
            "title": str(menu),
            "subtitle": None,
        }
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def _editor(self, request: HttpRequest, menu: Menu) -> dict[str, Any]:
        """Everything that the script knows when the page opens."""
        may_edit = self.has_change_permission(request, menu)
        may_publish = self.may(request, PUBLISH, menu)
        return {
            "id": menu.pk,
            "may_edit": may_edit,
            "may_publish": may_publish,
            "may_compare": may_edit or may_publish,
            "account": {"id": menu.account_id, "name": menu.account.name},
            "buttons": menu.buttons,
            "may_make_rules": self.may(request, "callbacks.add_replyrule", menu),
            "groups": kind_groups(),
            "labels": labels(),
            "limits": {
                "top": menu_buttons.TOP,
                "sub": menu_buttons.SUB,
                "name": [menu_buttons.NAME_BYTES[1], menu_buttons.NAME_BYTES[2]],
                "shown": [menu_buttons.SHOWN[1], menu_buttons.SHOWN[2]],
                **menu_buttons.BYTES,
            },
            "words": editor_words(),
            **saved_state(menu),
            **self.editor(request, menu),
        }


class NoAccount(OperatorError):
    code = "no_account_for_menu"
    message = gettext_lazy("There is no official account whose menus you may make.")
    fix = gettext_lazy("Ask an administrator for the role of an editor.")


def state_badges(menu: Menu, *, is_unpublished: bool) -> tuple[SafeString, SafeString | str]:
    """This will be how the menu stands at WeChat, and whether the editor is ahead of it."""
    if menu.differs:
        first = badge(_("differs from WeChat's"), "warning")
    elif menu.pending is not None:
        first = badge(_("being published"), "info")
    elif menu.published is None:
        first = badge(_("not published"))
    else:
        first = badge(_("live"), "success")
    ahead = menu.published is not None and is_unpublished
    return first, badge(_("changes not published"), "info") if ahead else ""
