"""Views that a page's own script calls: JSON in, JSON out, and errors in the one shape that the API has."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _

from wxcore.errors import Conflict, OperatorError


class NoJson(OperatorError):
    code = "no_json"
    message = _("What arrived could not be read.")
    fix = _("Reload the page and try again.")


class TooMuchData(OperatorError):
    code = "too_much_data"
    message = _("This is more than can be sent at once (2.5 MB).")
    fix = _("Pictures belong into the library and not into the text: insert them with the picture button.")


def read_json(request: HttpRequest) -> dict[str, Any]:
    """This will be the JSON object of the request's body. Raises NoJson, TooMuchData."""
    try:
        data = json.loads(request.body)
    except RequestDataTooBig:
        raise TooMuchData from None
    except (ValueError, RecursionError):
        raise NoJson from None
    if not isinstance(data, dict):
        raise NoJson
    return data


def json_view(view: Callable[..., dict[str, Any]]) -> Callable[..., HttpResponseBase]:
    """This will make a view of an admin's method `(self, request, data, ...) -> dict`, which takes POSTs of JSON.

    An OperatorError becomes 400, or 409 if it is a Conflict, as `{code, message, fix, fields}`.
    """

    @wraps(view)
    def answer(self: Any, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            return JsonResponse(view(self, request, read_json(request), *args, **kwargs))
        except OperatorError as error:
            status = HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.BAD_REQUEST
            return JsonResponse(in_words(error), status=status)

    return answer


def in_words(error: OperatorError) -> dict[str, Any]:
    """This will be an error as the scripts of a page read it."""
    return {"code": error.code, "message": str(error.message), "fix": str(error.fix), "fields": error.fields}
