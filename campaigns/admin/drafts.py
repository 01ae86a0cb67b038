"""The article drafts: list, editor, versions, copy, deletion."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from unfold.decorators import action, display

from campaigns import articles as article_contents
from campaigns import drafts, limits
from campaigns.admin.draft_actions import DRAFT_BOX, DraftActions, counted
from campaigns.admin.draft_endpoints import DraftEndpoints, picture, saved_state
from campaigns.admin.draft_versions import DraftVersions
from campaigns.admin.draft_words import editor_words
from campaigns.admin.imports import ImportButton
from campaigns.admin.phones import PhonePreviews
from campaigns.draft_preview import covers_of
from campaigns.models import Article, Campaign, Draft, MediaAsset
from wxcore.admin.base import moment
from wxcore.admin.filters import AccountFilter
from wxcore.admin.forms import AccountForm
from wxcore.errors import OperatorError

# The vendored editor. Its parts are loaded by the page, so that it need not look for them by itself.
EDITOR = "vendor/hugerte"
PLUGINS = ("lists", "link", "image", "table", "code", "autolink", "searchreplace", "wordcount", "fullscreen")
EDITOR_SCRIPTS = (
    f"{EDITOR}/hugerte.min.js",
    f"{EDITOR}/themes/silver/theme.min.js",
    f"{EDITOR}/models/dom/model.min.js",
    f"{EDITOR}/icons/default/icons.min.js",
    *(f"{EDITOR}/plugins/{name}/plugin.min.js" for name in PLUGINS),
    "wxcore/hugerte-zh_CN.js",
)


EMPTY_COVER = mark_safe('<span class="material-symbols-outlined" aria-hidden="true">image</span>')


@admin.register(Draft)
class DraftAdmin(DraftVersions, DraftActions, ImportButton, DraftEndpoints, PhonePreviews):
    empty_hint = gettext_lazy(
        "Articles are written here and go out with a campaign. Begin one, or import what is in WeChat's draft box."
    )
    change_form_template = "campaigns/draft_editor.html"
    fields = ("account",)
    readonly_fields = ("account",)
    list_display = ("draft_title", "account", "article_count", "changed", "used_in")
    export_columns = ("title", "article_count", "updated_at", "used_in", "account")
    list_select_related = ("account", "updated_by")
    list_filter = (AccountFilter,)
    search_fields = ("title", "articles__title")
    search_help_text = gettext_lazy("Title of an article")
    sortable_by = ()
    actions = None
    list_per_page = 25
    actions_list = ("import_from_wechat",)
    # In the order of the page's head; what is rarely wanted stands under "More".
    actions_detail = [
        "preview_on_phone",
        "publish",
        DRAFT_BOX,
        {"title": gettext_lazy("More"), "icon": "more_horiz", "items": ["versions", "copy", "remove"]},
    ]

    class Media:
        css = {"all": ("wxcore/draft-editor.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Draft]:
        articles = Article.objects.filter(draft=OuterRef("pk"))
        campaigns = Campaign.objects.filter(draft=OuterRef("pk")).order_by().values("draft").annotate(n=Count("pk"))
        counted = articles.order_by().values("draft").annotate(n=Count("pk"))
        return (
            super()
            .get_queryset(request)
            .annotate(
                articles_n=Coalesce(Subquery(counted.values("n")), 0),
                campaigns_n=Coalesce(Subquery(campaigns.values("n")), 0),
                cover_id=Subquery(articles.order_by("position").values("cover")[:1]),
            )
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The covers of the page in one query: a column may not ask for each row."""
        changelist = super().get_changelist_instance(request)
        covers = MediaAsset.objects.in_bulk({row.cover_id for row in changelist.result_list if row.cover_id})
        for row in changelist.result_list:
            row.cover = covers.get(row.cover_id)
        return changelist

    @display(description=gettext_lazy("article draft"))
    def draft_title(self, draft: Draft) -> SafeString:
        thumb = EMPTY_COVER
        if draft.cover is not None:
            thumb = format_html('<img src="{}" alt="" loading="lazy">', draft.cover.thumb_url)
        return format_html('<span class="d-row"><span class="d-row-cover">{}</span>{}</span>', thumb, str(draft))

    @display(description=gettext_lazy("articles"))
    def article_count(self, draft: Draft) -> str:
        return ngettext("%(n)d article", "%(n)d articles", draft.articles_n) % {"n": draft.articles_n}

    @display(description=gettext_lazy("changed"))
    def changed(self, draft: Draft) -> SafeString:
        if draft.updated_by is None:
            return format_html("{}", moment(draft.updated_at))
        return format_html('{}<span class="q-quiet d-row-by">{}</span>', moment(draft.updated_at), draft.updated_by)

    @display(description=gettext_lazy("used in"))
    def used_in(self, draft: Draft) -> str:
        if not draft.campaigns_n:
            return "–"
        return ngettext("%(n)d campaign", "%(n)d campaigns", draft.campaigns_n) % {"n": draft.campaigns_n}

    def has_copy_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.may(request, self.permission("add"), object_id)

    def has_remove_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return self.has_delete_permission(request, object_id)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Asks for the account; with one account the page answers by itself."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AccountForm(request.POST or None, request.user, self.permission("add"), as_list=True)
        if request.method == "POST" and form.is_valid():
            draft = drafts.begin(form.cleaned_data["account"], request.user)
            return HttpResponseRedirect(self.url_of(draft))
        return self.confirm(
            request,
            title=_("New article draft"),
            template="campaigns/draft_add.html",
            form=form,
            problems=[] if form.count else [drafts.NoAccount()],
            only_one=form.count == 1 and request.method == "GET",
            button=_("Start writing"),
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
        draft = self.load(request, object_id or "")
        context = {
            "editor": self._editor(request, draft),
            "editor_scripts": EDITOR_SCRIPTS,
            "show_history": False,
            "title": str(draft),
            "subtitle": None,
        }
        return super().changeform_view(request, object_id, form_url, context | (extra_context or {}))

    def _editor(self, request: HttpRequest, draft: Draft) -> dict[str, Any]:
        """Everything that the scripts know when the page opens."""
        articles = article_contents.of(draft)
        covers = covers_of(draft, articles)
        shown = [
            {**one, "cover": picture(covers[one["cover"]]) if one["cover"] in covers else None} for one in articles
        ]
        return {
            "id": draft.pk,
            "may_edit": self.has_change_permission(request, draft),
            "account": {"id": draft.account_id, "name": draft.account.name},
            "user": request.user.pk,
            "articles": shown,
            "limits": {
                "articles": limits.ARTICLES,
                "title": limits.TITLE,
                "author": limits.AUTHOR[draft.account.media_limits],
                "digest": limits.DIGEST,
                "source_url": limits.SOURCE_URL_BYTES,
                "body": limits.CONTENT_CHARS,
            },
            "urls": self.addresses(draft) | {"upload": reverse("admin:campaigns_mediaasset_upload")},
            "language": get_language(),
            "editor_base": static(f"{EDITOR}/hugerte.min.js").rpartition("/")[0],
            "block_formats": _block_formats(),
            "words": editor_words(),
            **saved_state(draft),
        }

    @action(description=gettext_lazy("Duplicate"), url_path="copy", icon="content_copy", permissions=["copy"])
    def copy(self, request: HttpRequest, object_id: str) -> HttpResponse:
        draft = self.load(request, object_id)
        if request.method == "POST":
            copied = drafts.duplicate(draft, request.user)
            return self.done(request, _("This is the new draft."), self.url_of(copied), row=copied)
        return self.confirm(
            request,
            title=_("Copy as new draft?"),
            lead=_("The copy has the same articles and the same account. This draft stays as it is."),
            facts=[(_("article draft"), draft)],
            button=_("Copy"),
            row=draft,
        )

    @action(description=gettext_lazy("Delete"), url_path="remove", icon="delete", permissions=["remove"])
    def remove(self, request: HttpRequest, object_id: str) -> HttpResponse:
        draft = self.load(request, object_id)
        if request.method == "POST":
            try:
                drafts.delete(draft)
            except OperatorError as error:
                return self.refuse(request, error, self.url_of(draft))
            return self.done(request, _("The draft was deleted."), self.url("changelist"))
        return self.confirm(
            request,
            title=_("Delete this draft?"),
            lead=_("Its articles and all earlier versions go with it. A copy in WeChat's draft box stays there."),
            facts=[(_("article draft"), draft), (_("articles"), counted(draft))],
            problems=drafts.obstacles(draft),
            button=_("Delete"),
            danger=True,
            row=draft,
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return HttpResponseRedirect(self.url("remove", object_id))


def _block_formats() -> str:
    names = [
        (_("Body text"), "p"),
        (_("Heading 1"), "h1"),
        (_("Heading 2"), "h2"),
        (_("Heading 3"), "h3"),
        (_("Heading 4"), "h4"),
    ]
    return "; ".join(f"{name}={tag}" for name, tag in names)
