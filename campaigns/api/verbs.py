"""The verbs of a campaign in the API: each is a POST that answers with the campaign as it is then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import quota, services, tasks
from campaigns.api.serializers import CampaignSerializer
from campaigns.api.timing import WALL
from campaigns.models import Campaign, CampaignEvent, Door
from wxcore import zones
from wxcore.api import ERRORS
from wxcore.api.examples import example
from wxcore.celery import nudge

SEND, APPROVE, CHANGE = "campaigns.send_campaign", "campaigns.approve_campaign", "campaigns.change_campaign"
VERB_PERMISSIONS = {
    "submit": CHANGE,
    "take_back": CHANGE,
    "split": CHANGE,
    "approve": APPROVE,
    "reject": APPROVE,
    **dict.fromkeys(("send", "schedule", "reschedule", "unschedule", "pause", "resume", "cancel"), SEND),
}


class SeenSerializer(serializers.Serializer):
    """What the caller has looked at."""

    seen = serializers.CharField(
        required=False,
        default="",
        max_length=64,
        help_text="The `fingerprint` of GET forecast/: refused with 409 if the campaign has changed since.",
    )


@example("What was looked at", seen="5f2c0c4e9a7d", heads=4950)
class SendSerializer(SeenSerializer):
    heads = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=0,
        help_text="The head count, needed before a message goes to everybody; one per cent of difference is let pass.",
    )


@example("Tonight at eight, where the account is at home", seen="5f2c0c4e9a7d", heads=4950, at="2026-12-12T20:00")
class ScheduleSerializer(SendSerializer):
    at = serializers.CharField(max_length=zones.LONGEST, help_text=WALL)


class SplitSerializer(serializers.Serializer):
    shares = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=99),
        min_length=2,
        max_length=5,
        help_text="Of each variant, in per cent; together at most 100.",
    )


class RejectSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=400, help_text="What should be changed.")


class EventSerializer(serializers.ModelSerializer):
    """One line of a campaign's history."""

    class Meta:
        model = CampaignEvent
        fields = ["id", "verb", "by", "door", "status", "note", "at"]
        read_only_fields = fields


class JobsSerializer(serializers.Serializer):
    limit = serializers.IntegerField(allow_null=True, help_text="Null: WeChat counts no jobs of this kind.")
    used = serializers.IntegerField()
    planned = serializers.IntegerField()
    left = serializers.IntegerField(allow_null=True)


class CallsSerializer(serializers.Serializer):
    limit = serializers.IntegerField(help_text="Of a day.")
    made = serializers.IntegerField(help_text="Today.")
    needed = serializers.IntegerField()
    days = serializers.IntegerField(help_text="How many days it takes, this one included.")


class PlannedSerializer(serializers.Serializer):
    campaign = serializers.IntegerField(source="campaign.pk")
    name = serializers.CharField(source="campaign.name")
    scheduled_at = serializers.DateTimeField(source="campaign.scheduled_at")
    heads = serializers.IntegerField()


class ForecastSerializer(serializers.Serializer):
    """What a send at that time would meet."""

    fingerprint = serializers.CharField(help_text="Of content and audience as they are now; send it back as `seen`.")
    heads = serializers.IntegerField()
    will_receive = serializers.IntegerField()
    used_up = serializers.IntegerField(help_text="Of the audience, who already had their four of this month.")
    left_after = serializers.ListField(
        child=serializers.IntegerField(),
        allow_null=True,
        help_text="At place n: how many can get n more this month afterwards. Null: nothing is counted per follower.",
    )
    short = serializers.IntegerField(help_text="Who will not get every planned campaign of the month as well.")
    jobs = JobsSerializer()
    calls = CallsSerializer()
    planned = PlannedSerializer(many=True)


def _verb(body: type[serializers.Serializer] | None) -> Callable[[Any], Any]:
    """This will make a method of the viewset a POST under its own name."""

    def decorate(method: Any) -> Any:
        schema = extend_schema(request=body, responses={200: CampaignSerializer, **ERRORS})
        return schema(action(detail=True, methods=["post"])(method))

    return decorate


class CampaignVerbs(viewsets.GenericViewSet):
    """Part of the campaigns' viewset."""

    @extend_schema(request=SplitSerializer, responses={200: CampaignSerializer(many=True), **ERRORS}, filters=False)
    @action(detail=True, methods=["post"], pagination_class=None)
    def split(self, request: Request, pk: str | None = None) -> Response:
        """Make a draft variant A of an A/B test, and copies of it the others."""
        campaign = self.get_object()
        shares = self.asked(SplitSerializer).validated_data["shares"]
        services.split(campaign, shares=shares, by=request.user, door=Door.API)
        variants = self.get_queryset().filter(split=campaign.split_id).order_by("pk")
        return Response(self.get_serializer(variants, many=True).data)

    @_verb(SeenSerializer)
    def submit(self, request: Request, pk: str | None = None) -> Response:
        """Submit a draft for review."""
        return self._do(services.submit, SeenSerializer, now=timezone.now())

    @_verb(SeenSerializer)
    def approve(self, request: Request, pk: str | None = None) -> Response:
        """Approve a campaign that is in review; nobody approves their own."""
        return self._do(services.approve, SeenSerializer, now=timezone.now())

    @_verb(RejectSerializer)
    def reject(self, request: Request, pk: str | None = None) -> Response:
        """Give a campaign in review back to its author."""
        return self._do(services.reject, RejectSerializer)

    @_verb(None)
    def take_back(self, request: Request, pk: str | None = None) -> Response:
        """Make a campaign in review, or an approved one, a draft again."""
        return self._do(services.take_back)

    @_verb(SendSerializer)
    def send(self, request: Request, pk: str | None = None) -> Response:
        """Send an approved campaign now. The answer comes before WeChat's: follow `status`."""
        response = self._do(services.send, SendSerializer, now=timezone.now())
        nudge(tasks.tick)
        return response

    @_verb(ScheduleSerializer)
    def schedule(self, request: Request, pk: str | None = None) -> Response:
        """Have an approved campaign sent at a time."""
        campaign = self.get_object()
        asked = self.asked(ScheduleSerializer).validated_data
        at = zones.read(asked.pop("at"), campaign.account.zone)
        return self._do(services.schedule, at=at, now=timezone.now(), **asked)

    @_verb(None)
    def unschedule(self, request: Request, pk: str | None = None) -> Response:
        """Take a campaign off the schedule; it stays approved."""
        return self._do(services.unschedule)

    @_verb(None)
    def pause(self, request: Request, pk: str | None = None) -> Response:
        """Hold what has not gone out; the call that is under way is the last."""
        return self._do(services.pause)

    @_verb(None)
    def resume(self, request: Request, pk: str | None = None) -> Response:
        """Go on with what is left."""
        response = self._do(services.resume, now=timezone.now())
        nudge(tasks.tick)
        return response

    @_verb(None)
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """Give up what has not gone out, for good."""
        return self._do(services.cancel, now=timezone.now())

    @extend_schema(
        parameters=[OpenApiParameter("at", OpenApiTypes.DATETIME, description="Now, if absent or past.")],
        responses={200: ForecastSerializer, **ERRORS},
    )
    @action(detail=True, methods=["get"])
    def forecast(self, request: Request, pk: str | None = None) -> Response:
        """What the quota will allow, for the campaign as it is now."""
        campaign: Campaign = self.get_object()
        at = serializers.DateTimeField(required=False).run_validation(request.query_params.get("at") or timezone.now())
        found = quota.forecast(campaign, at=max(at, timezone.now()))
        shown = {field: getattr(found, field) for field in ForecastSerializer().fields if hasattr(found, field)}
        return Response(ForecastSerializer(shown | {"fingerprint": services.fingerprint(campaign)}).data)

    @extend_schema(responses={200: EventSerializer(many=True), **ERRORS})
    @action(detail=True, methods=["get"])
    def history(self, request: Request, pk: str | None = None) -> Response:
        """Who did what to the campaign, newest first."""
        events = self.paginate_queryset(self.get_object().events.order_by("-id"))
        return self.get_paginated_response(EventSerializer(events, many=True).data)

    def _do(
        self, verb: Callable[..., None], asked: type[serializers.Serializer] | None = None, **given: Any
    ) -> Response:
        """This will take one service call as the person who asks, and answer with the campaign as it is then."""
        campaign = self.get_object()
        if asked is not None:
            given |= self.asked(asked).validated_data
        verb(campaign, by=self.request.user, door=Door.API, **given)
        return Response(self.get_serializer(self.get_object()).data)
