"""The live stream, in the API."""

from __future__ import annotations

from typing import Any

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from wxcore import live, streams
from wxcore.api.attention import ACCOUNT, asked_account
from wxcore.api.errors import ERRORS, ErrorSerializer, StatusError, body
from wxcore.permissions import SignedIn

RETRY_AFTER = 15


class StreamsBusy(StatusError):
    status = status.HTTP_503_SERVICE_UNAVAILABLE
    code = "streams_busy"
    message = _("As many streams are open as this server keeps.")
    fix = _("Poll meanwhile, and try again after as many seconds as the header Retry-After says.")


class Whatever(BaseContentNegotiation):
    """EventSource accepts text/event-stream only; a refusal is told in JSON all the same."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


EXAMPLE = """id: 5f0c1a2b-42
event: campaign
data: {"id":7,"account":1,"status":"sending","percent":50,"recipients":5000,"total":null,"sent":null,"error":null}

"""


TOPICS = OpenApiParameter(
    "topics", str, description="Some of `attention,campaigns,conversations,imports,syncs`; all without it."
)


class LiveEventSerializer(serializers.Serializer):
    event = serializers.ChoiceField(choices=["attention", "campaign", "conversation", "import", "sync"])
    data = serializers.DictField(help_text="As in the stream.")


class StateSerializer(serializers.Serializer):
    events = LiveEventSerializer(many=True)


class StreamViewSet(viewsets.ViewSet):
    permission_classes = [SignedIn]
    content_negotiation_class = Whatever

    @extend_schema(
        operation_id="v1_stream",
        parameters=[
            ACCOUNT,
            TOPICS,
            OpenApiParameter(
                "Last-Event-ID",
                str,
                OpenApiParameter.HEADER,
                description="The last `id` heard: what was missed comes first.",
            ),
        ],
        responses={
            (200, "text/event-stream"): OpenApiResponse(
                OpenApiTypes.STR,
                description="Events; the server ends a stream within a minute, clients come back by themselves.",
                examples=[OpenApiExample("A campaign moves", EXAMPLE, media_type="text/event-stream")],
            ),
            400: ERRORS[400],
            403: ERRORS[403],
            503: OpenApiResponse(ErrorSerializer, description="No place left; see the header Retry-After."),
        },
    )
    def list(self, request: Request) -> HttpResponseBase:
        """What goes on, as server-sent events: `campaign`, `sync`, `import`, `conversation`, `attention`.

        First comes the state of all that is under way, then `ready`, then what changes.
        """
        account = asked_account(request)
        ears = streams.ears(request.user, _topics(request), account)
        if not live.hub.take_place():
            busy = body(StreamsBusy.code, str(StreamsBusy.message), str(StreamsBusy.fix), {})
            return Response(busy, status=StreamsBusy.status, headers={"Retry-After": str(RETRY_AFTER)})
        peer = request.META.get("gunicorn.socket")
        stream = streams.Stream(ears, request.headers.get("Last-Event-ID", ""), peer=peer)
        headers = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
        return StreamingHttpResponse(stream, content_type="text/event-stream; charset=utf-8", headers=headers)

    @extend_schema(
        operation_id="v1_stream_state",
        parameters=[ACCOUNT, TOPICS],
        responses={200: StateSerializer, 400: ERRORS[400], 403: ERRORS[403]},
    )
    @action(detail=False, methods=["get"])
    def state(self, request: Request) -> Response:
        """What a stream would begin with, for who polls instead."""
        ears = streams.ears(request.user, _topics(request), asked_account(request))
        open_ones = [fact for topic, fact in live.hub.now() if ears.hears(topic, fact)]
        return Response({"events": [{"event": fact.event, "data": fact.data} for fact in open_ones]})


def _topics(request: Request) -> frozenset[str]:
    """This will be the topics that the query names; all without any. Raises ValidationError."""
    known = live.topics()
    asked = [topic for topic in request.query_params.get("topics", "").split(",") if topic]
    unknown = [topic for topic in asked if topic not in known]
    if unknown:
        told = _("There is no topic “%(topic)s”; there are: %(known)s.")
        raise serializers.ValidationError({"topics": [told % {"topic": unknown[0][:50], "known": ", ".join(known)}]})
    return frozenset(asked or known)


VIEWSETS = {"stream": StreamViewSet}
