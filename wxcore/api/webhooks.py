"""Webhooks in the API: subscribe, ping, rotate, and what was posted."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from wxcore import rights
from wxcore.api.editable import EditableRows
from wxcore.api.errors import ERRORS
from wxcore.api.examples import example
from wxcore.api.exports import ExportedRows
from wxcore.api.rows import FAILURE, AccountRows, FailureSerializer, RowField
from wxcore.models import OfficialAccount, Webhook, WebhookDelivery
from wxcore.permissions import SignedIn
from wxcore.webhooks import delivering, events, services

CHANGE = "wxcore.change_webhook"
MOST_AT_ONCE = 500


@example(
    "Results of campaigns",
    account=1,
    name="BI",
    url="https://example.com/hooks",
    events=["campaign.finished", "campaign.failed"],
)
class WebhookSerializer(FailureSerializer):
    """A webhook without its secret. The error says why it was switched off."""

    account = RowField(queryset=OfficialAccount.objects.all(), permission="wxcore.add_webhook")
    events = serializers.ListField(
        child=serializers.ChoiceField(choices=[name for name, _words in events.CHOICES]),
        min_length=1,
        max_length=2 * len(events.CHOICES),
    )
    url = serializers.CharField(max_length=500, help_text="https://… or http://…; no private address.")

    class Meta:
        model = Webhook
        fields = [
            "id",
            "account",
            "name",
            "url",
            "events",
            "is_active",
            "failing_since",
            "disabled_at",
            "previous_until",
            *FAILURE,
            "created_at",
            "updated_at",
        ]
        read_only_fields = [
            "id", "failing_since", "disabled_at", "previous_until", *FAILURE, "created_at", "updated_at"
        ]  # fmt: skip

    def validate_account(self, account: OfficialAccount) -> OfficialAccount:
        if self.instance is not None and self.instance.account_id != account.pk:
            raise serializers.ValidationError("A webhook stays with its account.")
        return account

    def create(self, given: dict[str, Any]) -> Webhook:
        webhook = Webhook(**given)
        self.context["secret"] = services.save(webhook, by=self.context["request"].user, now=timezone.now())
        return webhook

    def update(self, webhook: Webhook, given: dict[str, Any]) -> Webhook:
        for name, value in given.items():
            setattr(webhook, name, value)
        services.save(webhook, by=self.context["request"].user, now=timezone.now())
        return webhook


class NewWebhookSerializer(WebhookSerializer):
    """As WebhookSerializer, and the secret, this one time."""

    secret = serializers.CharField(read_only=True, help_text="Signs every post. It is never told again.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class NewSecretSerializer(serializers.Serializer):
    secret = serializers.CharField(help_text="Signs every post from now on. It is never told again.")
    previous_until = serializers.DateTimeField(help_text="The old secret signs as well until then.")


class WebhookDeliverySerializer(FailureSerializer):
    webhook = serializers.IntegerField(source="webhook_id", read_only=True)
    payload = serializers.DictField(read_only=True, help_text="What is posted, but for `sequence`. Empty when erased.")

    class Meta:
        model = WebhookDelivery
        fields = [
            "id",
            "account",
            "webhook",
            "event",
            "event_id",
            "payload",
            "status",
            "attempts",
            "due_at",
            "status_code",
            "duration_ms",
            "answer",
            *FAILURE,
            "created_at",
            "delivered_at",
        ]
        read_only_fields = fields


class WebhookAgainSerializer(serializers.Serializer):
    deliveries = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1),
        min_length=1,
        max_length=MOST_AT_ONCE,
        help_text="Ids.",
    )


class WebhookQueuedSerializer(serializers.Serializer):
    queued = serializers.IntegerField(help_text="Left out is what waits already, was erased, or whose webhook is off.")


class WebhookEventSerializer(serializers.Serializer):
    """One kind of event."""

    name = serializers.CharField()
    description = serializers.CharField(help_text="In the reader's language.")
    example = serializers.DictField(help_text="What `data` looks like.")


class WebhookViewSet(EditableRows):
    """Addresses that are told what happens on an account."""

    queryset = Webhook.objects.all()
    serializer_class = WebhookSerializer
    filterset_fields = ["account", "is_active"]
    search_fields = ("name",)
    verb_permissions = {"ping": CHANGE, "rotate": CHANGE}

    @extend_schema(responses={201: NewWebhookSerializer, **ERRORS})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Subscribe an address. The answer tells the secret, this one time."""
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        self.perform_create(serializer)
        answer = self.told(self.fresh(serializer.instance), status.HTTP_201_CREATED)
        answer.data = {**answer.data, "secret": serializer.context["secret"]}
        return answer

    def perform_destroy(self, instance: Webhook) -> None:
        services.remove(instance)

    @extend_schema(request=None, responses={200: WebhookDeliverySerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def ping(self, request: Request, pk: str | None = None) -> Response:
        """Post an event that tells nothing, once and at once, and say what became of it."""
        delivery = delivering.ping(self.get_object(), now=timezone.now())
        return Response(WebhookDeliverySerializer(delivery, context=self.get_serializer_context()).data)

    @extend_schema(request=None, responses={200: NewSecretSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str | None = None) -> Response:
        """Make a new secret. For 24 hours every post is signed with both."""
        webhook = self.get_object()
        secret = services.rotate(webhook, now=timezone.now())
        webhook.refresh_from_db()
        return Response(NewSecretSerializer({"secret": secret, "previous_until": webhook.previous_until}).data)


class WebhookDeliveryViewSet(ExportedRows, AccountRows, viewsets.ReadOnlyModelViewSet):
    """What was posted, and what came back, newest first."""

    queryset = WebhookDelivery.objects.all()
    serializer_class = WebhookDeliverySerializer
    filterset_fields = ["account", "webhook", "event", "event_id", "status"]
    verb_permissions = {"again": CHANGE, "again_many": CHANGE}

    @extend_schema(request=None, responses={200: WebhookDeliverySerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str | None = None) -> Response:
        """Post it once more, with the same event ID."""
        delivery = self.get_object()
        services.send_again(delivery, now=timezone.now())
        return Response(self.get_serializer(delivery).data)

    @extend_schema(
        operation_id="v1_webhook_deliveries_again_many",
        request=WebhookAgainSerializer,
        responses={200: WebhookQueuedSerializer, **ERRORS},
    )
    @action(detail=False, methods=["post"], url_path="again")
    def again_many(self, request: Request) -> Response:
        """Post several once more."""
        asked = self.asked(WebhookAgainSerializer).validated_data["deliveries"]
        own = rights.scoped(WebhookDelivery.objects.filter(pk__in=asked), request.user, CHANGE)
        return Response({"queued": services.send_all_again(own, now=timezone.now())})


class WebhookEventViewSet(viewsets.ViewSet):
    permission_classes = [SignedIn]

    @extend_schema(
        operation_id="v1_webhook_events_list",
        responses={200: WebhookEventSerializer(many=True), 403: ERRORS[403]},
    )
    def list(self, request: Request) -> Response:
        """Every event that a webhook can hear of, with an example."""
        chosen = [events.EVENTS[name] for name, _words in events.CHOICES]
        return Response(WebhookEventSerializer(chosen, many=True).data)


VIEWSETS = {
    "webhooks": WebhookViewSet,
    "webhook-deliveries": WebhookDeliveryViewSet,
    "webhook-events": WebhookEventViewSet,
}
