"""How the accounts grow, in the API."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from followers import growth
from followers.api.periods import PeriodSerializer, asked, of_account
from followers.models import FollowerDay
from followers.models.day import GrowthSource
from wxcore.api import ERRORS, AccountRows


class GrowthDaySerializer(serializers.Serializer):
    day = serializers.DateField(help_text="In Shanghai.")
    new = serializers.IntegerField()
    left = serializers.IntegerField()
    net = serializers.IntegerField()
    total = serializers.IntegerField(help_text="Who followed at its end.")
    source = serializers.ChoiceField(
        choices=GrowthSource.values, help_text="`wechat` the next morning, where the account may ask."
    )


class GrowthSerializer(serializers.Serializer):
    """Oldest day first. A day on which nothing was counted is missing."""

    days = GrowthDaySerializer(many=True)


class GrowthViewSet(AccountRows):
    """Who came and went, day by day."""

    queryset = FollowerDay.objects.all()
    serializer_class = GrowthSerializer
    pagination_class = None

    @extend_schema(
        operation_id="v1_statistics_growth", parameters=[PeriodSerializer], responses={200: GrowthSerializer, **ERRORS}
    )
    def list(self, request: Request) -> Response:
        """The growth of one account, or of all together."""
        query = asked(PeriodSerializer, request, context=self.get_serializer_context())
        rows = of_account(self.get_queryset(), query)
        return Response(GrowthSerializer({"days": growth.between(rows, query["since"], query["until"])}).data)


VIEWSETS = {"statistics/growth": GrowthViewSet}
