"""Template messages and subscription notices in the API."""

from __future__ import annotations

from rest_framework import serializers, viewsets

from callbacks.models import NoticeConsent, NoticeResult
from wxcore.api import AccountRows, ExportedRows


class NoticeResultSerializer(serializers.ModelSerializer):
    class Meta:
        model = NoticeResult
        fields = ["id", "account", "kind", "msg_id", "openid", "template_id", "delivered", "status", "at"]
        read_only_fields = fields


class NoticeConsentSerializer(serializers.ModelSerializer):
    class Meta:
        model = NoticeConsent
        fields = ["id", "account", "openid", "template_id", "accepted", "at"]
        read_only_fields = fields


class NoticeResultViewSet(ExportedRows, AccountRows, viewsets.ReadOnlyModelViewSet):
    """What became of template messages and subscription notices."""

    queryset = NoticeResult.objects.all()
    serializer_class = NoticeResultSerializer
    filterset_fields = ["account", "kind", "openid", "msg_id", "delivered"]


class NoticeConsentViewSet(ExportedRows, AccountRows, viewsets.ReadOnlyModelViewSet):
    """Which notices followers let us send."""

    queryset = NoticeConsent.objects.all()
    serializer_class = NoticeConsentSerializer
    filterset_fields = ["account", "openid", "template_id", "accepted"]


VIEWSETS = {"notices": NoticeResultViewSet, "notice-consents": NoticeConsentViewSet}
