"""Imports from WeChat in the API."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import importing, tasks
from campaigns.models import LibraryImport
from wxcore.api import ERRORS, FAILURE, AccountRows, ExportedRows, FailureSerializer, RowField
from wxcore.celery import nudge
from wxcore.models import OfficialAccount


class ImportSerializer(FailureSerializer):
    percent = serializers.IntegerField(read_only=True)

    class Meta:
        model = LibraryImport
        fields = [
            "id",
            "account",
            "status",
            "stage",
            "total",
            "imported",
            "known",
            "skipped",
            "percent",
            "due_at",
            "created_at",
            "finished_at",
            *FAILURE,
        ]
        read_only_fields = fields


class ImportRequestSerializer(serializers.Serializer):
    account = RowField(queryset=OfficialAccount.objects.all(), permission="campaigns.add_libraryimport")


class ImportViewSet(
    ExportedRows, AccountRows, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Imports of what an account has at WeChat, with their progress."""

    queryset = LibraryImport.objects.all()
    serializer_class = ImportSerializer
    filterset_fields = ["account", "status"]
    verb_permissions = {"cancel": "campaigns.add_libraryimport"}

    @extend_schema(request=ImportRequestSerializer, responses={201: ImportSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Queue an import. The answer comes before it begins: follow `status`."""
        asked = self.asked(ImportRequestSerializer)
        row = importing.request(asked.validated_data["account"], by=request.user, now=timezone.now())
        nudge(tasks.import_library)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: ImportSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Stop an open import; what it has brought stays."""
        row = self.get_object()
        importing.cancel(row, now=timezone.now())
        return Response(self.get_serializer(row).data)


VIEWSETS = {"imports": ImportViewSet}
