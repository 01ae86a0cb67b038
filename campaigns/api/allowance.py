"""What an account may still send, in the API."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import allowance
from campaigns.api.verbs import JobsSerializer
from campaigns.models import MonthReceived
from wxcore import rights
from wxcore.api import ERRORS, AccountRows


class CallsOfDaySerializer(serializers.Serializer):
    """WeChat counts mass/sendall and mass/send apart."""

    limit = serializers.IntegerField(help_text="For each of the two.")
    made = serializers.IntegerField(help_text="Today, the greater of the two.")
    left = serializers.IntegerField()
    sendall = serializers.IntegerField()
    send = serializers.IntegerField()


class ReceivedInMonthSerializer(serializers.Serializer):
    limit = serializers.IntegerField()
    histogram = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="At place n: how many followers had n messages this month. Null until it has been counted.",
    )
    counted_at = serializers.DateTimeField(allow_null=True)


class AllowanceSerializer(serializers.Serializer):
    day = serializers.DateField(help_text="In Shanghai.")
    month = serializers.CharField(help_text="Like 2026-11.")
    jobs = JobsSerializer(allow_null=True, help_text="Of the day; null for accounts whose jobs WeChat does not count.")
    jobs_to_all = JobsSerializer(allow_null=True, help_text="Messages to everybody, of the month; null likewise.")
    calls = CallsOfDaySerializer()
    per_follower = ReceivedInMonthSerializer(allow_null=True, help_text="Null: nothing is counted per follower.")


class AllowanceViewSet(AccountRows):
    """What WeChat's quotas still allow an account."""

    queryset = MonthReceived.objects.all()
    serializer_class = AllowanceSerializer
    pagination_class = None

    @extend_schema(operation_id="v1_accounts_quota", responses={200: AllowanceSerializer, **ERRORS}, filters=False)
    def list(self, request: Request, account: str) -> Response:
        """Jobs, calls and messages that are left, of the day and the month."""
        own = rights.accounts_of(request.user, "campaigns.view_monthreceived")
        found = allowance.of(get_object_or_404(own, pk=account), now=timezone.now())
        return Response(AllowanceSerializer(found).data)


VIEWSETS = {r"accounts/(?P<account>\d+)/quota": AllowanceViewSet}
