"""Publications in the API."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import publish_results, publishing, tasks
from campaigns.models import Draft, Publication
from wxcore.api import ERRORS, FAILURE, AccountRows, ExportedRows, FailureSerializer, RowField
from wxcore.celery import nudge
from wxcore.models import Scope


class PublicationSerializer(FailureSerializer):
    urls = serializers.ListField(
        child=serializers.URLField(), read_only=True, help_text="In the order of the articles."
    )
    failed_articles = serializers.ListField(
        child=serializers.IntegerField(), read_only=True, help_text="What WeChat objected to, counted from 1."
    )

    class Meta:
        model = Publication
        fields = [
            "id",
            "account",
            "draft",
            "revision",
            "status",
            "attempts",
            "due_at",
            "publish_id",
            "msg_data_id",
            "article_id",
            "urls",
            "failed_articles",
            "created_at",
            "finished_at",
            *FAILURE,
        ]
        read_only_fields = fields


class PublishSerializer(serializers.Serializer):
    draft = RowField(queryset=Draft.objects.select_related("account"), permission="campaigns.add_publication")
    version = serializers.IntegerField(
        required=False, min_value=0, help_text="The draft's version that was looked at; any other one is refused."
    )


class AskedSerializer(serializers.Serializer):
    known = serializers.BooleanField(help_text="False: WeChat does not say yet what became of it.")
    publication = PublicationSerializer()


PUBLISH = "campaigns.add_publication"


class PublicationViewSet(
    ExportedRows, AccountRows, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):
    """Drafts that were published without being sent to anybody."""

    queryset = Publication.objects.all()
    serializer_class = PublicationSerializer
    filterset_fields = ["account", "draft", "status"]
    verb_permissions = {
        **dict.fromkeys(("ask", "was_published", "was_not_published"), PUBLISH),
        "delete_at_wechat": "campaigns.delete_publication",
    }
    # Nothing is published by it.
    verb_scopes = dict.fromkeys(("ask", "was_published", "was_not_published"), Scope.WRITE)
    search_fields = ("draft__title", "=publish_id")

    @extend_schema(request=PublishSerializer, responses={201: PublicationSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Publish a draft. The answer comes before WeChat's: follow `status`."""
        asked = self.asked(PublishSerializer)
        data = asked.validated_data
        row = publishing.publish(data["draft"], by=request.user, now=timezone.now(), seen_version=data.get("version"))
        nudge(tasks.tick)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: AskedSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def ask(self, request: Request, pk: str | None = None) -> Response:
        """Ask WeChat now what became of it. Nothing is published by this."""
        known = publishing.look(self.get_object(), now=timezone.now())
        return Response(AskedSerializer({"known": known, "publication": self.get_object()}).data)

    @extend_schema(request=None, responses={200: PublicationSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def was_published(self, request: Request, pk: str | None = None) -> Response:
        """Record that an unknown one was published, because it stands in WeChat's console."""
        return self._resolve(was_published=True)

    @extend_schema(request=None, responses={200: PublicationSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def was_not_published(self, request: Request, pk: str | None = None) -> Response:
        """Record that an unknown one was not published."""
        return self._resolve(was_published=False)

    @extend_schema(request=None, responses={200: PublicationSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def delete_at_wechat(self, request: Request, pk: str | None = None) -> Response:
        """Delete the published articles at WeChat, for good: their addresses stop working for everybody."""
        publish_results.delete(self.get_object(), now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)

    def _resolve(self, *, was_published: bool) -> Response:
        publish_results.resolve(self.get_object(), was_published=was_published, now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)


VIEWSETS = {"publications": PublicationViewSet}
