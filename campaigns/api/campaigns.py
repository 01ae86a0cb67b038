"""Campaigns and broadcasts in the API."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import preflight, previews, services, tasks
from campaigns.models import FIGURES, Broadcast, Campaign, Preview
from wxcore.api import ERRORS, FAILURE, FailureSerializer
from wxcore.celery import nudge


class CampaignSerializer(FailureSerializer):
    pictures = serializers.SerializerMethodField(help_text="The media files of a picture message, in their order.")
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
            "msgtype",
            "text",
            "draft",
            "revision",
            "send_ignore_reprint",
            "media",
            "pictures",
            "title",
            "description",
            "need_open_comment",
            "only_fans_can_comment",
            "card_id",
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

    def get_pictures(self, campaign: Campaign) -> list[int]:
        return [image.asset_id for image in campaign.campaign_images.all()]


class FindingSerializer(serializers.Serializer):
    """One line of a pre-flight."""

    level = serializers.ChoiceField(choices=[level.value for level in preflight.Level])
    code = serializers.CharField(help_text="A stable word for programs.")
    subject = serializers.CharField(help_text="What was looked at.")
    message = serializers.CharField(help_text="What was found, in the reader's language.")
    fix = serializers.CharField(allow_blank=True, help_text="What to do.")
    wechat_code = serializers.IntegerField(allow_null=True, help_text="What WeChat would answer, where that is known.")
    action = serializers.CharField(allow_blank=True, help_text="The fix that the admin offers as a button.")
    url = serializers.CharField(allow_blank=True, help_text="The admin page on which it is changed.")


class PreflightSerializer(serializers.Serializer):
    """`can_be_sent` is false as soon as one finding is an error."""

    can_be_sent = serializers.BooleanField()
    findings = FindingSerializer(many=True)


class PreviewSerializer(FailureSerializer):
    openid = serializers.CharField(required=False, max_length=64, help_text="Of a follower. Or else `wxname`.")
    wxname = serializers.CharField(required=False, max_length=64, help_text="A WeChat ID; a hundred previews a day.")

    class Meta:
        model = Preview
        fields = ["id", "account", "campaign", "openid", "wxname", "created_at", *FAILURE]
        read_only_fields = ["id", "account", "campaign", "created_at", *FAILURE]


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

    queryset = Campaign.objects.with_figures().prefetch_related("campaign_images")
    serializer_class = CampaignSerializer
    filterset_fields = ["account", "status", "msgtype"]
    verb_permissions = {"send": "campaigns.send_campaign", "preview": "campaigns.change_campaign"}

    @extend_schema(request=None, responses={200: CampaignSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: str | None = None) -> Response:
        """Send a draft campaign now. The answer comes before WeChat's: follow `status`."""
        campaign = self.get_object()
        services.send(campaign, by=request.user, now=timezone.now())
        nudge(tasks.tick)
        return Response(self.get_serializer(self.get_object()).data)

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
        asked = PreviewSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        sent = previews.send(campaign, **asked.validated_data, by=request.user, now=timezone.now())
        return Response(PreviewSerializer(sent).data, status=status.HTTP_201_CREATED)


class BroadcastViewSet(viewsets.ReadOnlyModelViewSet):
    """Single calls of mass/sendall and mass/send."""

    queryset = Broadcast.objects.all()
    serializer_class = BroadcastSerializer
    filterset_fields = ["account", "campaign", "status"]


VIEWSETS = {"campaigns": CampaignViewSet, "broadcasts": BroadcastViewSet}
