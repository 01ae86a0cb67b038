"""Callbacks in the API."""

from __future__ import annotations

from rest_framework import serializers, viewsets

from callbacks.models import Callback


class CallbackSerializer(serializers.ModelSerializer):
    error_message = serializers.CharField(read_only=True)
    error_fix = serializers.CharField(read_only=True)

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
            "error_code",
            "error_message",
            "error_fix",
        ]
        read_only_fields = fields


class CallbackViewSet(viewsets.ReadOnlyModelViewSet):
    """What WeChat posted, raw, newest first."""

    queryset = Callback.objects.all()
    serializer_class = CallbackSerializer
    filterset_fields = ["account", "status", "event", "openid"]


VIEWSETS = {"callbacks": CallbackViewSet}
