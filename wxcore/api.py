"""The API's shared parts (router, error shape) and the accounts."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.views import exception_handler as drf_exception_handler

from wxcore import rights
from wxcore.errors import Conflict, OperatorError
from wxcore.models import OfficialAccount
from wxcore.permissions import ModelPermissions


def build_router(*modules: ModuleType) -> SimpleRouter:
    """This will be a router with the `VIEWSETS` (prefix -> viewset) of every module."""
    router = SimpleRouter()
    for module in modules:
        for prefix, viewset in module.VIEWSETS.items():
            router.register(prefix, viewset)
    return router


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


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """This will give every expected error the shape `{code, message, fix, fields}`; a bug stays a bug."""
    if isinstance(error, OperatorError):
        code = status.HTTP_409_CONFLICT if isinstance(error, Conflict) else status.HTTP_400_BAD_REQUEST
        return Response(_body(error.code, str(error.message), str(error.fix), error.fields), status=code)
    response = drf_exception_handler(error, context)
    if response is None:
        return None
    if isinstance(error, ValidationError):
        fields = error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        response.data = _body("invalid", str(error.default_detail), "", fields)
    else:
        detail = response.data["detail"]  # Django's own Http404 and PermissionDenied have one only here
        response.data = _body(getattr(detail, "code", "error"), str(detail), "", {})
    return response


def _body(code: str, message: str, fix: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {"code": code, "message": message, "fix": fix, "fields": fields}


class AccountRows(viewsets.GenericViewSet):
    """Base of every view of rows that belong to accounts: those of other people's accounts do not exist."""

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):  # the schema is drawn without anybody asking
            return rows
        view = f"{rows.model._meta.app_label}.view_{rows.model._meta.model_name}"
        return rights.scoped(rows, self.request.user, view, *ModelPermissions().needed(self.request, self))

    def asked(self, serializer: type[serializers.BaseSerializer]) -> serializers.BaseSerializer:
        """This will be the request's body as `serializer` reads it. Raises ValidationError."""
        read = serializer(data=self.request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        return read


class RowField(serializers.PrimaryKeyRelatedField):
    """A row that a request names. It belongs to an account on which the person has `permission`, or does not exist."""

    def __init__(self, *, permission: str, **options: Any) -> None:
        self.permission = permission
        super().__init__(**options)

    def get_queryset(self) -> QuerySet[Any]:
        return rights.scoped(super().get_queryset(), self.context["request"].user, self.permission)


class FailureSerializer(serializers.ModelSerializer):
    """Base for rows that keep their failure; name FAILURE among the fields."""

    error_message = serializers.CharField(read_only=True)
    error_fix = serializers.CharField(read_only=True)


FAILURE = ("error_code", "error_message", "error_fix")


class OfficialAccountSerializer(serializers.ModelSerializer):
    callback_path = serializers.CharField(read_only=True)

    class Meta:
        model = OfficialAccount
        # Named one by one: a new secret must not slip in.
        fields = [
            "id",
            "name",
            "slug",
            "kind",
            "is_verified",
            "is_active",
            "appid",
            "original_id",
            "message_mode",
            "time_zone",
            "callback_path",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields


class OfficialAccountViewSet(AccountRows, viewsets.ReadOnlyModelViewSet):
    """Official accounts, without their secrets."""

    queryset = OfficialAccount.objects.all()
    serializer_class = OfficialAccountSerializer
    filterset_fields = ["kind", "is_active"]


VIEWSETS = {"accounts": OfficialAccountViewSet}
