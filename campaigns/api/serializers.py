"""Campaigns and broadcasts as the API shows them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from campaigns import services
from campaigns.api import writing
from campaigns.api.findings import FindingSerializer
from campaigns.models import FIGURES, Broadcast, Campaign
from wxcore.api import FAILURE, FailureSerializer
from wxcore.api.examples import example


@example("A text to everybody", account=1, name="双十二预告", msgtype="text", text="今晚八点开始", audience="all")
@example("An article to a tag", account=1, name="会员日", msgtype="mpnews", draft=12, audience="tag", tag=3)
class CampaignSerializer(FailureSerializer):
    account = writing.account_field()
    draft = writing.draft_field()
    media = writing.media_field()
    tag = writing.tag_field()
    segment = writing.segment_field()
    conditions = writing.TagConditionsField(required=False)
    text = serializers.CharField(
        required=False, allow_blank=True, trim_whitespace=False, max_length=100_000, help_text="Of a text message."
    )
    openids = writing.openids_field(write_only=True)
    share = serializers.IntegerField(read_only=True, help_text="Per cent of the audience; 100 outside of A/B tests.")
    pictures = writing.PicturesField(
        required=False, help_text="The media files of a picture message, in their order: at most 20."
    )
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
            "openids",
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
        read_only_fields = [name for name in fields if name not in {*services.EDITABLE, "pictures", "openids"}]

    def create(self, given: dict[str, Any]) -> Campaign:
        return writing.save(Campaign(), given, by=self.context["request"].user)

    def update(self, campaign: Campaign, given: dict[str, Any]) -> Campaign:
        return writing.save(campaign, given, by=self.context["request"].user)


class DuplicateSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=100, required=False, help_text="Of the copy; without it “… (copy)”.")


class PreflightSerializer(serializers.Serializer):
    """`can_be_sent` is false as soon as one finding is an error."""

    can_be_sent = serializers.BooleanField()
    findings = FindingSerializer(many=True)


class FixSerializer(serializers.Serializer):
    action = serializers.CharField(max_length=40, help_text="That of a finding.")


class FixedSerializer(serializers.Serializer):
    message = serializers.CharField(help_text="What was done, in the reader's language.")


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
