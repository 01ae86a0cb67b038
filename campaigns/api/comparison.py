"""Campaigns side by side, and the articles of a time, in the API."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import comparison
from campaigns.models import ArticleStatistic, Broadcast, Campaign, MsgType
from followers.api.periods import AccountQuerySerializer, PeriodSerializer, asked, of_account
from wxcore import rights
from wxcore.api import ERRORS, AccountRows

PEOPLE = "WeChat counts people article by article and day by day, so somebody may be in it twice. Null: not told."


class LimitSerializer(AccountQuerySerializer):
    limit = serializers.IntegerField(required=False, default=10, min_value=1, max_value=comparison.MOST_CAMPAIGNS)


class ComparedCampaignSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    account = serializers.IntegerField()
    msgtype = serializers.ChoiceField(choices=MsgType)
    finished_at = serializers.DateTimeField()
    heads = serializers.IntegerField(help_text="Recipients as frozen at the start.")
    total = serializers.IntegerField(allow_null=True, help_text="WeChat's TotalCount; null until it has reported.")
    filtered = serializers.IntegerField(allow_null=True, help_text="Taken out by WeChat's filters.")
    sent = serializers.IntegerField(allow_null=True, help_text="Who got it.")
    error = serializers.IntegerField(allow_null=True)
    delivered_rate = serializers.FloatField(allow_null=True, help_text="`sent` of `heads`, 0 to 1.")
    readers = serializers.IntegerField(allow_null=True, help_text="Of its most read article.")
    read_rate = serializers.FloatField(allow_null=True, help_text="`readers` of `sent`.")
    shares = serializers.IntegerField(allow_null=True, help_text="People who shared an article, of all articles.")


class ComparisonSerializer(serializers.Serializer):
    campaigns = ComparedCampaignSerializer(many=True)


class ArticlesOfDaySerializer(serializers.Serializer):
    day = serializers.DateField(help_text="In Shanghai.")
    readers = serializers.IntegerField(allow_null=True, help_text=PEOPLE)
    reads = serializers.IntegerField(allow_null=True, help_text="Times; only the older calls of WeChat tell them.")
    shares = serializers.IntegerField(allow_null=True, help_text="People.")
    favourites = serializers.IntegerField(allow_null=True, help_text="People.")


class TopArticleSerializer(serializers.Serializer):
    title = serializers.CharField(allow_blank=True)
    campaign = serializers.IntegerField()
    campaign_name = serializers.CharField()
    account = serializers.IntegerField()
    number = serializers.IntegerField(help_text="In its campaign, counted from 1.")
    readers = serializers.IntegerField(allow_null=True, help_text="In that time.")
    reads = serializers.IntegerField(allow_null=True)
    shares = serializers.IntegerField(allow_null=True)
    favourites = serializers.IntegerField(allow_null=True)
    read_rate = serializers.FloatField(allow_null=True, help_text="`readers` of those who got it.")
    url = serializers.CharField(allow_blank=True, help_text="The page at WeChat; empty where it told none.")


class ArticlesSerializer(serializers.Serializer):
    days = ArticlesOfDaySerializer(many=True)
    top = TopArticleSerializer(many=True, help_text="At most ten.")


class StatisticsViewSet(AccountRows):
    """What became of the campaigns, side by side."""

    queryset = ArticleStatistic.objects.all()
    pagination_class = None

    @extend_schema(
        operation_id="v1_statistics_campaigns",
        parameters=[LimitSerializer],
        responses={200: ComparisonSerializer, **ERRORS},
    )
    @action(detail=False, methods=["get"])
    def campaigns(self, request: Request) -> Response:
        """The campaigns that finished last, each with its funnel and its readers."""
        query = asked(LimitSerializer, request, context=self.get_serializer_context())
        own = rights.scoped(Campaign.objects.all(), request.user, "campaigns.view_campaign")
        found = comparison.last_campaigns(of_account(own, query), query["limit"])
        return Response(ComparisonSerializer({"campaigns": found}).data)

    @extend_schema(
        operation_id="v1_statistics_articles",
        parameters=[PeriodSerializer],
        responses={200: ArticlesSerializer, **ERRORS},
    )
    @action(detail=False, methods=["get"])
    def articles(self, request: Request) -> Response:
        """Who read and shared articles, day by day, and the most read ones."""
        query = asked(PeriodSerializer, request, context=self.get_serializer_context())
        sent, since, until = of_account(self._broadcasts(request), query), query["since"], query["until"]
        days, top = comparison.article_days(sent, since, until), comparison.top_articles(sent, since, until)
        return Response(ArticlesSerializer({"days": days, "top": top}).data)

    def _broadcasts(self, request: Request) -> QuerySet[Broadcast]:
        return rights.scoped(Broadcast.objects.all(), request.user, "campaigns.view_campaign")


VIEWSETS = {"statistics": StatisticsViewSet}
