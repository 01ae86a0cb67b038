"""The weekly report in the API: as the page and the mail show it, and who gets the mail."""

from __future__ import annotations

from typing import Any

from django.utils import timezone, translation
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from wxcore.api.errors import ERRORS
from wxcore.api.rows import FAILURE, FailureSerializer
from wxcore.models import OfficialAccount, Scope, WeeklyMail
from wxcore.weekly import mailing, report, subscribing, weeks
from wxcore.weekly.weeks import Week

VIEW = "wxcore.view_officialaccount"
WEEK = OpenApiParameter("week", str, description="Like 2026-W47; without it, the last week that is over.")


class Number(serializers.FloatField):
    """A count stays whole."""

    def to_representation(self, value: int | float) -> int | float:
        return value


class FigureSerializer(serializers.Serializer):
    """A number of the week, and that of the week before; null is what nobody knows, and not 0."""

    label = serializers.CharField()
    value = Number(allow_null=True)
    before = Number(allow_null=True)
    unit = serializers.CharField(help_text="Empty for a count, `%` for a share of 1, `min` for minutes.")
    shown = serializers.CharField(help_text="The value as people read it.")
    change = serializers.CharField(help_text="Against the week before; empty where there is nothing to compare.")
    trend = serializers.ChoiceField(choices=["good", "bad", "even"])


class CellSerializer(serializers.Serializer):
    text = serializers.CharField()
    url = serializers.CharField(help_text="The page of the admin that shows it, or empty.")
    is_number = serializers.BooleanField()


class TableSerializer(serializers.Serializer):
    headings = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=CellSerializer(many=True))


class LineSerializer(serializers.Serializer):
    """Something to do something about, as of now."""

    level = serializers.CharField(help_text="As in `/api/v1/attention/`.")
    text = serializers.CharField()
    fix = serializers.CharField()
    url = serializers.CharField()


class SectionSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="A stable word: `followers`, `campaigns`, `articles`, `quota` ...")
    title = serializers.CharField()
    figures = FigureSerializer(many=True)
    table = TableSerializer(allow_null=True)
    lines = LineSerializer(many=True)
    empty = serializers.CharField(help_text="What is said where there is nothing to tell.")
    note = serializers.CharField()


class WeeklyMailSerializer(FailureSerializer):
    class Meta:
        model = WeeklyMail
        fields = ["week", "status", *FAILURE]
        read_only_fields = fields


class WeeklyReportSerializer(serializers.Serializer):
    """What the reader may see of a week; in their language."""

    week = serializers.CharField()
    monday = serializers.DateField(help_text="On the wall of the account, like the next.")
    sunday = serializers.DateField()
    is_running = serializers.BooleanField(help_text="It is not over yet.")
    oldest = serializers.CharField(help_text="The first week that may be asked for.")
    newest = serializers.CharField(help_text="The last one: the week that is not over yet.")
    sections = SectionSerializer(many=True)
    is_member = serializers.BooleanField(help_text="Who is none cannot subscribe.")
    is_subscribed = serializers.BooleanField(help_text="The reader gets it by mail every Monday.")
    problem = WeeklyMailSerializer(allow_null=True, help_text="The last mail to the reader that did not arrive.")


class WeeklyActions:
    """Part of the accounts' view."""

    @extend_schema(parameters=[WEEK], responses={200: WeeklyReportSerializer, **ERRORS}, filters=False)
    @action(detail=True, methods=["get"])
    def weekly(self, request: Request, pk: str | None = None) -> Response:
        """The report of a week, beside the week before."""
        account, week = self._of_week(request)
        newest = weeks.last(account.zone, timezone.now()).after
        told = {
            "week": str(week),
            "monday": week.monday,
            "sunday": week.sunday,
            "is_running": week == newest,
            "oldest": str(Week(weeks.FIRST, account.zone)),
            "newest": str(newest),
            "sections": report.build(account, week, request.user).sections,
            "is_member": subscribing.memberships(account, request.user).exists(),
            "is_subscribed": subscribing.is_subscribed(account, request.user),
            "problem": subscribing.last_problem(account, request.user),
        }
        return Response(WeeklyReportSerializer(told).data)

    @extend_schema(request=None, responses={204: None, **ERRORS})
    @action(detail=True, methods=["post"], url_path="weekly/subscribe")
    def subscribe(self, request: Request, pk: str | None = None) -> Response:
        """Have it mailed to oneself every Monday at nine, in the language of this request."""
        subscribing.subscribe(self.get_object(), request.user, language=translation.get_language() or "")
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, responses={204: None, **ERRORS})
    @action(detail=True, methods=["post"], url_path="weekly/unsubscribe")
    def unsubscribe(self, request: Request, pk: str | None = None) -> Response:
        """No longer have it mailed to oneself."""
        subscribing.unsubscribe(self.get_object(), request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=None, parameters=[WEEK], responses={204: None, **ERRORS})
    @action(detail=True, methods=["post"], url_path="weekly/send")
    def send_weekly(self, request: Request, pk: str | None = None) -> Response:
        """Mail it to oneself, now."""
        account, week = self._of_week(request)
        mailing.deliver(account, request.user, week, language=translation.get_language() or "")
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _of_week(self, request: Request) -> tuple[OfficialAccount, Week]:
        account: OfficialAccount = self.get_object()  # type: ignore[attr-defined]
        now, asked = timezone.now(), request.query_params.get("week", "")
        week = weeks.read(asked, account.zone, now) if asked else weeks.last(account.zone, now)
        return account, week


PERMISSIONS: dict[str, Any] = dict.fromkeys(("weekly", "subscribe", "unsubscribe", "send_weekly"), VIEW)
# Whoever may read the report may have it mailed; a token that only reads changes nothing for its owner.
SCOPES = dict.fromkeys(("subscribe", "unsubscribe", "send_weekly"), Scope.WRITE)
