"""Who a campaign was sent to, in the API: a list of any size in keyset pages."""

from __future__ import annotations

import operator
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.models import Broadcast, Campaign, Recipient
from campaigns.states import BroadcastStatus
from followers.models import Follower
from wxcore import rights
from wxcore.api import ERRORS, AccountRows
from wxcore.pagination import NewestFirst

# Whoever may take the list away as a file may leaf through it.
EXPORT = "campaigns.export_recipients"


class RecipientSerializer(serializers.ModelSerializer):
    openid = serializers.CharField(source="follower.openid", read_only=True)
    position = serializers.IntegerField(source="broadcast.position", read_only=True, help_text="Of the broadcast.")
    status = serializers.ChoiceField(
        source="broadcast.status",
        choices=BroadcastStatus.choices,
        read_only=True,
        help_text="Of the broadcast. WeChat reports how many followers it reached, never which ones.",
    )

    class Meta:
        model = Recipient
        fields = ["id", "broadcast", "position", "follower", "openid", "status"]
        read_only_fields = fields


class ByBroadcast(NewestFirst):
    """In the order of the index that finds them."""

    ordering = ("broadcast_id", "follower_id")

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:
        self.view = view
        return super().paginate_queryset(queryset, request, view)

    def beyond(self, rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        if name.removeprefix("-") != "broadcast_id":
            return super().beyond(rows, name, value)
        # As a range it would pass over what went to others between two broadcasts of a campaign; beside the names of
        # all, over those that came before.
        comes_after = operator.lt if name.startswith("-") else operator.gt
        left: QuerySet[Any] = self.view.rows_of([pk for pk in self.view.broadcasts if comes_after(pk, value)])
        return left


class RecipientQuerySerializer(serializers.Serializer):
    broadcast = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    openid = serializers.CharField(required=False, max_length=64)
    outcome = serializers.ChoiceField(choices=BroadcastStatus, required=False)


class RecipientViewSet(AccountRows, mixins.ListModelMixin):
    """The recipients of one campaign, as frozen when it started."""

    named = "campaign-recipient"
    queryset = Recipient.objects.select_related("broadcast", "follower")
    serializer_class = RecipientSerializer
    pagination_class = ByBroadcast
    verb_permissions = {"list": EXPORT}
    broadcasts: list[int]
    followers: list[int] | None

    @extend_schema(
        parameters=[
            OpenApiParameter("broadcast", OpenApiTypes.INT64, description="Of this broadcast."),
            OpenApiParameter("openid", str, description="This follower."),
            OpenApiParameter("outcome", str, enum=BroadcastStatus.values, description="Status of the broadcast."),
        ],
        responses={200: RecipientSerializer(many=True), **ERRORS},
    )
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who got the campaign, or was meant to."""
        return super().list(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Recipient]:
        if getattr(self, "swagger_fake_view", False):
            return super().get_queryset().none()
        campaigns = rights.scoped(Campaign.objects.all(), self.request.user, EXPORT)
        campaign = get_object_or_404(campaigns, pk=self.kwargs["campaign"])
        query = RecipientQuerySerializer(
            data={name: value for name, value in self.request.query_params.items() if value}
        )
        query.is_valid(raise_exception=True)
        return self._of(campaign, query.validated_data)

    def _of(self, campaign: Campaign, asked: dict[str, Any]) -> QuerySet[Recipient]:
        broadcasts = Broadcast.objects.filter(campaign=campaign)
        if "broadcast" in asked:
            broadcasts = broadcasts.filter(pk=asked["broadcast"])
        if "outcome" in asked:
            broadcasts = broadcasts.filter(status=asked["outcome"])
        self.broadcasts = list(broadcasts.order_by("pk").values_list("pk", flat=True))
        self.followers = None
        if "openid" in asked:
            follower = Follower.objects.filter(account=campaign.account_id, openid=asked["openid"])
            self.followers = list(follower.values_list("pk", flat=True))
        return self.rows_of(self.broadcasts)

    def rows_of(self, broadcasts: list[int]) -> QuerySet[Recipient]:
        """This will be what was asked for, of these broadcasts only."""
        # Named one by one: the index begins with them, and a join would leave the order to chance.
        rows = self.queryset.filter(broadcast_id__in=broadcasts)
        return rows if self.followers is None else rows.filter(follower__in=self.followers)


VIEWSETS = {r"campaigns/(?P<campaign>\d+)/recipients": RecipientViewSet}
