"""What the library's pages ask for by script: storing one file, and the cards to choose from."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from campaigns import library, mediafiles
from campaigns.admin.media_cards import cards, library_cards
from campaigns.models import MediaAsset, MediaKind
from wxcore import rights
from wxcore.admin.base import Admin
from wxcore.errors import Conflict, OperatorError
from wxcore.models import OfficialAccount
from wxcore.pagination import CappedPaginator

PER_PAGE = 24


# For the dialog in which the browser lets choose a file; what arrives is looked at anyway.
ACCEPT = {
    MediaKind.IMAGE: "image/jpeg,image/png,image/gif,image/bmp",
    MediaKind.VOICE: ".mp3,.amr,.wma,.wav",
    MediaKind.VIDEO: "video/mp4",
    MediaKind.THUMB: "image/jpeg,image/png",
}


class NoAccount(OperatorError):
    code = "no_account"
    message = _("No official account is chosen, or it is gone.")
    fix = _("Choose an official account and upload the file again.")


class NoFile(OperatorError):
    code = "no_file"
    message = _("No file arrived.")
    fix = _("Choose a file and upload it again.")


class MediaDoors(Admin):
    """The addresses that scripts call; part of the library's admin."""

    def get_urls(self) -> list[URLPattern]:
        site, name = self.admin_site, "campaigns_mediaasset"
        return [
            path("upload/", site.admin_view(_too_big_first(self.upload_view)), name=f"{name}_upload"),
            path("pick/", site.admin_view(self.pick_view), name=f"{name}_pick"),
            *super().get_urls(),
        ]

    def upload_view(self, request: HttpRequest) -> HttpResponse:
        """This will store the posted `file` for the posted `account`, as `kind` if one is wanted.

        Answers `{asset, is_new, warnings, card}`, or `{code, message, fix}` with status 400.
        """
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            stored = self._store(request)
        except OperatorError as error:
            return refusal(error)
        if stored.is_new:
            self.log_addition(request, stored.asset, [{"added": {}}])
        [card] = library_cards([stored.asset], now=timezone.now())
        return JsonResponse(
            {
                "asset": card.data(),
                "is_new": stored.is_new,
                "warnings": [str(warning) for warning in stored.warnings],
                "card": render_to_string("campaigns/media_card.html", {"card": card}, request),
                "choice": render_to_string("campaigns/media_choice.html", {"card": card}, request),
            }
        )

    def _store(self, request: HttpRequest) -> library.Stored:
        account = self.account(request, request.POST.get("account", ""), "add")
        kind = request.POST.get("kind", "")
        upload = request.FILES.get("file")
        if account is None:
            raise NoAccount
        if upload is None:
            raise NoFile
        return library.store(account, upload, kind=kind if kind in MediaKind.values else None, by=request.user)

    def pick_view(self, request: HttpRequest) -> HttpResponse:
        """The cards of an account's files to choose from, a page at a time, as HTML for the dialog."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        account = self.account(request, request.GET.get("account", ""), "view")
        kind, query = request.GET.get("kind", ""), request.GET.get("q", "").strip()
        page = _page(_choices(account, kind, query), request.GET.get("page", ""))
        context: dict[str, Any] = {
            "account": account,
            "kind": kind,
            "query": query,
            "page": page,
            "cards": cards(page.object_list),
            "drop": self.drop(request, account, kind),
        }
        return render(request, "campaigns/media_pick.html", context)

    def account(self, request: HttpRequest, pk: str, verb: str) -> OfficialAccount | None:
        """This will be the account that a request names, if the person may do that with its files."""
        if not (pk.isdecimal() and len(pk) < 19):
            return None
        return rights.accounts_of(request.user, self.permission(verb)).filter(pk=pk).first()

    def drop(self, request: HttpRequest, account: OfficialAccount | None, kind: str = "") -> dict[str, Any] | None:
        """What the upload zone needs to know; None for whoever may not upload."""
        if not self.may(request, self.permission("add"), account):
            return None
        own = rights.accounts_of(request.user, self.permission("add"))
        accounts = [account] if account else list(own.only("name"))
        largest = mediafiles.largest(account)
        too_big = mediafiles.FileTooBig(size="{size}", limit=mediafiles.show_size(largest))
        return {
            "url": self.url("upload"),
            "accounts": accounts,
            "kind": kind,
            "accept": ACCEPT.get(kind, ",".join(ACCEPT.values())),
            "largest": largest,
            "too_big": too_big,
        }


def refusal(error: OperatorError) -> JsonResponse:
    """This will be an error as scripts read it."""
    told = {"code": error.code, "message": str(error.message), "fix": str(error.fix)}
    return JsonResponse(told, status=409 if isinstance(error, Conflict) else 400)


def _too_big_first(view: Any) -> Any:
    """This will refuse a huge request by its announced length: looking for the CSRF token would read all of it."""
    protected = csrf_protect(view)

    @csrf_exempt
    def checked(request: HttpRequest) -> HttpResponse:
        try:
            library.check_announced(request.META.get("CONTENT_LENGTH"))
        except OperatorError as error:
            return refusal(error)
        return protected(request)

    return checked


def _choices(account: OfficialAccount | None, kind: str, query: str) -> QuerySet[MediaAsset]:
    if account is None:
        return MediaAsset.objects.none()
    found = MediaAsset.objects.filter(account=account)
    if kind in MediaKind.values:
        found = found.filter(kind=kind)
    if query:
        found = found.filter(name__icontains=query)
    return found.order_by("-pk")


def _page(found: QuerySet[MediaAsset], number: str) -> Page[MediaAsset]:
    return CappedPaginator(found, PER_PAGE).get_page(number)
