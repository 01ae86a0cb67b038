"""Campaigns and broadcasts as the API shows them."""

from __future__ import annotations

from rest_framework import serializers

from campaigns.api.findings import FindingSerializer
from campaigns.models import FIGURES, Broadcast, Campaign, Preview
from wxcore.api import FAILURE, FailureSerializer


class CampaignSerializer(FailureSerializer):
    share = serializers.IntegerField(read_only=True, help_text="Per cent of the audience; 100 outside of A/B tests.")
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
            "conditions",
            "segment",
            "split",
            "variant",
            "share",
            "created_at",
            "submitted_by",
            "submitted_at",
            "approved_by",
            "approved_at",
            "scheduled_at",
            "resume_at",
            "started_at",
            "finished_at",
            *FIGURES,
            *FAILURE,
        ]
        read_only_fields = fields

    def get_pictures(self, campaign: Campaign) -> list[int]:
        return [image.asset_id for image in campaign.campaign_images.all()]


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
