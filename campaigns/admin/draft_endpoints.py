"""What the editor's scripts ask for: save, keep as a copy, preview, clean what was pasted, bring pictures over."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.timezone import template_localtime
from django.utils.translation import gettext as _

from campaigns import articles as article_contents
from campaigns import bodies, bringing, draft_preview, drafts
from campaigns.articles import Problem
from campaigns.draft_preview import covers_of, is_hosted
from campaigns.models import Draft, MediaAsset
from wxcore.admin.base import Admin
from wxcore.admin.json import NoJson, in_words, json_view


class DraftEndpoints(Admin):
    """The addresses of the editor's scripts; part of the drafts' admin."""

    # Address and method; each is a POST of JSON about one draft.
    ENDPOINTS = {
        "save": "save_view",
        "keep-copy": "keep_copy_view",
        "preview": "preview_view",
        "clean": "clean_view",
        "bring": "bring_view",
    }

    def get_urls(self) -> list[URLPattern]:
        prefix = "campaigns_draft"
        return [
            *(
                path(
                    f"<int:object_id>/{address}/",
                    self.admin_site.admin_view(getattr(self, method)),
                    name=f"{prefix}_{method.removesuffix('_view')}",
                )
                for address, method in self.ENDPOINTS.items()
            ),
            *super().get_urls(),
        ]

    def addresses(self, draft: Draft) -> dict[str, str]:
        """This will be the endpoints' addresses for the scripts."""
        names = [method.removesuffix("_view") for method in self.ENDPOINTS.values()]
        return {name: self.url(name, draft.pk) for name in names}

    def editable(self, request: HttpRequest, object_id: int) -> Draft:
        """This will be the draft, for somebody who may change it. Raises Http404, PermissionDenied."""
        drafts_of_theirs = self.own(request, Draft.objects.select_related("account", "updated_by"))
        draft = drafts_of_theirs.filter(pk=object_id).first()
        if draft is None:
            raise Http404
        if not self.has_change_permission(request, draft):
            raise PermissionDenied
        return draft

    @json_view
    def save_view(self, request: HttpRequest, data: dict[str, Any], object_id: int) -> dict[str, Any]:
        """`{version, automatic, articles}` -> `{version, saved_at, problems}`."""
        draft = self.editable(request, object_id)
        version = data.get("version")
        if type(version) is not int:
            raise NoJson
        saved = drafts.save(
            draft,
            data.get("articles"),
            seen_version=version,
            by=request.user,
            automatic=data.get("automatic") is not False,
        )
        return saved_state(saved)

    @json_view
    def keep_copy_view(self, request: HttpRequest, data: dict[str, Any], object_id: int) -> dict[str, Any]:
        """`{articles}` -> `{url}` of a new draft with them: nothing is lost when somebody else was faster."""
        draft = self.editable(request, object_id)
        if not self.may(request, self.permission("add"), draft):
            raise PermissionDenied
        copy = drafts.create(draft.account, request.user, data.get("articles"))
        return {"url": self.url_of(copy)}

    @json_view
    def preview_view(self, request: HttpRequest, data: dict[str, Any], object_id: int) -> dict[str, Any]:
        """`{articles, index, view, dark}` -> `{html, length, foreign}`: the phone's document and the body's facts.

        Only the body of the article at `index` is looked at.
        """
        draft = self.load(request, str(object_id))
        articles = article_contents.normalised(data.get("articles"))
        index, view = data.get("index"), data.get("view")
        if type(index) is not int or not 0 <= index < len(articles) or view not in draft_preview.VIEWS:
            raise NoJson
        hosted = is_hosted(draft.account)
        html = draft_preview.document(
            request,
            draft,
            articles,
            view=view,
            index=index,
            dark=data.get("dark") is True,
            covers=covers_of(draft, articles),
            is_hosted=hosted,
        )
        body = articles[index]["body"]
        foreign = [url for url in bodies.pictures(body) if not hosted(url)]
        return {"html": html, "length": len(body), "foreign": foreign}

    @json_view
    def clean_view(self, request: HttpRequest, data: dict[str, Any], object_id: int) -> dict[str, Any]:
        """`{html}` -> `{html}`: what was pasted, as a save would keep it."""
        self.editable(request, object_id)
        html = data.get("html")
        if not isinstance(html, str):
            raise NoJson
        return {"html": bodies.clean(article_contents.storable(html))}

    @json_view
    def bring_view(self, request: HttpRequest, data: dict[str, Any], object_id: int) -> dict[str, Any]:
        """`{url}` of a foreign picture -> `{url}` of its copy in the library; one at a time, so that each can fail."""
        draft = self.editable(request, object_id)
        if not self.may(request, "campaigns.add_mediaasset", draft):
            raise PermissionDenied
        url = data.get("url")
        if not isinstance(url, str):
            raise NoJson
        return {"url": bringing.bring(draft.account, url, by=request.user).file_url}


def saved_state(draft: Draft) -> dict[str, Any]:
    """This will be what the page must know after a save."""
    return {
        "version": draft.version,
        "saved_at": date_format(template_localtime(draft.updated_at), "H:i"),
        "problems": [_told(problem) for problem in drafts.problems(draft)],
    }


def _told(problem: Problem) -> dict[str, Any]:
    told = in_words(problem.error) | {"number": problem.number, "field": problem.field}
    if problem.field == "body":
        # What is said about a body does not know whose it is.
        words = {"number": problem.number, "message": told["message"]}
        told["message"] = _("Article %(number)d: %(message)s") % words
    return told


def picture(asset: MediaAsset) -> dict[str, Any]:
    """This will be a cover as the scripts know it."""
    return {
        "id": asset.pk,
        "url": asset.file_url,
        "thumb": asset.thumb_url,
        "name": asset.name,
        "width": asset.width,
        "height": asset.height,
    }
