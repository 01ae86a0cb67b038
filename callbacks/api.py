"""Callbacks in the API."""

from __future__ import annotations

from rest_framework import viewsets

from callbacks.models import Callback
from wxcore.api import FAILURE, FailureSerializer


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
            "pushed_at",
            "received_at",
            "status",
            "attempts",
            "processed_at",
            *FAILURE,
        ]
        read_only_fields = fields


class CallbackViewSet(viewsets.ReadOnlyModelViewSet):
    """What WeChat posted, raw, newest first."""

    queryset = Callback.objects.all()
    serializer_class = CallbackSerializer
    filterset_fields = ["account", "status", "event", "openid"]


VIEWSETS = {"callbacks": CallbackViewSet}
