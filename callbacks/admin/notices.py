"""What became of template messages and subscription notices, and who wants them: to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter
from unfold.decorators import display

from callbacks.models import NoticeConsent, NoticeResult
from followers.admin.followers import BOARD
from followers.models import Follower
from wxcore.admin.base import EXPORT_PEOPLE, ReadOnlyAdmin, badge, moment
from wxcore.admin.filters import AccountFilter
from wxcore.panels import Panel

LATEST = 5


class NoticeAdmin(ReadOnlyAdmin):
    """Base of both lists: one searches a whole OpenID."""

    empty_hint = _(
        "WeChat reports what became of each template message and subscription notice, and it appears here within "
        "seconds. Nothing has to be set up: whatever system sends them for your account, the reports come here."
    )
    export_permission = EXPORT_PEOPLE
    search_fields = ("openid",)
    search_help_text = _("The whole OpenID")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("account")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        term = search_term.strip()
        return (queryset.filter(openid=term) if term else queryset), False

    @display(description=_("time"))
    def time(self, row: NoticeResult | NoticeConsent) -> SafeString | str:
        return moment(row.at)


@admin.register(NoticeResult)
class NoticeResultAdmin(NoticeAdmin):
    list_display = ("msg_id", "kind_label", "openid", "outcome", "template_id", "time", "account")
    list_filter = (AccountFilter, ("kind", ChoicesDropdownFilter), ("delivered", BooleanRadioFilter))
    fields = ("msg_id", "account", "kind_label", "openid", "template_id", "outcome", "status", "time")

    @display(description=_("kind"))
    def kind_label(self, result: NoticeResult) -> SafeString:
        return badge(result.get_kind_display())

    @display(description=_("outcome"))
    def outcome(self, result: NoticeResult) -> SafeString:
        return badge(_("delivered"), "success") if result.delivered else badge(result.status, "danger")


@admin.register(NoticeConsent)
class NoticeConsentAdmin(NoticeAdmin):
    empty_hint = _(
        "When followers allow or refuse a subscription notice, their choice for its template is shown here. Put "
        "the subscription button into an article or a page; the choices arrive by themselves."
    )
    list_display = ("openid", "template_id", "choice", "time", "account")
    list_filter = (AccountFilter, ("accepted", BooleanRadioFilter))
    fields = ("openid", "account", "template_id", "choice", "time")

    @display(description=_("choice"))
    def choice(self, consent: NoticeConsent) -> SafeString:
        return badge(_("accepts"), "success") if consent.accepted else badge(_("refuses"), "warning")


def of_follower(request: HttpRequest, follower: Follower) -> dict[str, Any] | None:
    """This will be what a follower wants and last got, for their page."""
    theirs = {"account": follower.account_id, "openid": follower.openid}
    consents = list(NoticeConsent.objects.filter(**theirs).order_by("-at")[:LATEST])
    results = list(NoticeResult.objects.filter(**theirs).order_by("-pk")[:LATEST])
    return {"consents": consents, "results": results} if consents or results else None


BOARD.pin(Panel(30, "callbacks/notices.html", "callbacks.view_noticeresult", of_follower))
