"""Publications in the API."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import publishing, tasks
from campaigns.models import Draft, Publication
from wxcore.api import ERRORS, FAILURE, AccountRows, FailureSerializer, RowField
from wxcore.celery import nudge


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


class PublicationViewSet(AccountRows, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Drafts that were published without being sent to anybody."""

    queryset = Publication.objects.all()
    serializer_class = PublicationSerializer
    filterset_fields = ["account", "draft", "status"]

    @extend_schema(request=PublishSerializer, responses={201: PublicationSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Publish a draft. The answer comes before WeChat's: follow `status`."""
        asked = self.asked(PublishSerializer)
        data = asked.validated_data
        row = publishing.publish(data["draft"], by=request.user, now=timezone.now(), seen_version=data.get("version"))
        nudge(tasks.tick)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)


VIEWSETS = {"publications": PublicationViewSet}
