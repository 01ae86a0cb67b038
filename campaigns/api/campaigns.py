"""Campaigns and broadcasts in the API."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import services, tasks
from campaigns.models import FIGURES, Broadcast, Campaign
from wxcore.api import ERRORS, FAILURE, FailureSerializer
from wxcore.celery import nudge


class CampaignSerializer(FailureSerializer):
    total_count = serializers.IntegerField(read_only=True, allow_null=True)
    filter_count = serializers.IntegerField(
        read_only=True,
        allow_null=True,
        help_text="Left to send to after WeChat's filters, not the number filtered out.",
    )
    sent_count = serializers.IntegerField(read_only=True, allow_null=True)
    error_count = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Campaign
        fields = [
            "id",
            "account",
            "name",
            "status",
            "text",
            "audience",
            "tag",
            "created_at",
            "scheduled_at",
            "started_at",
            "finished_at",
            *FIGURES,
            *FAILURE,
        ]
        read_only_fields = fields


class BroadcastSerializer(FailureSerializer):
    class Meta:
        model = Broadcast
        fields = [
            "id",
            "account",
            "campaign",
            "position",
            "status",
            "clientmsgid",
            "recipient_count",
            "attempts",
            "uncertain",
            "due_at",
            "msg_id",
            "msg_data_id",
            "submitted_at",
            "finished_at",
            "result_status",
            *FIGURES,
            *FAILURE,
        ]
        read_only_fields = fields


class CampaignViewSet(viewsets.ReadOnlyModelViewSet):
    """Campaigns with the sums of their broadcasts."""

    queryset = Campaign.objects.with_figures()
    serializer_class = CampaignSerializer
    filterset_fields = ["account", "status"]
    verb_permissions = {"send": "campaigns.send_campaign"}

    @extend_schema(request=None, responses={200: CampaignSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: str | None = None) -> Response:
        """Send a draft campaign now. The answer comes before WeChat's: follow `status`."""
        campaign = self.get_object()
        services.send(campaign, by=request.user, now=timezone.now())
        nudge(tasks.tick)
        return Response(self.get_serializer(self.get_object()).data)


class BroadcastViewSet(viewsets.ReadOnlyModelViewSet):
    """Single calls of mass/sendall and mass/send."""

    queryset = Broadcast.objects.all()
    serializer_class = BroadcastSerializer
    filterset_fields = ["account", "campaign", "status"]


VIEWSETS = {"campaigns": CampaignViewSet, "broadcasts": BroadcastViewSet}
