"""The one shape of every error of the API."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema_serializer
from rest_framework import serializers, status
from rest_framework.exceptions import Throttled, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from wxcore.errors import Conflict, Forbidden, OperatorError


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Refused",
            value={
                "code": "tag_vanished",
                "message": "The tag “VIP” no longer exists at WeChat.",
                "fix": "Choose another tag. Nothing was sent: a missing tag never means everybody.",
                "fields": {"tag": "vanished"},
            },
        )
    ]
)
class ErrorSerializer(serializers.Serializer):
    """The one shape of every error."""

    code = serializers.CharField(help_text="A stable word for programs.")
    message = serializers.CharField(help_text="What happened, in the reader's language.")
    fix = serializers.CharField(allow_blank=True, help_text="What to do.")
    fields = serializers.DictField(help_text="The inputs at fault, each with a word or a sentence.")


ERRORS = {
    400: OpenApiResponse(ErrorSerializer, description="Refused; nothing was done."),
    403: OpenApiResponse(ErrorSerializer, description="Not logged in, or not allowed."),
    404: OpenApiResponse(ErrorSerializer, description="No such object."),
    409: OpenApiResponse(ErrorSerializer, description="Somebody was faster."),
}


class StatusError(OperatorError):
    """A refusal for which HTTP has a status of its own."""

    status = status.HTTP_400_BAD_REQUEST


class ChangedMeanwhile(StatusError):
    status = status.HTTP_412_PRECONDITION_FAILED
    code = "changed_meanwhile"
    message = _("Somebody has changed this since you read it. Nothing was saved.")
    fix = _("Read it again, look at what is different, and repeat your change with the new ETag.")


class IfMatchRequired(StatusError):
    status = status.HTTP_428_PRECONDITION_REQUIRED
    code = "if_match_required"
    message = _("This is changed only by who says what they have read.")
    fix = _("Send the ETag of the answer that you read in the header If-Match.")


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """This will give every expected error the shape `{code, message, fix, fields}`; a bug stays a bug."""
    if isinstance(error, OperatorError):
        return Response(body(error.code, str(error.message), str(error.fix), error.fields), status=status_of(error))
    response = drf_exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        response.data = body("invalid", str(error.default_detail), "", fields)
    else:
        detail = response.data["detail"]  # Django's own Http404 and PermissionDenied have one only here
        message = _("There is nothing under this address, or it is not for you to see.")
        # Django's says which model "matches the given query", in English.
        said = message if isinstance(error, Http404) else detail
        response.data = body(getattr(detail, "code", "error"), str(said), _fix_of(error), {})
    return response


def status_of(error: OperatorError) -> int:
    """This will be the HTTP status that an expected failure answers with."""
    if isinstance(error, StatusError):
        return error.status
    if isinstance(error, Forbidden):
        return status.HTTP_403_FORBIDDEN
    return status.HTTP_409_CONFLICT if isinstance(error, Conflict) else status.HTTP_400_BAD_REQUEST


def body(code: str, message: str, fix: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "message": message, "fix": fix, "fields": fields}


def _fix_of(error: Exception) -> str:
    if isinstance(error, Throttled):
        return str(_("Wait as many seconds as the header Retry-After says, and ask less often."))
    if isinstance(error, Http404):
        return str(_("Check the ID. It may have been deleted, or belong to an account that you do not work for."))
    return ""
