"""What answers below /api/ when no view does: the API's shape, where a person would get a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

from wxcore.api.errors import body

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not request.path.startswith(API):
        return defaults.bad_request(request, exception)
    told = body("bad_request", _("This request cannot be read."), _("Compare it with /api/docs/."), {})
    return JsonResponse(told, status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if not request.path.startswith(API):
        return defaults.page_not_found(request, exception)
    told = body("not_found", _("There is nothing at this address."), _("Compare it with /api/docs/."), {})
    return JsonResponse(told, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    if not request.path.startswith(API):
        return defaults.server_error(request)
    fix = _("Try again later, with the same Idempotency-Key. The server's log says more.")
    return JsonResponse(body("server_error", _("This is a fault of ours."), fix, {}), status=500)
