"""A message on one phone, in the API: part of the views of campaigns and of drafts."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import previews
from campaigns.models import Preview
from wxcore.api import ERRORS, FAILURE, FailureSerializer


class PreviewSerializer(FailureSerializer):
    openid = serializers.CharField(required=False, max_length=64, help_text="Of a follower. Or else `wxname`.")
    wxname = serializers.CharField(required=False, max_length=64, help_text="A WeChat ID; a hundred previews a day.")

    class Meta:
        model = Preview
        fields = ["id", "account", "campaign", "draft", "openid", "wxname", "created_at", *FAILURE]
        read_only_fields = ["id", "account", "campaign", "draft", "created_at", *FAILURE]


class PersonSerializer(serializers.Serializer):
    openid = serializers.CharField(allow_blank=True)
    wxname = serializers.CharField(allow_blank=True)
    label = serializers.CharField()


class PreviewsSerializer(serializers.Serializer):
    left = serializers.IntegerField(help_text="By WeChat ID, today.")
    recent = PersonSerializer(many=True)


class PreviewActions:
    """Who may change the row may look at it on a phone."""

    @extend_schema(request=PreviewSerializer, responses={201: PreviewSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def preview(self, request: Request, pk: str | None = None) -> Response:
        """Send the message as it stands to one phone: to a follower (`openid`) or to a WeChat ID (`wxname`)."""
        subject = self.get_object()
        asked = self.asked(PreviewSerializer)
        sent = previews.send(subject, **asked.validated_data, by=request.user, now=timezone.now())
        return Response(PreviewSerializer(sent).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={200: PreviewsSerializer, **ERRORS}, filters=False)
    @preview.mapping.get
    def previews(self, request: Request, pk: str | None = None) -> Response:
        """How many previews by WeChat ID are left today, and who got the last ones."""
        account = self.get_object().account
        told = {"left": previews.left(account, now=timezone.now()), "recent": previews.recent(account)}
        return Response(PreviewsSerializer(told).data)
