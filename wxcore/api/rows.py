"""The bases of every view of rows that belong to accounts, and of the fields that name such rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers, viewsets

from wxcore import rights
from wxcore.api.idempotency import IdempotentRequests
from wxcore.api.sparse import SparseFields
from wxcore.permissions import ModelPermissions


class AccountRows(IdempotentRequests, SparseFields, viewsets.GenericViewSet):
    """Base of every view of rows that belong to accounts: those of other people's accounts do not exist.

    `search_fields` says what `?search=` looks at, `ordering_keys` in which orders a list can be had, and
    `filters_by_account` which filters have an index that begins with the account and ends with the order: see
    `wxcore.filters` and `wxcore.pagination`.
    """

    # Those whose rows a list shows; none where it shows everybody's, or where the rows do not name their account.
    accounts: Sequence[int] = ()

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):  # the schema is drawn without anybody asking
            return rows
        view = f"{rows.model._meta.app_label}.view_{rows.model._meta.model_name}"
        permissions = (view, *ModelPermissions().needed(self.request, self))
        if rights.path_of(rows.model) == "account" and not rights.is_unlimited(self.request.user):
            self.accounts = rights.account_ids(self.request.user, *permissions)
        return rights.scoped(rows, self.request.user, *permissions)

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
