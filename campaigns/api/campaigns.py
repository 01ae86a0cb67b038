"""Campaigns and broadcasts in the API."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import preflight, services
from campaigns.api.previews import PreviewActions
from campaigns.api.results import RESULT_PERMISSIONS, ResultActions
from campaigns.api.serializers import (
    BroadcastSerializer,
    CampaignSerializer,
    DuplicateSerializer,
    FixedSerializer,
    FixSerializer,
    PreflightSerializer,
)
from campaigns.api.statistics import StatisticsAction
from campaigns.api.timing import CampaignFilter, TimingActions
from campaigns.api.verbs import SEND, VERB_PERMISSIONS, CampaignVerbs
from campaigns.api.writing import WritingActions
from campaigns.models import Broadcast, Campaign, Door
from wxcore.api import ERRORS, AccountRows, EditableRows, ExportedRows
from wxcore.models import Scope


class CampaignViewSet(
    WritingActions, ResultActions, CampaignVerbs, TimingActions, StatisticsAction, PreviewActions, EditableRows
):
    """Campaigns with the sums of their broadcasts. Only drafts can be changed and deleted."""

    queryset = Campaign.objects.with_figures().prefetch_related("campaign_images")
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilter
    search_fields = ("name", "text")
    verb_permissions = {
        **VERB_PERMISSIONS,
        **RESULT_PERMISSIONS,
        **dict.fromkeys(("preview", "previews", "fix"), "campaigns.change_campaign"),
        "estimate": "campaigns.view_campaign",
        "upload_openids": "campaigns.change_campaign",
        "duplicate": "campaigns.add_campaign",
    }
    # A preview reaches a phone; to stop something reaches nobody.
    verb_scopes = {
        "preview": Scope.SEND,
        **dict.fromkeys(("unschedule", "pause", "cancel"), Scope.WRITE),
    }

    def perform_destroy(self, instance: Campaign) -> None:
        services.delete_draft(instance)

    @extend_schema(request=DuplicateSerializer, responses={201: CampaignSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def duplicate(self, request: Request, pk: str | None = None) -> Response:
        """Copy a campaign as a new draft with the same content and audience."""
        campaign = self.get_object()
        name = self.asked(DuplicateSerializer).validated_data.get("name") or services.name_of_copy(campaign)
        copy = services.duplicate(campaign, name=name, by=request.user, door=Door.API)
        return self.told(self.fresh(copy), status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("local", bool, description="Leave out what asks WeChat and other sites.")],
        responses={200: PreflightSerializer, **ERRORS},
    )
    @action(detail=True, methods=["get"])
    def preflight(self, request: Request, pk: str | None = None) -> Response:
        """Check a campaign before it is sent. Without `local` it may take some ten seconds."""
        campaign = self.get_object()
        findings = preflight.local(campaign, now=timezone.now())
        if request.query_params.get("local", "").lower() not in ("1", "true"):
            findings += preflight.wechat(campaign) + preflight.links(campaign)
        stopped = any(finding.level is preflight.Level.ERROR for finding in findings)
        return Response(PreflightSerializer({"can_be_sent": not stopped, "findings": findings}).data)

    @extend_schema(request=FixSerializer, responses={200: FixedSerializer, **ERRORS})
    @action(detail=True, methods=["post"], url_path="preflight/fix")
    def fix(self, request: Request, pk: str | None = None) -> Response:
        """Put right what a finding names as its `action`; only in a draft."""
        asked = self.asked(FixSerializer).validated_data["action"]
        said = preflight.fix(self.get_object(), asked, by=request.user, now=timezone.now())
        return Response(FixedSerializer({"message": said}).data)


class BroadcastViewSet(ExportedRows, AccountRows, viewsets.ReadOnlyModelViewSet):
    """Single calls of mass/sendall and mass/send."""

    queryset = Broadcast.objects.all()
    serializer_class = BroadcastSerializer
    filterset_fields = ["account", "campaign", "status"]
    search_fields = ("=clientmsgid", "=msg_id")
    verb_permissions = {"was_sent": SEND, "was_not_sent": SEND}
    # Nothing is sent by it.
    verb_scopes = {"was_sent": Scope.WRITE, "was_not_sent": Scope.WRITE}

    @extend_schema(request=None, responses={200: BroadcastSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def was_sent(self, request: Request, pk: str | None = None) -> Response:
        """Record that an unknown broadcast was sent, because it stands in WeChat's console. Nothing is sent by this."""
        return self._resolve(was_sent=True)

    @extend_schema(request=None, responses={200: BroadcastSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def was_not_sent(self, request: Request, pk: str | None = None) -> Response:
        """Record that an unknown broadcast was not sent. Nothing is sent by this."""
        return self._resolve(was_sent=False)

    def _resolve(self, *, was_sent: bool) -> Response:
        broadcast = self.get_object()
        services.resolve(broadcast, was_sent=was_sent, now=timezone.now(), by=self.request.user, door=Door.API)
        return Response(self.get_serializer(self.get_object()).data)


VIEWSETS = {"campaigns": CampaignViewSet, "broadcasts": BroadcastViewSet}
