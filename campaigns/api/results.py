"""Results, exports and recalls of campaigns, and what a follower received, in the API."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import exporting, quota, recalling, results, tasks
from campaigns.models import Door, Recall, Recipient
from campaigns.states import BroadcastStatus
from followers.models import Follower
from wxcore import rights
from wxcore.api import ERRORS, FAILURE, AccountRows, FailureSerializer
from wxcore.api.exports import FILE, TYPE, chosen_format
from wxcore.celery import nudge
from wxcore.pagination import NewestFirst
from wxcore.spreadsheets import download

EXPORT, RECALL = "campaigns.export_recipients", "campaigns.recall_campaign"


class LossSerializer(serializers.Serializer):
    """Recipients who are missing from the next step."""

    why = serializers.ChoiceField(choices=list(results.Why))
    number = serializers.IntegerField()
    broadcasts = serializers.IntegerField(help_text="How many broadcasts `reason` stopped; 0 where it does not apply.")
    reason = serializers.CharField(allow_blank=True, help_text="What stopped their broadcasts.")
    fix = serializers.CharField(allow_blank=True, help_text="What to do.")


class StageSerializer(serializers.Serializer):
    """One step of the funnel."""

    step = serializers.ChoiceField(choices=list(results.Step))
    number = serializers.IntegerField(allow_null=True, help_text="Null until WeChat has reported it: that is not 0.")
    silent = serializers.IntegerField(help_text="Recipients in finished broadcasts for which WeChat gave no number.")
    lost = LossSerializer(many=True, help_text="On the way to the next step.")


class LinkSerializer(serializers.Serializer):
    broadcast = serializers.IntegerField(help_text="The broadcast's position; each has a page of its own.")
    url = serializers.URLField()


class CheckSerializer(serializers.Serializer):
    """WeChat's originality check; null where it is silent."""

    audit_state = serializers.IntegerField(
        allow_null=True, help_text="0 not checked, 1 checking, 11 passed, any other failed."
    )
    declared = serializers.IntegerField(allow_null=True, help_text="What we said: 0 nothing, 1 original, 2 reprint.")
    original_url = serializers.CharField(allow_blank=True)
    original_type = serializers.IntegerField(
        allow_null=True, help_text="1 original, 2 older article, 3 news, 4 blocked."
    )
    can_reprint = serializers.BooleanField(allow_null=True)
    content_replaced = serializers.BooleanField(allow_null=True)
    source_shown = serializers.BooleanField(allow_null=True)


class SentArticleSerializer(serializers.Serializer):
    number = serializers.IntegerField(help_text="Counted from 1.")
    title = serializers.CharField(allow_blank=True)
    links = LinkSerializer(many=True)
    check_result = CheckSerializer(source="check")


class RecallSerializer(FailureSerializer):
    position = serializers.IntegerField(source="broadcast.position", read_only=True)

    class Meta:
        model = Recall
        fields = ["id", "broadcast", "position", "article", "status", "attempts", "due_at", "created_at", "finished_at"]
        fields += FAILURE
        read_only_fields = fields


class ResultsSerializer(serializers.Serializer):
    """`is_open`: WeChat has not said everything yet."""

    stages = StageSerializer(many=True, help_text="recipients, accepted, reached, delivered.")
    joined = serializers.IntegerField(help_text="Followers who joined after the start, and whom WeChat counted in.")
    is_open = serializers.BooleanField()
    articles = SentArticleSerializer(many=True)
    recalls = RecallSerializer(many=True)


class RecallRequestSerializer(serializers.Serializer):
    article = serializers.IntegerField(
        default=0, min_value=0, max_value=100, help_text="One article, counted from 1; 0 is the whole message."
    )


class RecallExtentSerializer(serializers.Serializer):
    broadcasts = serializers.IntegerField()
    recipients = serializers.IntegerField()
    delivered = serializers.IntegerField(allow_null=True, help_text="Null: not reported.")
    days = serializers.IntegerField(help_text="WeChat allows ten recalls a day.")


class ResultActions(AccountRows):
    """What a campaign's endpoint offers besides the campaign."""

    @extend_schema(responses={200: ResultsSerializer, **ERRORS})
    @action(detail=True, methods=["get"])
    def results(self, request: Request, pk: str | None = None) -> Response:
        """What became of the recipients, step by step, and why some are missing."""
        campaign = self.get_object()
        funnel = results.funnel(campaign.broadcasts.all())
        told = {
            "stages": funnel.stages,
            "joined": funnel.joined,
            "is_open": funnel.is_open,
            "articles": results.articles(campaign),
            "recalls": campaign.recalls.select_related("broadcast"),
        }
        return Response(ResultsSerializer(told).data)

    @extend_schema(
        parameters=[OpenApiParameter("table", str, enum=list(exporting.Kind)), TYPE], responses={**FILE, **ERRORS}
    )
    @action(detail=True, methods=["get"])
    def export(self, request: Request, pk: str | None = None) -> StreamingHttpResponse:
        """The campaign's recipients, or the results of its broadcasts, as a file."""
        campaign = self.get_object()
        kind, form = _kind(request), chosen_format(request)
        return download(exporting.table(campaign, kind, by=request.user, door=Door.API), form)

    @extend_schema(request=RecallRequestSerializer, responses={200: RecallSerializer(many=True), **ERRORS})
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, pk: str | None = None) -> Response:
        """Take back articles or a video, for good. The answer comes before WeChat's: follow `results`."""
        campaign = self.get_object()
        chosen = self.asked(RecallRequestSerializer).validated_data["article"]
        rows = recalling.recall(campaign, article=chosen, by=request.user, door=Door.API, now=timezone.now())
        nudge(tasks.tick)
        return Response(RecallSerializer(rows, many=True).data)

    @extend_schema(parameters=[RecallRequestSerializer], responses={200: RecallExtentSerializer, **ERRORS})
    @recall.mapping.get
    def recall_extent(self, request: Request, pk: str | None = None) -> Response:
        """What a recall would take back."""
        campaign = self.get_object()
        asked = RecallRequestSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        extent = recalling.extent(campaign, article=asked.validated_data["article"], now=timezone.now())
        return Response(RecallExtentSerializer(extent).data)


def _kind(request: Request) -> exporting.Kind:
    """This will be the table that the query asks for, the first kind if it asks for none. Raises ValidationError."""
    field = serializers.ChoiceField(choices=list(exporting.Kind))
    try:
        return exporting.Kind(field.run_validation(request.query_params.get("table", next(iter(exporting.Kind)))))
    except serializers.ValidationError as error:
        raise serializers.ValidationError({"table": error.detail}) from None


RESULT_PERMISSIONS = {"export": EXPORT, "recall": RECALL, "recall_extent": RECALL}


class ReceivedSerializer(serializers.ModelSerializer):
    campaign = serializers.IntegerField(source="broadcast.campaign_id", read_only=True)
    campaign_name = serializers.CharField(source="broadcast.campaign.name", read_only=True)
    status = serializers.ChoiceField(
        source="broadcast.status",
        choices=BroadcastStatus.choices,
        read_only=True,
        help_text="Of the broadcast. WeChat reports how many followers it reached, never which ones.",
    )
    submitted_at = serializers.DateTimeField(source="broadcast.submitted_at", read_only=True, allow_null=True)

    class Meta:
        model = Recipient
        fields = ["id", "campaign", "campaign_name", "broadcast", "status", "submitted_at"]
        read_only_fields = fields


class ReceivedViewSet(AccountRows, mixins.ListModelMixin):
    """The campaigns that a follower was a recipient of, newest first."""

    queryset = Recipient.objects.select_related("broadcast__campaign")
    serializer_class = ReceivedSerializer
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Recipient]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset().none()
        followers = rights.scoped(Follower.objects.all(), self.request.user, "followers.view_follower")
        follower = get_object_or_404(followers, pk=self.kwargs["follower"])
        return super().get_queryset().filter(follower=follower)


class MessagesOfMonthSerializer(serializers.Serializer):
    limit = serializers.IntegerField(allow_null=True, help_text="Null: WeChat counts none for this kind of account.")
    used = serializers.IntegerField(allow_null=True)
    left = serializers.IntegerField(allow_null=True)


class FollowerQuotaViewSet(AccountRows):
    """The month's messages of one follower."""

    named = "follower-quota"
    queryset = Recipient.objects.all()
    serializer_class = MessagesOfMonthSerializer
    pagination_class = None

    @extend_schema(
        operation_id="v1_followers_quota", responses={200: MessagesOfMonthSerializer, **ERRORS}, filters=False
    )
    def list(self, request: Request, follower: str) -> Response:
        """How many messages a follower had this month, by our own records."""
        own = rights.scoped(Follower.objects.select_related("account"), request.user, "followers.view_follower")
        found = quota.of_follower(get_object_or_404(own, pk=follower), now=timezone.now())
        told = found or dict.fromkeys(("limit", "used", "left"))
        return Response(MessagesOfMonthSerializer(told).data)


VIEWSETS = {
    r"followers/(?P<follower>\d+)/quota": FollowerQuotaViewSet,
    r"followers/(?P<follower>\d+)/received": ReceivedViewSet,
}
