"""Syncs: start one, watch it, stop it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from followers import services, tasks
from followers.models import Sync
from followers.states import OPEN, SyncStatus
from wxcore.admin.base import ReadOnlyAdmin, badge, figure, moment
from wxcore.admin.filters import AccountFilter
from wxcore.admin.forms import AccountForm
from wxcore.celery import nudge
from wxcore.errors import OperatorError

START = "followers.add_sync"
LABELS = {
    SyncStatus.PENDING: "info",
    SyncStatus.RUNNING: "info",
    SyncStatus.WAITING: "warning",
    SyncStatus.FINISHED: "success",
    SyncStatus.FAILED: "danger",
    SyncStatus.CANCELLED: "",
}


class NoAccount(OperatorError):
    code = "no_account"
    message = _("There is no active official account whose followers could be synced.")
    fix = _("Add one under “Official accounts”, or switch one on.")


@admin.register(Sync)
class SyncAdmin(ReadOnlyAdmin):
    empty_hint = _("A sync mirrors followers and tags. One runs every night; start one now to see them at once.")
    list_display = ("number", "account", "status_label", "progress", "gone", "requested", "ended")
    list_select_related = ("account",)
    list_filter = (AccountFilter,)
    actions_list = ("start",)
    actions_detail = ("stop",)
    fields = ("account", "status_label", "progress", "problem", "gone", "requested", "began", "ended")

    gone = figure("left", _("newly unfollowed"))

    @display(description=_("number"))
    def number(self, sync: Sync) -> str:
        return f"#{sync.pk}"

    @display(description=_("status"))
    def status_label(self, sync: Sync) -> SafeString:
        return badge(sync.get_status_display(), LABELS[sync.status])

    @display(description=_("requested at"))
    def requested(self, sync: Sync) -> SafeString | str:
        return moment(sync.created_at)

    @display(description=_("began at"))
    def began(self, sync: Sync) -> SafeString | str:
        return moment(sync.started_at)

    @display(description=_("ended at"))
    def ended(self, sync: Sync) -> SafeString | str:
        return moment(sync.finished_at)

    @display(description=_("progress"))
    def progress(self, sync: Sync) -> SafeString:
        return render_to_string("followers/sync_progress.html", self._progress(sync))

    @display(description=_("error"))
    def problem(self, sync: Sync) -> SafeString | str:
        if not sync.error_message:
            return "-"
        return format_html("<p>{}</p><p>{}</p>", sync.error_message, sync.error_fix)

    def get_fields(self, request: HttpRequest, obj: Sync | None = None) -> Sequence[Any]:
        # Of one that has ended, `due_at` is the end of its last lease, and says nothing to a person.
        under_way = ("attempts", "due_at") if obj is not None and obj.status in OPEN else ()
        return (*super().get_fields(request, obj), *under_way)

    def _progress(self, sync: Sync) -> dict[str, Any]:
        return {"sync": sync, "is_open": sync.status in OPEN, "url": self.url("progress", sync.pk)}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.progress_view)
        return [path("<path:object_id>/progress/", view, name="followers_sync_progress"), *super().get_urls()]

    def progress_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The progress bar alone; it asks for itself every two seconds until the sync has ended."""
        sync = self.load(request, object_id)
        response = render(request, "followers/sync_progress.html", self._progress(sync))
        if sync.status not in OPEN:
            response.headers["HX-Refresh"] = "true"
        return response

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        is_open = Sync.objects.filter(pk=object_id, status__in=OPEN).exists()
        return super().get_actions_detail(request, object_id) if is_open else []

    def has_sync_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, START, object_id)

    @action(
        description=_("Sync followers now"),
        url_path="start",
        icon="sync",
        variant=ActionVariant.PRIMARY,
        permissions=["sync"],
    )
    def start(self, request: HttpRequest) -> HttpResponse:
        form = AccountForm(request.POST or None, request.user, START, asked=request.GET.get("account", ""))
        if request.method == "POST" and form.is_valid():
            account = form.cleaned_data["account"]
            try:
                services.request_sync(account, now=timezone.now())
            except OperatorError as error:
                return self.refuse(request, error, self.url("changelist"))
            nudge(tasks.tick)
            message = _("The sync of “%(account)s” is queued; it starts within seconds.") % {"account": account}
            return self.done(request, message, self.url("changelist"))
        return self.confirm(
            request,
            title=_("Sync followers now"),
            lead=_("Tags and followers are fetched from WeChat. A million followers take a few minutes."),
            form=form,
            problems=[] if form.count else [NoAccount()],
            button=_("Start the sync"),
        )

    @action(description=_("Stop"), url_path="stop", icon="stop_circle", permissions=["sync"])
    def stop(self, request: HttpRequest, object_id: str) -> HttpResponse:
        sync = self.load(request, object_id)
        if request.method == "POST":
            try:
                services.cancel_sync(sync, now=timezone.now())
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(sync))
            return self.done(request, _("The sync was stopped."), self.url_of(sync), row=sync)
        return self.confirm(
            request,
            title=_("Stop this sync?"),
            lead=_("What was fetched so far stays. Nobody is marked as gone."),
            facts=[(_("official account"), sync.account), (_("fetched"), f"{sync.fetched} / {sync.total}")],
            button=_("Stop"),
            danger=True,
            row=sync,
        )
