"""The media library in the API."""

from __future__ import annotations

from typing import Any

from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import library, mediause, serving
from campaigns.models import MediaAsset, MediaKind, RemoteMedia
from wxcore.api import ERRORS, EditableRows, RowField
from wxcore.models import OfficialAccount
from wxcore.parsers import JSONParser

BYTES = OpenApiTypes.BINARY
FILE = {
    (200, "*/*"): OpenApiResponse(BYTES, description="The file as it was stored, of its own type."),
    (206, "*/*"): OpenApiResponse(BYTES, description="The part that Range asks for."),
    304: OpenApiResponse(description="Still what If-None-Match names."),
    416: OpenApiResponse(description="Range asks for what is not there."),
}
THUMB = {(200, "image/jpeg"): OpenApiResponse(BYTES, description="At most 400 pixels wide."), 304: FILE[304]}


class RemoteMediaSerializer(serializers.ModelSerializer):
    class Meta:
        model = RemoteMedia
        fields = ["target", "media_id", "url", "expires_at", "uploaded_at"]
        read_only_fields = fields


class MediaAssetSerializer(serializers.ModelSerializer):
    url = serializers.CharField(
        source="file_url", read_only=True, help_text="`src` of a picture in a body; for a login."
    )
    thumb_url = serializers.CharField(read_only=True, help_text="A small JPEG; empty for what has none; for a login.")
    remote = RemoteMediaSerializer(many=True, read_only=True)

    class Meta:
        model = MediaAsset
        fields = [
            "id",
            "account",
            "kind",
            "name",
            "description",
            "mime",
            "size",
            "width",
            "height",
            "seconds",
            "sha256",
            "url",
            "thumb_url",
            "remote",
            "created_at",
        ]
        read_only_fields = [name for name in fields if name not in ("name", "description")]

    def update(self, asset: MediaAsset, given: dict[str, Any]) -> MediaAsset:
        library.describe(asset, **given)
        return asset


class MediaUploadSerializer(serializers.Serializer):
    account = RowField(queryset=OfficialAccount.objects.all(), permission="campaigns.add_mediaasset")
    # Empty files reach the library, which says what to do about them.
    file = serializers.FileField(allow_empty_file=True)
    kind = serializers.ChoiceField(
        choices=MediaKind, required=False, help_text="What is wanted; without it whatever the file is."
    )
    name = serializers.CharField(max_length=library.NAME_LENGTH, required=False, allow_blank=True)


class StoredSerializer(serializers.Serializer):
    asset = MediaAssetSerializer()
    is_new = serializers.BooleanField(help_text="False when the library had the file already.")
    warnings = serializers.ListField(child=serializers.CharField(), help_text="What WeChat may still refuse.")


class UseSerializer(serializers.Serializer):
    """One place that uses a file."""

    what = serializers.CharField(help_text="In the reader's language.")
    name = serializers.CharField()
    id = serializers.IntegerField(source="row.pk")
    model = serializers.CharField(source="row._meta.model_name", help_text="`campaign`, `draft`, `menu` ...")
    holds = serializers.BooleanField(help_text="The file cannot be deleted while this is so.")


class MediaAssetViewSet(EditableRows):
    """The files of the library, with their copies at WeChat."""

    queryset = MediaAsset.objects.prefetch_related("remote")
    serializer_class = MediaAssetSerializer
    filterset_fields = ["account", "kind", "sha256"]
    search_fields = ("name",)
    ordering_keys = {"name": ("name", "pk")}
    # Files come in parts, names as JSON.
    parser_classes = [MultiPartParser, JSONParser]
    verb_permissions = dict.fromkeys(("uses", "file", "thumb"), "campaigns.view_mediaasset")

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        # Before anybody is known: looking for the CSRF token would read all of a huge request.
        library.check_announced(request.META.get("CONTENT_LENGTH"))
        super().initial(request, *args, **kwargs)

    @extend_schema(
        request={"multipart/form-data": MediaUploadSerializer},
        responses={200: StoredSerializer, 201: StoredSerializer, **ERRORS},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Keep a file. Answers 201, or 200 when the library had it already."""
        asked = self.asked(MediaUploadSerializer)
        data = asked.validated_data
        stored = library.store(
            data["account"], data["file"], kind=data.get("kind"), name=data.get("name", ""), by=request.user
        )
        body = StoredSerializer(stored, context=self.get_serializer_context()).data
        return Response(body, status=status.HTTP_201_CREATED if stored.is_new else status.HTTP_200_OK)

    @extend_schema(
        parameters=[OpenApiParameter("at_wechat", OpenApiTypes.BOOL, description="Its permanent copies there too.")],
        responses={204: None, **ERRORS},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete a file, unless something that is to be sent or was sent uses it."""
        mediause.delete(self.get_object(), at_wechat=request.query_params.get("at_wechat") in ("true", "1"))
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={200: UseSerializer(many=True), **ERRORS}, filters=False)
    @action(detail=True, methods=["get"], pagination_class=None)
    def uses(self, request: Request, pk: str | None = None) -> Response:
        """Where the file is used, and what keeps it from being deleted."""
        return Response(UseSerializer(mediause.usage(self.get_object()), many=True).data)

    @extend_schema(responses={**FILE, **ERRORS})
    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: str | None = None) -> HttpResponseBase:
        """The file itself, for who has a token; players may ask for a part."""
        return serving.file(request._request, self.get_object())

    @extend_schema(responses={**THUMB, **ERRORS})
    @action(detail=True, methods=["get"])
    def thumb(self, request: Request, pk: str | None = None) -> HttpResponseBase:
        """A small JPEG of a picture; 404 for what has none."""
        return serving.thumb(request._request, self.get_object())


VIEWSETS = {"media": MediaAssetViewSet}
