"""The parts of a segment's page that it fetches by itself: head count, inputs of an account, an uploaded list."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path
from django.utils import timezone

from followers import conditions, openids, segments
from followers.admin.segment_form import kinds, load, where
from followers.conditions import EmptyDefinition, InvalidConditions, Scope
from followers.models import Segment
from wxcore.admin.base import Admin
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount


class SegmentFragments(Admin):
    """The addresses of the fragments; part of the segments' admin."""

    def get_urls(self) -> list[URLPattern]:
        site, name = self.admin_site, "followers_segment"
        return [
            path("head-count/", site.admin_view(self.head_count_view), name=f"{name}_head_count"),
            path("inputs/", site.admin_view(self.inputs_view), name=f"{name}_inputs"),
            path("lists/", site.admin_view(self.lists_view), name=f"{name}_lists"),
            *super().get_urls(),
        ]

    def head_count_view(self, request: HttpRequest) -> HttpResponse:
        """How many followers the posted, perhaps unsaved, conditions mean now, and some of them."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        account = self._account(request, request.POST.get("account", ""))
        if "segment" in request.POST:  # somebody who may only look
            stored = self.load(request, request.POST["segment"])
            context = _head_count(stored.account, stored.conditions)
        else:
            context = _head_count(account, load(request.POST.get("conditions", ""))) if account else {}
        return render(request, "followers/segment_head_count.html", context)

    def inputs_view(self, request: HttpRequest) -> HttpResponse:
        """The inputs of every kind of condition, with what another account has to choose from."""
        account = self._account(request, request.GET.get("account", ""))
        return render(request, "followers/builder_kinds.html", {"kinds": kinds(account)})

    def lists_view(self, request: HttpRequest) -> HttpResponse:
        """Keep an uploaded file of openids, and tell its number and size."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        account, file = self._account(request, request.POST.get("account", "")), request.FILES.get("file")
        if account is None or file is None:
            return JsonResponse({"problem": str(segments.EmptyList())}, status=400)
        try:
            parsed = openids.parse(openids.read(file))
            kept = segments.keep_list(
                account, parsed.openids, name=file.name or "-", by=request.user, now=timezone.now()
            )
        except OperatorError as error:
            return JsonResponse({"problem": str(error)}, status=400)
        return JsonResponse(
            {
                "list": kept.pk,
                "label": f"{kept.name} · {kept.size:,}",
                "repeated": parsed.repeated,
                "malformed": len(parsed.malformed),
            }
        )

    def page_context(self, request: HttpRequest, segment: Segment | None) -> dict[str, Any]:
        """This will be what the page shows beside the form."""
        return {
            "uses": segments.uses(segment) if segment else [],
            "edits": segment is None or self.has_change_permission(request, segment),
        }

    def _account(self, request: HttpRequest, pk: str) -> OfficialAccount | None:
        if not (self.has_add_permission(request) or self.has_view_permission(request)):
            raise PermissionDenied
        # Longer than any primary key there is.
        return self.own(request, OfficialAccount.objects.filter(pk=pk)).first() if _is_id(pk) else None


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _head_count(account: OfficialAccount, given: Any) -> dict[str, Any]:
    scope = Scope(account, timezone.now())
    try:
        definition = conditions.read(given)
        found = segments.head_count(definition, scope)
    except EmptyDefinition as error:
        return {"begins": True, "hint": error.fix}
    except InvalidConditions as error:
        return {"incomplete": f"{where(error)}{error.problem}", "place": error.place()}
    except OperatorError as error:
        return {"problem": error}
    return {"found": found, "groups": definition.describe(scope)}
