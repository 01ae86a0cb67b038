"""Conversations in the API: read them, answer, assign, mark as done."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from callbacks import answering, composing, conversations, received, tasks, windows
from callbacks.models import Conversation, Message
from campaigns.models import MediaAsset
from wxcore.api import ERRORS, FAILURE, AccountRows, ExportedRows, FailureSerializer, RowField
from wxcore.api.examples import example
from wxcore.celery import nudge
from wxcore.models import Scope
from wxcore.pagination import NewestFirst


class ConversationSerializer(serializers.ModelSerializer):
    messages_left = serializers.SerializerMethodField(help_text="How many messages WeChat still lets us send.")
    writable_until = serializers.SerializerMethodField(help_text="Until when; null if nothing may be sent.")
    window = serializers.SerializerMethodField(help_text="open, used_up, closed, or never (nothing has opened it).")

    class Meta:
        model = Conversation
        fields = [
            "id",
            "account",
            "openid",
            "is_done",
            "assignee",
            "last_message_at",
            "preview",
            "unread",
            "waiting_since",
            "kf_account",
            "window",
            "messages_left",
            "writable_until",
        ]
        read_only_fields = fields

    def get_messages_left(self, conversation: Conversation) -> int:
        return windows.of(conversation).left(timezone.now())

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_writable_until(self, conversation: Conversation) -> Any:
        until = windows.of(conversation).until(timezone.now())
        return serializers.DateTimeField().to_representation(until) if until else None

    def get_window(self, conversation: Conversation) -> str:
        return windows.of(conversation).state(timezone.now()).value


class MessageSerializer(FailureSerializer):
    class Meta:
        model = Message
        fields = ["id", "direction", "kind", "text", "content", "asset", "rule", "created_by", "at", "status", *FAILURE]
        read_only_fields = fields


@example("A text", kind="text", text="您好，可以换货。")
class WriteSerializer(serializers.Serializer):
    """A message to the follower: `kind` decides which of the other fields it needs."""

    kind = serializers.ChoiceField(choices=[(str(kind), str(kind)) for kind in composing.KINDS], default="text")
    text = serializers.CharField(required=False, allow_blank=True, help_text="At most 2,048 bytes of UTF-8.")
    asset = RowField(
        permission="campaigns.view_mediaasset",
        queryset=MediaAsset.objects.all(),
        required=False,
        allow_null=True,
        help_text="The picture, voice or video; the picture of a card, the cover of a mini program's page.",
    )
    title = serializers.CharField(required=False, allow_blank=True)
    description = serializers.CharField(required=False, allow_blank=True)
    url = serializers.CharField(required=False, allow_blank=True, help_text="Where a card leads.")
    appid = serializers.CharField(required=False, allow_blank=True, help_text="Of a mini program.")
    path = serializers.CharField(required=False, allow_blank=True, help_text="The page of a mini program.")


class AssignSerializer(serializers.Serializer):
    assignee = serializers.IntegerField(allow_null=True, help_text="A member who may answer; null for nobody.")


class WhichSerializer(serializers.Serializer):
    message = serializers.IntegerField(help_text="A message of this conversation that is unknown or failed.")


FILE = {
    (200, "*/*"): OpenApiResponse(OpenApiTypes.BINARY, description="The picture, voice or video."),
    302: OpenApiResponse(description="WeChat's address of a video."),
}


class LatestMessageFirst(NewestFirst):
    ordering = ("-last_message_at", "-pk")


class TimelineBackwards(NewestFirst):
    ordering = ("-at", "-pk")


class ConversationFilter(filters.FilterSet):
    is_waiting = filters.BooleanFilter(
        "waiting_since", lookup_expr="isnull", exclude=True, label="Waits for an answer."
    )

    class Meta:
        model = Conversation
        fields = ["account", "openid", "is_done", "assignee"]


class ColleagueSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="get_full_name", read_only=True)

    class Meta:
        model = User
        fields = ["id", "username", "name"]
        read_only_fields = fields


class ManyConversationsSerializer(serializers.Serializer):
    ids = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), min_length=1, max_length=500
    )


class DoneSerializer(serializers.Serializer):
    done = serializers.IntegerField(help_text="Without those that were done already.")


class ConversationViewSet(ExportedRows, AccountRows, viewsets.ReadOnlyModelViewSet):
    """What followers wrote, by follower; the latest message first."""

    queryset = Conversation.objects.filter(last_message_at__isnull=False)
    serializer_class = ConversationSerializer
    filterset_class = ConversationFilter
    pagination_class = LatestMessageFirst
    filters_by_account = ("is_done",)
    search_fields = ("=openid",)
    verb_permissions = dict.fromkeys(
        ("colleagues", "send", "assign", "done", "done_many", "reopen", "read", "arrived", "again"),
        conversations.ANSWER,
    )
    verb_scopes = dict.fromkeys(("assign", "done", "done_many", "reopen", "read", "arrived"), Scope.WRITE)

    @extend_schema(responses={200: MessageSerializer(many=True), 404: ERRORS[404]})
    @action(detail=True, methods=["get"], pagination_class=TimelineBackwards, filterset_class=None)
    def messages(self, request: Request, pk: str | None = None) -> Response:
        """The timeline, the newest first: messages in both directions, and what the follower did."""
        page = self.paginate_queryset(self.get_object().messages.all())
        return self.get_paginated_response(MessageSerializer(page, many=True).data)

    @extend_schema(responses={**FILE, **ERRORS})
    @action(detail=True, methods=["get"], url_path=r"messages/(?P<number>\d{1,18})/file", filterset_class=None)
    def file(self, request: Request, number: str, pk: str | None = None) -> HttpResponse:
        """What the follower sent, passed on from WeChat, which keeps it for three days."""
        conversation = self.get_object()
        message = conversation.messages.filter(pk=int(number)).first()
        if message is None:
            raise Http404
        return received.file(conversation, message)

    @extend_schema(request=WriteSerializer, responses={201: MessageSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: str | None = None) -> Response:
        """Write to the follower, within the window. The message is queued; poll it until it is sent or failed."""
        conversation = self.get_object()
        given = dict(self.asked(WriteSerializer).validated_data)
        asset = given.pop("asset", None)
        if asset is not None and asset.account_id != conversation.account_id:
            raise composing.WrongFile(fields={"asset": "account"})
        composed = composing.compose(given.pop("kind"), given, asset)
        message = answering.write(conversation, composed, by=request.user, now=timezone.now())
        nudge(tasks.answer)
        return Response(MessageSerializer(message).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={200: ColleagueSerializer(many=True), **ERRORS}, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def colleagues(self, request: Request, pk: str | None = None) -> Response:
        """Who may be made responsible."""
        people = conversations.colleagues(self.get_object())
        return Response(ColleagueSerializer(people, many=True).data)

    @extend_schema(request=AssignSerializer, responses={200: ConversationSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str | None = None) -> Response:
        """Make somebody responsible who may answer the account's followers, or nobody."""
        conversation = self.get_object()
        chosen = self.asked(AssignSerializer).validated_data["assignee"]
        to = None
        if chosen is not None:
            people = conversations.colleagues(conversation) | User.objects.filter(pk=request.user.pk)
            to = people.filter(pk=chosen).first()
            if to is None:
                raise conversations.NoColleague(name=chosen, fields={"assignee": "unknown"})
        conversations.assign(conversation, to=to)
        return self._shown(conversation)

    @extend_schema(request=None, responses={200: ConversationSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def done(self, request: Request, pk: str | None = None) -> Response:
        """Take it out of the inbox. The follower's next message brings it back."""
        conversation = self.get_object()
        conversations.mark_done(self._row(conversation))
        return self._shown(conversation)

    @extend_schema(
        operation_id="v1_conversations_done_many",
        request=ManyConversationsSerializer,
        responses={200: DoneSerializer, **ERRORS},
    )
    @action(detail=False, methods=["post"], url_path="done", url_name="done-many")
    def done_many(self, request: Request) -> Response:
        """Take many out of the inbox."""
        ids = self.asked(ManyConversationsSerializer).validated_data["ids"]
        own = self.get_queryset().filter(pk__in=ids)
        return Response(DoneSerializer({"done": conversations.mark_done(own.order_by())}).data)

    @extend_schema(request=None, responses={200: ConversationSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, pk: str | None = None) -> Response:
        """Put it back into the inbox."""
        conversation = self.get_object()
        conversations.reopen(self._row(conversation))
        return self._shown(conversation)

    @extend_schema(request=None, responses={200: ConversationSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str | None = None) -> Response:
        """Count nothing as unread any more."""
        conversation = self.get_object()
        conversations.mark_read(conversation)
        return self._shown(conversation)

    @extend_schema(request=WhichSerializer, responses={200: MessageSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def arrived(self, request: Request, pk: str | None = None) -> Response:
        """Say that a message whose answer was lost has arrived."""
        message = self._message()
        answering.confirm_arrival(message)
        return self._told(message)

    @extend_schema(request=WhichSerializer, responses={200: MessageSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str | None = None) -> Response:
        """Send a message again that failed, or of which nobody knows whether it arrived."""
        message = self._message()
        answering.send_again(message, now=timezone.now())
        nudge(tasks.answer)
        return self._told(message)

    def _message(self) -> Message:
        conversation = self.get_object()
        chosen = self.asked(WhichSerializer).validated_data["message"]
        message = conversation.messages.select_related("conversation__account").filter(pk=chosen).first()
        if message is None:
            raise Http404
        return message

    def _row(self, conversation: Conversation) -> QuerySet[Conversation]:
        return Conversation.objects.filter(pk=conversation.pk)

    def _shown(self, conversation: Conversation) -> Response:
        conversation.refresh_from_db()
        return Response(ConversationSerializer(conversation).data)

    def _told(self, message: Message) -> Response:
        message.refresh_from_db()
        return Response(MessageSerializer(message).data)


VIEWSETS = {"conversations": ConversationViewSet}
