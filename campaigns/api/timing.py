"""When campaigns go out, in the API: the calendar's filters, what speaks against a time, the move to another one."""

from __future__ import annotations

import django_filters
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import preflight, services
from campaigns.api.findings import FindingSerializer
from campaigns.models import Campaign, Door
from wxcore import zones
from wxcore.api import ERRORS

WALL = "Like 2026-11-30T20:00+08:00; without an offset it is meant on the wall of the official account."


class CampaignFilter(django_filters.FilterSet):
    scheduled_after = django_filters.IsoDateTimeFilter(field_name="scheduled_at", lookup_expr="gte")
    scheduled_before = django_filters.IsoDateTimeFilter(field_name="scheduled_at", lookup_expr="lt")

    class Meta:
        model = Campaign
        fields = ["account", "status", "msgtype", "split"]


class TimingSerializer(serializers.Serializer):
    """`is_possible` is false when one finding is an error; the others are for a person to judge."""

    at = serializers.DateTimeField()
    time_zone = serializers.CharField(help_text="Of the official account.")
    is_possible = serializers.BooleanField()
    findings = FindingSerializer(many=True)


class MoveSerializer(serializers.Serializer):
    at = serializers.CharField(max_length=zones.LONGEST, help_text=WALL)
    seen = serializers.CharField(
        max_length=zones.LONGEST,
        required=False,
        help_text="The `scheduled_at` that was read. If somebody has moved the campaign since, the answer is 409.",
    )


class TimingActions:
    """Part of the campaigns' view."""

    @extend_schema(
        parameters=[OpenApiParameter("at", str, required=True, description=WALL)],
        responses={200: TimingSerializer, **ERRORS},
    )
    @action(detail=True, methods=["get"])
    def timing(self, request: Request, pk: str | None = None) -> Response:
        """Ask what speaks against a time: other campaigns of the account, its quota, the night."""
        campaign = self.get_object()
        at = zones.read(request.query_params.get("at", ""), campaign.account.zone)
        findings = preflight.timing(campaign, at, now=timezone.now())
        possible = all(finding.level is not preflight.Level.ERROR for finding in findings)
        answer = {"at": at, "time_zone": campaign.account.time_zone, "is_possible": possible, "findings": findings}
        return Response(TimingSerializer(answer).data)

    @extend_schema(request=MoveSerializer)
    @action(detail=True, methods=["post"])
    def reschedule(self, request: Request, pk: str | None = None) -> Response:
        """Move a scheduled campaign to another time; its approval still counts."""
        campaign = self.get_object()
        asked, zone = self.asked(MoveSerializer).validated_data, campaign.account.zone
        at = zones.read(asked["at"], zone)
        seen = zones.read(asked["seen"], zone) if "seen" in asked else None
        services.reschedule(campaign, at=at, seen=seen, by=request.user, door=Door.API, now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)
