"""Segments: saved filters, their head count before and after they are saved, and the lists that they may name."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import parsers, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from followers import conditions, openids, segments
from followers.api.followers import FollowerSerializer
from followers.conditions import Scope
from followers.models import OpenidList, Segment
from wxcore.api import ERRORS, EditableRows, RowField
from wxcore.api.examples import example
from wxcore.models import OfficialAccount

CONDITIONS = """`{"groups": [[condition, ...], ...]}`: who meets every condition of any group. See docs/api.md."""


@example(
    "VIPs who were active lately",
    account=1,
    name="活跃会员",
    conditions={"groups": [[{"kind": "tags", "all": [3]}, {"kind": "interaction", "mode": "within", "days": 30}]]},
)
class SegmentSerializer(serializers.ModelSerializer):
    account = RowField(queryset=OfficialAccount.objects.all(), permission="followers.add_segment")
    conditions = serializers.JSONField(help_text=CONDITIONS)
    in_words = serializers.SerializerMethodField(help_text="The conditions as a sentence, in the reader's language.")

    class Meta:
        model = Segment
        fields = ["id", "account", "name", "description", "conditions", "in_words", "created_at", "updated_at"]
        read_only_fields = ["id", "in_words", "created_at", "updated_at"]
        # `segments.save` says it in our words.
        validators: list[Any] = []

    def get_in_words(self, segment: Segment) -> str:
        scopes: dict[int, Scope] = self.context.setdefault("scopes", {})
        scope = scopes.setdefault(segment.account_id, Scope(segment.account, timezone.now()))
        return segments.sentence(segment, scope)

    def validate_account(self, account: OfficialAccount) -> OfficialAccount:
        # Its tags and lists belong to the account.
        return self.instance.account if self.instance else account

    def create(self, given: dict[str, Any]) -> Segment:
        segment = Segment(created_by=self.context["request"].user, **given)
        segments.save(segment, now=timezone.now())
        return segment

    def update(self, segment: Segment, given: dict[str, Any]) -> Segment:
        for name, value in given.items():
            setattr(segment, name, value)
        segments.save(segment, now=timezone.now())
        return segment


class CountRequestSerializer(serializers.Serializer):
    account = RowField(queryset=OfficialAccount.objects.all(), permission="followers.view_segment")
    conditions = serializers.JSONField(help_text=CONDITIONS)


class HeadCountSerializer(serializers.Serializer):
    count = serializers.IntegerField(source="number", help_text="Followers who are meant now.")
    sample = FollowerSerializer(many=True, help_text="Some of them, at most ten, in no order.")
    in_words = serializers.CharField()


class ListRequestSerializer(serializers.Serializer):
    account = RowField(queryset=OfficialAccount.objects.all(), permission="followers.add_segment")
    file = serializers.FileField(help_text="XLSX, CSV or TXT; of a table, the column “OpenID”.")


class OpenidListSerializer(serializers.ModelSerializer):
    repeated = serializers.IntegerField(read_only=True, help_text="Repetitions that were dropped.")
    malformed = serializers.IntegerField(read_only=True, help_text="Lines that hold no OpenID.")

    class Meta:
        model = OpenidList
        fields = ["id", "account", "name", "size", "created_at", "repeated", "malformed"]
        read_only_fields = fields


class SegmentUseSerializer(serializers.Serializer):
    name = serializers.CharField()
    status = serializers.CharField(help_text="In the reader's language.")
    breaks = serializers.BooleanField(help_text="It still needs the segment, which cannot be deleted.")


class SegmentViewSet(EditableRows):
    """Saved filters over the followers of an account. They are applied anew at every use."""

    queryset = Segment.objects.select_related("account")
    serializer_class = SegmentSerializer
    filterset_fields = ["account"]
    search_fields = ("name", "description")
    ordering_keys = {"name": ("name", "pk")}
    verb_permissions = {
        "count": "followers.view_segment",
        "uses": "followers.view_segment",
        "lists": "followers.add_segment",
        "copy": "followers.add_segment",
    }

    def perform_destroy(self, instance: Segment) -> None:
        segments.delete(instance)

    @extend_schema(request=None, responses={201: SegmentSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, pk: str | None = None) -> Response:
        """Copy a segment. Campaigns go on using the original."""
        copied = segments.duplicate(self.get_object(), by=request.user, now=timezone.now())
        return self.told(self.fresh(copied), status.HTTP_201_CREATED)

    @extend_schema(responses={200: SegmentUseSerializer(many=True), **ERRORS}, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def uses(self, request: Request, pk: str | None = None) -> Response:
        """What uses the segment, and would break without it."""
        return Response(SegmentUseSerializer(segments.uses(self.get_object()), many=True).data)

    @extend_schema(request=CountRequestSerializer, responses={200: HeadCountSerializer, **ERRORS})
    @action(detail=False, methods=["post"])
    def count(self, request: Request) -> Response:
        """Count whom conditions mean that need not be saved, and show some of them."""
        asked = self.asked(CountRequestSerializer).validated_data
        scope = Scope(asked["account"], timezone.now())
        definition = conditions.read(asked["conditions"])
        found = segments.head_count(definition, scope)
        told = {"number": found.number, "sample": found.sample, "in_words": definition.sentence(scope)}
        return Response(HeadCountSerializer(told).data)

    @extend_schema(request=ListRequestSerializer, responses={201: OpenidListSerializer, **ERRORS})
    @action(detail=False, methods=["post"], parser_classes=[parsers.MultiPartParser])
    def lists(self, request: Request) -> Response:
        """Upload a list of OpenIDs for a condition of the kind `list`. It never changes, and goes after a day unless
        a segment names it."""
        asked = self.asked(ListRequestSerializer).validated_data
        parsed = openids.parse(openids.read(asked["file"]))
        kept = segments.keep_list(
            asked["account"], parsed.openids, name=asked["file"].name, by=request.user, now=timezone.now()
        )
        kept.repeated, kept.malformed = parsed.repeated, len(parsed.malformed)
        return Response(OpenidListSerializer(kept).data, status=status.HTTP_201_CREATED)


VIEWSETS = {"segments": SegmentViewSet}
