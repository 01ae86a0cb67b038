"""What is done to a menu at WeChat, each after a question: publish, fetch, take down, delete."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action
from unfold.enums import ActionVariant

from callbacks import buttons as menu_buttons
from callbacks import livemenu, menuchecks, menus, menusync
from callbacks.admin.menu_doors import PUBLISH, difference
from callbacks.admin.menu_words import names, rows
from callbacks.buttons import Button
from callbacks.models import Menu
from wxcore.admin.base import Admin, moment
from wxcore.errors import OperatorError


class MenuVerbs(Admin):
    """The pages that ask; part of the menus' admin."""

    def has_publish_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, PUBLISH, object_id)

    def has_fetch_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_change_permission(request, object_id)

    def has_take_down_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, PUBLISH, object_id)

    @action(
        description=gettext_lazy("Publish"),
        url_path="publish",
        icon="publish",
        permissions=["publish"],
        variant=ActionVariant.PRIMARY,
    )
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        menu = self.load(request, object_id)
        if request.method == "POST":
            seen = request.POST.get("version", "")
            try:
                menus.publish(
                    menu,
                    by=request.user,
                    now=timezone.now(),
                    seen_version=int(seen) if seen.isdecimal() and len(seen) < 10 else -1,
                )
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(menu))
            message = _("The menu is published. Phones show it within five minutes, or at once after following anew.")
            return self.done(request, message, self.url_of(menu), row=menu)
        warnings, problems = self._outlook(menu)
        before, after = menu.live if menu.live is not None else menu.published or [], as_sent(menu)
        return self.confirm(
            request,
            title=_("Publish this menu?"),
            template="callbacks/menu_publish.html",
            lead=_("Followers see it from then on, in place of the menu that they see now."),
            facts=[(_("menu"), menu), (_("official account"), menu.account), (_("who sees it"), who_sees(menu))],
            rows=rows(livemenu.differences(before, after), names(menu, before, after)),
            hidden={"version": menu.version},
            warnings=warnings,
            problems=problems,
            button=_("Publish"),
            row=menu,
        )

    def _outlook(self, menu: Menu) -> tuple[list[str], list[OperatorError]]:
        """What is worth a word before publishing, and what keeps from it. WeChat is asked, and may be silent."""
        warnings = []
        try:
            if warning := difference(menu, menusync.compare(menu, now=timezone.now())):
                warnings.append(warning)
        except OperatorError as error:
            text = _("What followers see now could not be asked: %(why)s")
            warnings.append(text % {"why": error.message})
        try:
            menus.check_publishable(menu)
        except OperatorError as error:
            return warnings, [error]
        hints = [problem for problem in menuchecks.problems(menu) if problem.hint]
        for hint in hints:
            words = {"place": menu_buttons.place(hint.path), "problem": hint.error.message}
            warnings.append(_("Button %(place)s: %(problem)s") % words)
        return warnings, []

    @action(
        description=gettext_lazy("Fetch from WeChat"),
        url_path="fetch",
        icon="cloud_download",
        permissions=["fetch"],
    )
    def fetch(self, request: HttpRequest, object_id: str) -> HttpResponse:
        menu = self.load(request, object_id)
        if request.method == "POST":
            try:
                fetched = menusync.fetch(menu, by_id=request.user.pk, now=timezone.now(), seen_version=menu.version)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(menu))
            for note in fetched.notes:
                words = {"place": menu_buttons.place(note.path), "problem": note.text}
                messages.warning(request, _("Button %(place)s: %(problem)s") % words)
            message = _("This is WeChat's menu now.")
            if fetched.added:
                text = ngettext("%(n)d menu for a tag came along.", "%(n)d menus for tags came along.", fetched.added)
                message = f"{message} {text % {'n': fetched.added}}"
            return self.done(request, message, self.url_of(menu), row=menu)
        changed = menus.is_unpublished(menu) and menu.buttons
        return self.confirm(
            request,
            title=_("Fetch the menu from WeChat?"),
            lead=_("What followers see now replaces what is in the editor, and is kept as a version."),
            facts=[(_("menu"), menu), (_("official account"), menu.account)],
            warnings=[_("What was never published from the editor is lost.")] if changed else [],
            button=_("Fetch"),
            row=menu,
        )

    @action(
        description=gettext_lazy("Delete at WeChat"),
        url_path="take-down",
        icon="visibility_off",
        permissions=["take_down"],
    )
    def take_down(self, request: HttpRequest, object_id: str) -> HttpResponse:
        menu = self.load(request, object_id)
        if request.method == "POST":
            try:
                menus.take_down(menu, now=timezone.now())
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(menu))
            return self.done(request, _("The menu is deleted at WeChat."), self.url_of(menu), row=menu)
        return self.confirm(
            request,
            title=_("Delete this menu at WeChat?"),
            lead=_("Followers no longer see it. It stays here, and can be published again."),
            facts=[
                (_("menu"), menu),
                (_("official account"), menu.account),
                (_("published at"), moment(menu.published_at)),
            ],
            warnings=self._lost_with(menu),
            button=_("Delete at WeChat"),
            danger=True,
            row=menu,
        )

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: object = None) -> HttpResponse:
        menu = self.load(request, object_id)
        if not self.has_delete_permission(request, menu):
            raise PermissionDenied
        is_live = menu.published is not None or bool(menu.menu_id)
        if is_live and not self.may(request, PUBLISH, menu):
            raise PermissionDenied
        if request.method == "POST":
            try:
                menus.remove(menu, now=timezone.now())
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(menu))
            return self.done(request, _("The menu was deleted."), self.url("changelist"))
        return self.confirm(
            request,
            title=_("Delete this menu?"),
            lead=_("It is deleted here with all its versions, and at WeChat too if followers see it."),
            facts=[(_("menu"), menu), (_("official account"), menu.account)],
            warnings=self._lost_with(menu) if is_live else [],
            button=_("Delete"),
            danger=True,
            row=menu,
        )

    def _lost_with(self, menu: Menu) -> list[str]:
        if menu.is_conditional:
            return []
        return [_("WeChat deletes the menus for tags together with the one for everybody.")]


def who_sees(menu: Menu) -> str:
    """This will be who sees the menu, in words."""
    if not menu.is_conditional:
        return _("everybody for whom there is no other menu")
    if menu.tag is None:
        return _("nobody: the tag is gone")
    return _("followers with the tag “%(tag)s”") % {"tag": menu.tag}


def as_sent(menu: Menu) -> list[Button]:
    """This will be the editor's buttons as WeChat would have them, ids of ours where it has no id yet."""
    copies = menusync.media_ids(menu.account, menu_buttons.ids(menu.buttons, "asset"))
    articles = menus.article_ids(menu)

    def told(button: Button) -> Button:
        if button.get("sub_button"):
            return button | {"sub_button": [told(leaf) for leaf in button["sub_button"]]}
        sent = dict(button)
        if sent.get("asset") in copies:
            sent["media_id"] = copies[sent.pop("asset")]
        if sent.get("publication") in articles:
            sent["article_id"] = articles[sent.pop("publication")]
        return sent

    return [told(button) for button in menu.buttons]
