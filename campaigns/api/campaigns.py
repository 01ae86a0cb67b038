"""Campaigns and broadcasts in the API."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import preflight, previews
from campaigns.api.results import RESULT_PERMISSIONS, ResultActions
from campaigns.api.serializers import (
    BroadcastSerializer,
    CampaignSerializer,
    PreflightSerializer,
    PreviewSerializer,
)
from campaigns.api.statistics import StatisticsAction
from campaigns.api.timing import CampaignFilter, TimingActions
from campaigns.api.verbs import VERB_PERMISSIONS, CampaignVerbs
from campaigns.models import Broadcast, Campaign
from wxcore.api import ERRORS, AccountRows


class CampaignViewSet(ResultActions, CampaignVerbs, TimingActions, StatisticsAction, viewsets.ReadOnlyModelViewSet):
    """Campaigns with the sums of their broadcasts."""

    queryset = Campaign.objects.with_figures().prefetch_related("campaign_images")
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilter
    verb_permissions = {**VERB_PERMISSIONS, **RESULT_PERMISSIONS, "preview": "campaigns.change_campaign"}

    @extend_schema(
        parameters=[OpenApiParameter("local", bool, description="Leave out what asks WeChat and other sites.")],
        responses={200: PreflightSerializer, **ERRORS},
    )
    @action(detail=True, methods=["get"])
    def preflight(self, request: Request, pk: str | None = None) -> Response:
        """Check a campaign before it is sent. Without `local` it may take some ten seconds."""
        campaign = self.get_object()
        findings = preflight.local(campaign, now=timezone.now())
        if request.query_params.get("local", "").lower() not in ("1", "true"):
            findings += preflight.wechat(campaign) + preflight.links(campaign)
        stopped = any(finding.level is preflight.Level.ERROR for finding in findings)
        return Response(PreflightSerializer({"can_be_sent": not stopped, "findings": findings}).data)

    @extend_schema(request=PreviewSerializer, responses={201: PreviewSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, pk: str | None = None) -> Response:
        """Send the message as it stands to one phone: to a follower (`openid`) or to a WeChat ID (`wxname`)."""
        campaign = self.get_object()
        asked = self.asked(PreviewSerializer)
        sent = previews.send(campaign, **asked.validated_data, by=request.user, now=timezone.now())
        return Response(PreviewSerializer(sent).data, status=status.HTTP_201_CREATED)


class BroadcastViewSet(AccountRows, viewsets.ReadOnlyModelViewSet):
    """Single calls of mass/sendall and mass/send."""

    queryset = Broadcast.objects.all()
    serializer_class = BroadcastSerializer
    filterset_fields = ["account", "campaign", "status"]


VIEWSETS = {"campaigns": CampaignViewSet, "broadcasts": BroadcastViewSet}
