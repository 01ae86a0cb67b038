"""One line of figures about the accounts, in the API."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from callbacks.models import Conversation, Message
from campaigns import comparison
from campaigns.models import Broadcast
from followers import growth
from followers.api.periods import AccountQuerySerializer, asked, of_account
from followers.models import FollowerDay
from wxcore import clock, rights
from wxcore.api import ERRORS, AccountRows

# Enough to show; nobody counts further on a page view.
MOST = 1000


class FollowersNowSerializer(serializers.Serializer):
    total = serializers.IntegerField(allow_null=True, help_text="At the last count; null before the first one.")
    net_7 = serializers.IntegerField(help_text="New ones without those who left, of seven days, today included.")
    net_30 = serializers.IntegerField()


class MessagesSerializer(serializers.Serializer):
    sent = serializers.IntegerField(help_text="Recipients of what WeChat accepted.")
    delivered = serializers.IntegerField(help_text="Whom it reached, as far as WeChat has reported.")


class ReadersSerializer(serializers.Serializer):
    readers_7 = serializers.IntegerField(help_text="Of seven days, today included.")
    readers_30 = serializers.IntegerField()
    shares_7 = serializers.IntegerField(help_text="People who shared.")
    shares_30 = serializers.IntegerField()


class OverviewSerializer(serializers.Serializer):
    day = serializers.DateField(help_text="In Shanghai.")
    followers = FollowersNowSerializer()
    messages = MessagesSerializer(help_text="Of this month.")
    articles = ReadersSerializer()
    open_conversations = serializers.IntegerField(help_text="Without an answer; no further than 1,000 are counted.")


class OverviewViewSet(AccountRows):
    """How the accounts are doing."""

    queryset = Message.objects.all()
    serializer_class = OverviewSerializer
    pagination_class = None

    @extend_schema(
        operation_id="v1_statistics_overview",
        parameters=[AccountQuerySerializer],
        responses={200: OverviewSerializer, **ERRORS},
    )
    def list(self, request: Request) -> Response:
        """Followers, messages, readers and waiting conversations, of one account or of all together."""
        query, now = asked(AccountQuerySerializer, request, context=self.get_serializer_context()), timezone.now()

        def own(rows: Any, permission: str) -> Any:
            return of_account(rights.scoped(rows, request.user, permission), query)

        sent = own(Broadcast.objects.all(), "campaigns.view_campaign")
        days = own(FollowerDay.objects.all(), "followers.view_followerday")
        waiting = own(
            Conversation.objects.filter(is_done=False, waiting_since__isnull=False), "callbacks.view_conversation"
        )
        today = clock.quota_day(now)
        told = {
            "day": today,
            "followers": growth.now(days, today),
            "messages": comparison.month(sent, clock.quota_month(now)),
            "articles": _readers(sent, today),
            "open_conversations": waiting.order_by()[:MOST].count(),
        }
        return Response(OverviewSerializer(told).data)


def _readers(sent: Any, today: dt.date) -> dict[str, int]:
    found = {}
    for days in (7, 30):
        sums = comparison.sums(sent, today - dt.timedelta(days=days - 1), today)
        found |= {f"{name}_{days}": number or 0 for name, number in sums.items()}
    return found


VIEWSETS = {"statistics/overview": OverviewViewSet}
