"""Callbacks in the API."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from callbacks import services, tasks
from callbacks.models import Callback, CallbackQuerySet
from wxcore.api import ERRORS, FAILURE, AccountRows, ExportedRows, FailureSerializer
from wxcore.celery import nudge
from wxcore.errors import OperatorError

PROCESS = "callbacks.process_callback"


class CallbackSerializer(FailureSerializer):
    class Meta:
        model = Callback
        fields = [
            "id",
            "account",
            "dedup_key",
            "openid",
            "msg_type",
            "event",
            "body",
            "answer",
            "pushed_at",
            "received_at",
            "status",
            "attempts",
            "due_at",
            "processed_at",
            *FAILURE,
        ]
        read_only_fields = fields


class CallbackFilter(filters.FilterSet):
    event = filters.CharFilter(method="by_event", label="An event as WeChat spells it; case does not matter.")

    received_after = filters.IsoDateTimeFilter(method="since", label="Received at that time or later.")
    received_before = filters.IsoDateTimeFilter(method="until", label="Received before that time.")

    class Meta:
        model = Callback
        fields = ["account", "status", "event", "openid", "received_after", "received_before"]

    def by_event(self, callbacks: QuerySet[Callback], name: str, value: str) -> QuerySet[Callback]:
        return callbacks.filter(event=value.lower())

    def since(self, callbacks: CallbackQuerySet, name: str, value: dt.datetime) -> CallbackQuerySet:
        return callbacks.received_between(value, None)

    def until(self, callbacks: CallbackQuerySet, name: str, value: dt.datetime) -> CallbackQuerySet:
        return callbacks.received_between(None, value)


class ManySerializer(serializers.Serializer):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), required=False, min_length=1, max_length=500
    )


class QueuedSerializer(serializers.Serializer):
    queued = serializers.IntegerField(help_text="Without those that wait already, or whose content was erased.")


class NothingChosen(OperatorError):
    code = "nothing_chosen"
    message = gettext_lazy("Nothing says which callbacks are meant.")
    fix = gettext_lazy("Name their ids, or a filter of the list.")


class CallbackViewSet(ExportedRows, AccountRows, viewsets.ReadOnlyModelViewSet):
    """What WeChat posted, raw, newest first."""

    queryset = Callback.objects.all()
    serializer_class = CallbackSerializer
    filterset_class = CallbackFilter
    verb_permissions = {"again": PROCESS, "again_many": PROCESS}

    @extend_schema(request=None, responses={200: CallbackSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str | None = None) -> Response:
        """Process a callback again. What was processed before is not done twice."""
        callback = self.get_object()
        if not callback.body:
            raise services.Erased
        services.process_again(Callback.objects.filter(pk=callback.pk), now=timezone.now())
        nudge(tasks.tick)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        operation_id="v1_callbacks_again_many", request=ManySerializer, responses={200: QueuedSerializer, **ERRORS}
    )
    @action(detail=False, methods=["post"], url_path="again", url_name="again-many")
    def again_many(self, request: Request) -> Response:
        """Process many again: those of `ids`, or the newest 10,000 that the filters of the list find."""
        asked = self.asked(ManySerializer).validated_data
        chosen = self.filter_queryset(self.get_queryset())
        if "ids" in asked:
            chosen = chosen.filter(pk__in=asked["ids"])
        elif not any(request.query_params.get(name) for name in CallbackFilter.base_filters):
            raise NothingChosen(fields={"ids": "missing"})
        queued = services.process_again(chosen, now=timezone.now())
        nudge(tasks.tick)
        return Response(QueuedSerializer({"queued": queued}).data)

    search_fields = ("=openid",)


VIEWSETS = {"callbacks": CallbackViewSet}
