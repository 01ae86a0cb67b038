"""Callbacks in the API."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework import viewsets

from callbacks.models import Callback, CallbackQuerySet
from wxcore.api import FAILURE, AccountRows, FailureSerializer


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


class CallbackViewSet(AccountRows, viewsets.ReadOnlyModelViewSet):
    """What WeChat posted, raw, newest first."""

    queryset = Callback.objects.all()
    serializer_class = CallbackSerializer
    filterset_class = CallbackFilter


VIEWSETS = {"callbacks": CallbackViewSet}
