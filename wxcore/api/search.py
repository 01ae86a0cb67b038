"""The search over everything, in the API."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from wxcore import finding, rights
from wxcore.api.attention import OfAccountSerializer
from wxcore.api.errors import ERRORS
from wxcore.permissions import SignedIn


class SearchQuerySerializer(OfAccountSerializer):
    """The query."""

    q = serializers.CharField(max_length=finding.LONGEST_TEXT, help_text="Part of a name; how an OpenID begins.")


class FoundSerializer(serializers.Serializer):
    """A row that fits."""

    kind = serializers.CharField(help_text="A stable word: `campaign`, `draft`, `mediaasset`, `follower` ...")
    kind_label = serializers.CharField(help_text="In the reader's language.")
    id = serializers.IntegerField()
    account = serializers.IntegerField(allow_null=True)
    title = serializers.CharField()
    url = serializers.CharField(help_text="Its page in the admin.")


class SearchResultsSerializer(serializers.Serializer):
    results = FoundSerializer(many=True, help_text=f"Of each kind the first {finding.MOST}.")


class SearchViewSet(viewsets.ViewSet):
    permission_classes = [SignedIn]

    @extend_schema(
        operation_id="v1_search_retrieve",
        parameters=[SearchQuerySerializer],
        responses={200: SearchResultsSerializer, 400: ERRORS[400], 403: ERRORS[403]},
    )
    def list(self, request: Request) -> Response:
        """Campaigns, drafts, files, segments, tags, rules, accounts and followers that fit some words."""
        asked = SearchQuerySerializer(data=request.query_params.dict(), context={"request": request})
        asked.is_valid(raise_exception=True)
        if account := asked.validated_data.get("account"):
            rights.narrow(request.user, account.pk)
        found = finding.found(request.user, asked.validated_data["q"])
        return Response(SearchResultsSerializer({"results": list(found)}).data)


VIEWSETS = {"search": SearchViewSet}
