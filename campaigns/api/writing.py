"""Campaigns as they are written: what a draft may be given, lists of OpenIDs, and the head count before anything is
saved."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import transaction
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import parsers, serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import audience, composition, content, limits, services
from campaigns.models import Audience, Campaign, Door, Draft, MediaAsset, MediaKind
from followers import openids
from followers.models import Segment, Tag
from wxcore.api import ERRORS, AccountRows, RowField
from wxcore.models import OfficialAccount

# More of them come as a file.
MOST_OPENIDS = 100_000
SHOWN = 10
BIGGEST_KEY = 2**63 - 1


def openids_field(**options: Any) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.CharField(max_length=200),
        required=False,
        max_length=MOST_OPENIDS,
        help_text="For the audience `list`: replaces the stored list. Larger ones are uploaded to `openids/`.",
        **options,
    )


def account_field() -> RowField:
    return RowField(queryset=OfficialAccount.objects.filter(is_active=True), permission="campaigns.add_campaign")


def tag_field() -> RowField:
    rows = Tag.objects.filter(vanished_at=None)
    return RowField(queryset=rows, permission="followers.view_tag", required=False, allow_null=True)


def segment_field() -> RowField:
    rows = Segment.objects.select_related("account")
    return RowField(queryset=rows, permission="followers.view_segment", required=False, allow_null=True)


def draft_field() -> RowField:
    return RowField(queryset=Draft.objects.all(), permission="campaigns.view_draft", required=False, allow_null=True)


def media_field() -> RowField:
    return RowField(
        queryset=MediaAsset.objects.filter(kind__in=(MediaKind.VOICE, MediaKind.VIDEO)),
        permission="campaigns.view_mediaasset",
        required=False,
        allow_null=True,
        help_text="The voice, or the video.",
    )


class TagConditionsSerializer(serializers.Serializer):
    """Ids of tags of this API; for the audience `tags`, else empty."""

    all = serializers.ListField(child=serializers.IntegerField(), required=False, help_text="Wears each of them.")
    any = serializers.ListField(child=serializers.IntegerField(), required=False, help_text="Wears one of them.")
    none = serializers.ListField(child=serializers.IntegerField(), required=False, help_text="Wears none of them.")


@extend_schema_field(TagConditionsSerializer)
class TagConditionsField(serializers.JSONField):
    """What it means, `audience.normal_tags` judges."""

    default_error_messages = {"no_object": "{}"}

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        given = super().to_internal_value(data)
        if not isinstance(given, dict):
            self.fail("invalid")
        return given


@extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
class PicturesField(serializers.ListField):
    """The pictures of a campaign, in their order."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.IntegerField(min_value=1, max_value=BIGGEST_KEY), **options)

    def get_attribute(self, campaign: Campaign) -> list[int]:
        return [image.asset_id for image in campaign.campaign_images.all()]

    def to_internal_value(self, data: Any) -> list[MediaAsset]:
        wanted = super().to_internal_value(data)
        if len(wanted) > limits.IMAGES:
            raise content.TooManyPictures(number=len(wanted), limit=limits.IMAGES, fields={self.field_name: "too many"})
        one = RowField(queryset=MediaAsset.objects.filter(kind=MediaKind.IMAGE), permission="campaigns.view_mediaasset")
        one.bind(self.field_name, self.parent)
        found = one.get_queryset().in_bulk(wanted)
        for pk in wanted:
            if pk not in found:
                one.fail("does_not_exist", pk_value=pk)
        return [found[pk] for pk in wanted]


def save(campaign: Campaign, given: dict[str, Any], *, by: Any) -> Campaign:
    """This will store a draft with what a request gives, or change one.

    Raises what `composition.compose` and the services raise, Django's errors as those of the API.
    """
    pictures, listed = given.pop("pictures", None), given.pop("openids", None)
    is_new = campaign.pk is None
    for name, value in given.items():
        setattr(campaign, name, value)
    if listed is not None and campaign.audience != Audience.LIST:
        raise serializers.ValidationError({"openids": ["only for the audience “list”"]})
    if pictures is None:
        pictures = [] if is_new else content.pictures(campaign)
    try:
        pictures = composition.compose(campaign, pictures)
    except DjangoValidationError as error:
        raise serializers.ValidationError(error.message_dict) from None
    with transaction.atomic():
        if is_new:
            services.create(campaign, pictures=pictures, by=by, door=Door.API)
        else:
            services.save_draft(campaign, pictures=pictures, by=by, door=Door.API)
        if listed is not None:
            audience.replace_list(campaign, openids.parse("\n".join(listed)).openids)
    return campaign


class ListReportSerializer(serializers.Serializer):
    """What became of a list: `listed` are `following`, `left` and `unknown`."""

    listed = serializers.IntegerField()
    following = serializers.IntegerField()
    left = serializers.IntegerField()
    unknown = serializers.IntegerField()
    repeated = serializers.IntegerField(help_text="Repetitions that were dropped.")
    malformed = serializers.IntegerField(help_text="Lines that hold no OpenID.")
    examples = serializers.ListField(
        child=serializers.CharField(), help_text="Some that are malformed, or do not follow."
    )


class ListFileSerializer(serializers.Serializer):
    file = serializers.FileField(help_text="XLSX, CSV or TXT up to 32 MB; of a table, the column “OpenID”.")


class EstimateRequestSerializer(serializers.Serializer):
    """An audience that need not be saved."""

    account = RowField(queryset=OfficialAccount.objects.all(), permission="campaigns.view_campaign")
    audience = serializers.ChoiceField(choices=Audience)
    tag = tag_field()
    conditions = TagConditionsField(required=False)
    segment = segment_field()
    openids = openids_field()


class EstimateSerializer(serializers.Serializer):
    count = serializers.IntegerField(help_text="Followers who are meant now.")
    calls = serializers.IntegerField(help_text="Calls of WeChat that it takes to reach them.")
    repeated = serializers.IntegerField(help_text="Of `openids`: repetitions that were dropped.")
    malformed = serializers.IntegerField(help_text="Of `openids`: what is none.")


class WritingActions(AccountRows):
    """Part of the campaigns' view: what goes before a draft, and what is too large for its body."""

    @extend_schema(request=EstimateRequestSerializer, responses={200: EstimateSerializer, **ERRORS})
    @action(detail=False, methods=["post"])
    def estimate(self, request: Request) -> Response:
        """Count an audience that need not be saved."""
        given = self.asked(EstimateRequestSerializer).validated_data
        parsed = openids.parse("\n".join(given.pop("openids", [])))
        campaign = Campaign(**given)
        try:
            campaign.clean()
        except DjangoValidationError as error:
            raise serializers.ValidationError(error.message_dict) from None
        if campaign.audience == Audience.LIST:
            count = audience.count_openids(campaign.account, parsed.openids)
        else:
            count = audience.count(campaign)
        told = {"count": count, "calls": audience.calls(campaign, count)}
        return Response(
            EstimateSerializer(told | {"repeated": parsed.repeated, "malformed": len(parsed.malformed)}).data
        )

    @extend_schema(request={"multipart/form-data": ListFileSerializer}, responses={201: ListReportSerializer, **ERRORS})
    @action(detail=True, methods=["post"], parser_classes=[parsers.MultiPartParser], url_path="openids")
    def upload_openids(self, request: Request, pk: str | None = None) -> Response:
        """Replace the list of a draft whose audience is `list` by that of a file."""
        campaign = self.get_object()
        parsed = openids.parse(openids.read(self.asked(ListFileSerializer).validated_data["file"]))
        if campaign.audience != Audience.LIST:
            raise serializers.ValidationError({"file": ["only for the audience “list”"]})
        with transaction.atomic():
            services.save_draft(campaign, by=request.user, door=Door.API)
            audience.replace_list(campaign, parsed.openids)
        report = audience.report(campaign)
        examples = [word[:64] for word in parsed.malformed[:SHOWN]] or audience.unknown_openids(campaign, SHOWN)
        told = {name: getattr(report, name) for name in ("listed", "following", "left", "unknown")}
        told |= {"repeated": parsed.repeated, "malformed": len(parsed.malformed), "examples": examples}
        return Response(ListReportSerializer(told).data, status=status.HTTP_201_CREATED)
