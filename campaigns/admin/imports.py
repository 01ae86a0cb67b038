"""Imports from WeChat: start one, watch it. And the button that leads there from the lists that it fills."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from campaigns import importing, tasks
from campaigns.models import LibraryImport
from campaigns.models.library import OPEN
from campaigns.states import ImportStatus
from wxcore.admin.base import Admin, ReadOnlyAdmin, badge, figure, moment
from wxcore.admin.filters import AccountFilter
from wxcore.admin.forms import AccountForm
from wxcore.celery import nudge
from wxcore.errors import OperatorError

LABELS = {
    ImportStatus.PENDING: "info",
    ImportStatus.RUNNING: "info",
    ImportStatus.WAITING: "warning",
    ImportStatus.FINISHED: "success",
    ImportStatus.FAILED: "danger",
    ImportStatus.CANCELLED: "",
}
COUNTS = ("new", "here", "left_out")
ADD = "campaigns.add_libraryimport"


class NoAccount(OperatorError):
    code = "no_account"
    message = _("There is no active official account from which anything could be imported.")
    fix = _("Add one under “Official accounts”, or switch one on.")


class ImportButton(Admin):
    """Part of an admin whose list an import fills: name `import_from_wechat` in its `actions_list`."""

    def has_import_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, ADD, object_id)

    @action(
        description=_("Import from WeChat"),
        url_path="import-from-wechat",
        icon="cloud_download",
        permissions=["import"],
    )
    def import_from_wechat(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse(f"{self.admin_site.name}:campaigns_libraryimport_start"))


@admin.register(LibraryImport)
class LibraryImportAdmin(ReadOnlyAdmin):
    empty_hint = _("An import brings the pictures, voices, videos and drafts that the account already has at WeChat.")
    list_display = ("number", "account", "status_label", "progress", *COUNTS, "requested")
    list_select_related = ("account",)
    list_filter = (AccountFilter,)
    actions_list = ("start",)
    actions_detail = ("stop",)
    fields = ("account", "status_label", "progress", *COUNTS, "filled", "requested", "requested_by", "ended")

    new = figure("imported", _("imported"))
    here = figure("known", _("already here"))
    left_out = figure("skipped", _("left out"))

    @display(description=_("number"))
    def number(self, row: LibraryImport) -> str:
        return f"#{row.pk}"

    @display(description=_("status"))
    def status_label(self, row: LibraryImport) -> SafeString:
        return badge(row.get_status_display(), LABELS[ImportStatus(row.status)])

    @display(description=_("requested at"))
    def requested(self, row: LibraryImport) -> SafeString | str:
        return moment(row.created_at)

    @display(description=_("progress"))
    def progress(self, row: LibraryImport) -> SafeString:
        return render_to_string("campaigns/import_progress.html", self._progress(row))

    @display(description=_("where to find it"))
    def filled(self, row: LibraryImport) -> SafeString:
        lists = [
            (reverse(f"{self.admin_site.name}:campaigns_{name}_changelist", query={"account": row.account_id}), title)
            for name, title in (("mediaasset", _("Media library")), ("draft", _("Article drafts")))
        ]
        return format_html_join(" · ", '<a class="q-link" href="{}">{}</a>', lists)

    @display(description=_("requested by"))
    def requested_by(self, row: LibraryImport) -> str:
        return str(row.created_by or "–")

    @display(description=_("ended at"))
    def ended(self, row: LibraryImport) -> SafeString | str:
        return moment(row.finished_at)

    def _progress(self, row: LibraryImport) -> dict[str, Any]:
        waits = row.due_at if row.status == ImportStatus.WAITING else None
        url = self.url("progress", row.pk)
        return {"import": row, "is_open": row.status in OPEN, "waits_until": waits, "url": url}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.progress_view)
        return [path("<path:object_id>/progress/", view, name="campaigns_libraryimport_progress"), *super().get_urls()]

    def progress_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The progress bar alone; it asks for itself every two seconds until the import has ended."""
        row = self.load(request, object_id)
        response = render(request, "campaigns/import_progress.html", self._progress(row))
        if row.status not in OPEN:
            response.headers["HX-Refresh"] = "true"
        return response

    def has_import_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, ADD, object_id)

    @action(
        description=_("Import from WeChat"),
        url_path="start",
        icon="cloud_download",
        variant=ActionVariant.PRIMARY,
        permissions=["import"],
    )
    def start(self, request: HttpRequest) -> HttpResponse:
        form = AccountForm(request.POST or None, request.user, ADD, asked=request.GET.get("account", ""))
        if request.method == "POST" and form.is_valid():
            account = form.cleaned_data["account"]
            try:
                row = importing.request(account, by=request.user, now=timezone.now())
            except OperatorError as error:
                return self.refuse(request, error, self.url("changelist"))
            nudge(tasks.import_library)
            message = _("The import of “%(account)s” is queued; it starts within seconds.") % {"account": account}
            return self.done(request, message, self.url_of(row))
        return self.confirm(
            request,
            title=_("Import from WeChat"),
            lead=_(
                "Pictures, voices, videos and article drafts that the account has in WeChat's console come into the "
                "library and the drafts here. What is here already is left as it is, and nothing changes at WeChat."
            ),
            form=form,
            problems=[] if form.count else [NoAccount()],
            button=_("Start the import"),
        )

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        is_open = LibraryImport.objects.filter(pk=object_id, status__in=OPEN).exists()
        return super().get_actions_detail(request, object_id) if is_open else []

    @action(description=_("Stop"), url_path="stop", icon="stop_circle", permissions=["import"])
    def stop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        row = self.load(request, object_id)
        if request.method == "POST":
            try:
                importing.cancel(row, now=timezone.now())
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(row))
            return self.done(request, _("The import was stopped."), self.url_of(row), row=row)
        return self.confirm(
            request,
            title=_("Stop this import?"),
            lead=_("What it has brought stays. A later import goes on with what is missing."),
            facts=[(_("official account"), row.account), (_("imported"), f"{row.done} / {row.total}")],
            button=_("Stop"),
            danger=True,
            row=row,
        )
