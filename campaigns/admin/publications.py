"""The publications: what became of each, its addresses, and the buttons for what only a person can know or decide."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display
from unfold.enums import ActionVariant

from campaigns import publish_results, publishing
from campaigns.models import Publication
from campaigns.states import PublicationStatus
from wxcore.admin.base import ReadOnlyAdmin, badge, moment
from wxcore.admin.filters import AccountFilter
from wxcore.errors import OperatorError

LABELS = {
    PublicationStatus.PENDING: "",
    PublicationStatus.SUBMITTING: "info",
    PublicationStatus.SUBMITTED: "info",
    PublicationStatus.PUBLISHED: "success",
    PublicationStatus.ORIGINALITY_FAILED: "danger",
    PublicationStatus.FAILED: "danger",
    PublicationStatus.REJECTED: "danger",
    PublicationStatus.DELETED: "",
    PublicationStatus.BANNED: "danger",
    PublicationStatus.UNKNOWN: "warning",
}
PUBLISH = "campaigns.add_publication"
DELETE = "campaigns.delete_publication"
# Which buttons a status shows.
VERBS: dict[str, tuple[str, ...]] = {
    PublicationStatus.SUBMITTED: ("ask_wechat",),
    PublicationStatus.PUBLISHED: ("ask_wechat", "delete_at_wechat"),
    PublicationStatus.UNKNOWN: ("ask_wechat", "was_published", "was_not_published"),
}


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    empty_hint = _("Articles that are published without being sent stand here: open a draft and choose “Publish”.")
    list_display = ("title", "account_name", "status_label", "article_count", "requested", "ended")
    list_select_related = ("account", "draft")
    list_filter = (AccountFilter, ("status", ChoicesDropdownFilter))
    search_fields = ("draft__title", "=publish_id")
    search_help_text = _("Title or publish_id")
    change_form_template = "campaigns/publication.html"
    actions_detail = ("ask_wechat", "was_published", "was_not_published", "delete_at_wechat")
    fieldsets = (
        (None, {"fields": ("draft_link", "version", "account_name", "requested", "requested_by", "ended")}),
        (_("At WeChat"), {"fields": ("publish_number", "data_number", "article")}),
    )

    @display(description=_("article draft"))
    def title(self, publication: Publication) -> str:
        return str(publication.draft)

    @display(description=_("article draft"))
    def draft_link(self, publication: Publication) -> SafeString:
        return format_html(
            '<a class="q-link" href="{}">{}</a>', publication.draft.get_absolute_url(), publication.draft
        )

    @display(description=_("official account"))
    def account_name(self, publication: Publication) -> str:
        return publication.account.name

    @display(description=_("version"))
    def version(self, publication: Publication) -> str:
        return f"#{publication.revision.number}"

    @display(description=_("publication (publish_id)"))
    def publish_number(self, publication: Publication) -> str:
        return publication.publish_id or "–"

    @display(description=_("message data (msg_data_id)"))
    def data_number(self, publication: Publication) -> int | str:
        return publication.msg_data_id or "–"

    @display(description=_("article (article_id)"))
    def article(self, publication: Publication) -> SafeString | str:
        return format_html('<span class="q-wrap">{}</span>', publication.article_id) if publication.article_id else "–"

    @display(description=_("status"))
    def status_label(self, publication: Publication) -> SafeString:
        return badge(publication.get_status_display(), LABELS[PublicationStatus(publication.status)])

    @display(description=_("addresses"))
    def article_count(self, publication: Publication) -> int | str:
        return len(publication.urls) or "–"

    @display(description=_("requested at"))
    def requested(self, publication: Publication) -> SafeString | str:
        return moment(publication.created_at)

    @display(description=_("requested by"))
    def requested_by(self, publication: Publication) -> str:
        return str(publication.created_by or "–")

    @display(description=_("ended at"))
    def ended(self, publication: Publication) -> SafeString | str:
        return moment(publication.finished_at)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.progress_view)
        return [path("<path:object_id>/progress/", view, name="campaigns_publication_progress"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        publication = self.get_object(request, object_id)
        state = render_to_string("campaigns/publication_state.html", self._state(publication)) if publication else ""
        return super().change_view(request, object_id, form_url, (extra_context or {}) | {"state": state})

    def progress_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The state alone; it asks for itself every two seconds until there is nothing to wait for."""
        publication = self.load(request, object_id)
        response = render(request, "campaigns/publication_state.html", self._state(publication))
        if publication.status not in publishing.UNDER_WAY:
            # The buttons are others now.
            response.headers["HX-Refresh"] = "true"
        return response

    def _state(self, publication: Publication) -> dict[str, Any]:
        contents = publication.revision.articles
        urls = [*publication.urls, *[""] * len(contents)]
        articles = [
            {"number": number, "title": one["title"], "url": url, "failed": number in publication.failed_articles}
            for number, (one, url) in enumerate(zip(contents, urls, strict=False), 1)
        ]
        return {
            "publication": publication,
            "label": LABELS[PublicationStatus(publication.status)],
            "under_way": publication.status in publishing.UNDER_WAY,
            "is_refused": publication.finished_at is not None,
            "is_published": publication.status == PublicationStatus.PUBLISHED,
            "articles": articles,
            "url": self.url("progress", publication.pk),
        }

    def has_publish_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, PUBLISH, object_id)

    def has_remove_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, DELETE, object_id)

    def get_actions_detail(self, request: HttpRequest, object_id: int) -> list[Any]:
        publication = Publication.objects.only("status").filter(pk=object_id).first()
        shown = VERBS.get(publication.status, ()) if publication else ()
        return [
            button
            for button in super().get_actions_detail(request, object_id)
            if button.method.original_function_name in shown
        ]

    @action(description=_("Ask WeChat now"), url_path="ask", icon="sync", permissions=["publish"])
    def ask_wechat(self, request: HttpRequest, object_id: str) -> HttpResponse:
        publication = self.load(request, object_id)
        here = self.url_of(publication)
        if request.method == "POST":
            try:
                known = publishing.look(publication, now=timezone.now())
            except OperatorError as error:
                return self.refuse(request, error, here)
            if known:
                return self.done(request, _("This is what WeChat says."), here)
            messages.warning(request, _("WeChat does not say what became of it yet."))
            return HttpResponseRedirect(here)
        return self.confirm(
            request,
            title=_("Ask WeChat now?"),
            lead=_("WeChat is asked what became of this publication. Nothing is published by this."),
            button=_("Ask WeChat now"),
            row=publication,
        )

    @action(
        description=_("It was published"),
        url_path="was-published",
        icon="check_circle",
        variant=ActionVariant.SUCCESS,
        permissions=["publish"],
    )
    def was_published(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._resolve(
            request,
            object_id,
            was_published=True,
            title=_("Record that it was published?"),
            lead=_("Choose this if the articles stand in WeChat's console under “published”."),
            button=_("It was published"),
        )

    @action(
        description=_("It was not published"),
        url_path="was-not-published",
        icon="cancel",
        variant=ActionVariant.DANGER,
        permissions=["publish"],
    )
    def was_not_published(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._resolve(
            request,
            object_id,
            was_published=False,
            title=_("Record that it was not published?"),
            lead=_("Choose this if the articles are nowhere under “published” in WeChat's console."),
            button=_("It was not published"),
            danger=True,
        )

    def _resolve(self, request: HttpRequest, object_id: str, *, was_published: bool, **page: Any) -> HttpResponse:
        publication = self.load(request, object_id)
        if request.method == "POST":
            try:
                publish_results.resolve(publication, was_published=was_published, now=timezone.now())
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(publication))
            message = _("Recorded as published.") if was_published else _("Recorded as not published.")
            return self.done(request, message, self.url_of(publication), row=publication)
        facts = [
            (_("article draft"), publication.draft),
            (_("requested at"), moment(publication.created_at)),
            (_("notice"), f"{publication.error_message} {publication.error_fix}"),
        ]
        return self.confirm(request, facts=facts, row=publication, **page)

    @action(
        description=_("Delete at WeChat"),
        url_path="delete-at-wechat",
        icon="delete_forever",
        variant=ActionVariant.DANGER,
        permissions=["remove"],
    )
    def delete_at_wechat(self, request: HttpRequest, object_id: str) -> HttpResponse:
        publication = self.load(request, object_id)
        if request.method == "POST":
            try:
                publish_results.delete(publication, now=timezone.now())
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(publication))
            return self.done(
                request, _("The articles were deleted at WeChat."), self.url_of(publication), row=publication
            )
        titles = "、".join(article["title"] for article in publication.revision.articles)
        return self.confirm(
            request,
            title=_("Delete the published articles at WeChat?"),
            lead=_(
                "Their addresses stop working for everybody, also where they were shared. This cannot be undone. The "
                "draft stays here."
            ),
            facts=[(_("articles"), titles), (_("official account"), publication.account)],
            button=_("Delete for good"),
            danger=True,
            row=publication,
        )
