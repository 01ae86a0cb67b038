"""Article statistics of a campaign in the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import readership
from campaigns.readership import Readership
from campaigns.statistics import AVERAGES, DAILY, SUMMED
from wxcore.api import ERRORS

PEOPLE = "People, counted once on each day."


def _figure(name: str) -> serializers.Field:
    counts_people = name.endswith(("readers", "users"))
    return serializers.IntegerField(allow_null=True, help_text=PEOPLE if counts_people else "")


class ArticleOnDaySerializer(serializers.Serializer):
    """One article on one day in Shanghai. Null: WeChat did not tell."""

    day = serializers.DateField()

    def get_fields(self) -> dict[str, serializers.Field]:
        return super().get_fields() | {name: _figure(name) for name in DAILY}


class SourcesSerializer(serializers.Serializer):
    """Readers by the place they came from; a place without any is left out."""

    messages = serializers.IntegerField(required=False, help_text="The account's message.")
    chats = serializers.IntegerField(required=False, help_text="Forwarded in a chat.")
    moments = serializers.IntegerField(required=False, help_text="Moments (朋友圈).")
    profile = serializers.IntegerField(required=False, help_text="The account's page.")
    recommended = serializers.IntegerField(required=False, help_text="Recommended by WeChat.")
    search = serializers.IntegerField(required=False, help_text="Searched for.")
    other = serializers.IntegerField(required=False)


class ArticleReadersSerializer(serializers.Serializer):
    """One article. The figures beside `days` are from the send to now; people count once on each day."""

    number = serializers.IntegerField(help_text="Counted from 1.")
    title = serializers.CharField(allow_blank=True)
    days = ArticleOnDaySerializer(many=True)
    sources = SourcesSerializer()

    def get_fields(self) -> dict[str, serializers.Field]:
        rates = {name: serializers.FloatField(allow_null=True) for name in AVERAGES}
        return super().get_fields() | {name: _figure(name) for name in SUMMED} | rates


class ReadershipSerializer(serializers.Serializer):
    articles = ArticleReadersSerializer(many=True)
    until = serializers.DateField(allow_null=True, help_text="The last day with figures.")
    next_at = serializers.DateTimeField(allow_null=True, help_text="When WeChat is asked next; null: never again.")
    delayed = serializers.BooleanField(help_text="WeChat may still correct the last figures.")
    unnamed_broadcasts = serializers.IntegerField(
        source="unnamed", help_text="Broadcasts whose articles WeChat did not name, so that their figures are missing."
    )
    error_code = serializers.SerializerMethodField(help_text="Why the latest day could not be had, if it could not.")
    error_message = serializers.SerializerMethodField()
    error_fix = serializers.SerializerMethodField()

    def get_error_code(self, found: Readership) -> str:
        return found.trouble.error_code if found.trouble else ""

    def get_error_message(self, found: Readership) -> str:
        return found.trouble.error_message if found.trouble else ""

    def get_error_fix(self, found: Readership) -> str:
        return found.trouble.error_fix if found.trouble else ""


class StatisticsAction:
    """What the campaigns' view set has of them."""

    @extend_schema(responses={200: ReadershipSerializer, **ERRORS})
    @action(detail=True, methods=["get"])
    def statistics(self: Any, request: Request, pk: str | None = None) -> Response:
        """Who read and shared the campaign's articles, by day. Empty for a campaign that has sent none."""
        found = readership.of(self.get_object()) or Readership()
        return Response(ReadershipSerializer(found).data)
