"""Article drafts in the API: write, versions, WeChat's draft box, and what an editor asks for."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import articles as article_contents
from campaigns import bodies, bringing, draft_preview, draftbox, drafts, incoming
from campaigns.api import draft_serializers as shapes
from campaigns.api.previews import PreviewActions
from campaigns.models import Article, Draft, Revision
from wxcore import accounts
from wxcore.api import ERRORS, EditableRows
from wxcore.models import Scope

ADD, CHANGE, VIEW = "campaigns.add_draft", "campaigns.change_draft", "campaigns.view_draft"


class DraftVersions(EditableRows):
    """Part of the drafts' view."""

    @extend_schema(responses={200: shapes.VersionSummarySerializer(many=True), **ERRORS}, filters=False)
    @action(detail=True, methods=["get"])
    def versions(self, request: Request, pk: str | None = None) -> Response:
        """Every version of the draft, newest first."""
        found = self.paginate_queryset(drafts.revisions(self.get_object()))
        return self.get_paginated_response(shapes.VersionSummarySerializer(found, many=True).data)

    @extend_schema(responses={200: shapes.VersionSerializer, **ERRORS})
    @action(detail=True, methods=["get"], url_path=r"versions/(?P<number>\d{1,9})")
    def version(self, request: Request, number: str, pk: str | None = None) -> Response:
        """One version with its articles."""
        return Response(shapes.VersionSerializer(_revision(self.get_object(), int(number))).data)

    @extend_schema(
        parameters=[OpenApiParameter("a", int, required=True), OpenApiParameter("b", int, required=True)],
        responses={200: shapes.ComparedDraftSerializer, **ERRORS},
    )
    @action(detail=True, methods=["get"], url_path="versions/compare")
    def compare_versions(self, request: Request, pk: str | None = None) -> Response:
        """What is different between the versions `a` and `b`, the older one before."""
        draft = self.get_object()
        before, after = (_revision(draft, number) for number in sorted(_number(request, name) for name in "ab"))
        return Response(shapes.ComparedDraftSerializer(_told(drafts.compare(before, after))).data)

    @extend_schema(request=None, responses={200: shapes.DraftSerializer, **ERRORS})
    @action(detail=True, methods=["post"], url_path=r"versions/(?P<number>\d{1,9})/restore")
    def restore(self, request: Request, number: str, pk: str | None = None) -> Response:
        """Make a version the draft's content again; what was there stays a version."""
        draft = self.get_object()
        restored = drafts.restore(draft, _revision(draft, int(number)), request.user)
        return self.told(self.fresh(restored))


class DraftBox(EditableRows):
    """Part of the drafts' view: the copy that people see and edit in WeChat's console."""

    @extend_schema(request=None, responses={200: shapes.PushedSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def push(self, request: Request, pk: str | None = None) -> Response:
        """Put the draft into WeChat's draft box, or over the copy there. Nothing is sent or published."""
        draft = self.get_object()
        with accounts.connect(draft.account) as wechat:
            pushed = draftbox.push(wechat, draft, now=timezone.now())
        return Response(shapes.PushedSerializer(pushed).data)

    @extend_schema(request=None, responses={200: shapes.ComparedWithWeChatSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def compare(self, request: Request, pk: str | None = None) -> Response:
        """Ask WeChat for its copy, and say what differs: ours before, theirs after."""
        found = incoming.compare(self.get_object(), now=timezone.now())
        told = _told(found.changes) | {"draft": found.draft, "mark": found.mark}
        return Response(shapes.ComparedWithWeChatSerializer(told).data)

    @extend_schema(request=shapes.TakeSerializer, responses={200: shapes.DraftSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def take(self, request: Request, pk: str | None = None) -> Response:
        """Make WeChat's copy the draft's content; ours stays a version. 409 if either is not what was looked at."""
        draft, seen = self.get_object(), self.asked(shapes.TakeSerializer).validated_data
        taken = incoming.take(
            draft, seen_version=seen["version"], seen_mark=seen["mark"], by=request.user, now=timezone.now()
        )
        return self.told(self.fresh(taken))


class DraftEditing(EditableRows):
    """Part of the drafts' view: what an editor asks for while somebody writes."""

    @extend_schema(request=shapes.HtmlSerializer, responses={200: shapes.CleanedSerializer, **ERRORS})
    @action(detail=False, methods=["post"])
    def clean(self, request: Request) -> Response:
        """Clean HTML as a save would, and say what WeChat would refuse of it. Nothing is stored."""
        given = self.asked(shapes.HtmlSerializer).validated_data["html"]
        html = bodies.clean(article_contents.storable(given))
        told = {"html": html, "length": len(html), "changed": html != given, "problems": list(bodies.check(html))}
        return Response(shapes.CleanedSerializer(told).data)

    @extend_schema(request=shapes.BringSerializer, responses={201: shapes.BroughtSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def bring(self, request: Request, pk: str | None = None) -> Response:
        """Bring a picture of another site into the library, because WeChat shows no others."""
        draft = self.get_object()
        url = self.asked(shapes.BringSerializer).validated_data["url"]
        asset = bringing.bring(draft.account, url, by=request.user)
        told = shapes.BroughtSerializer({"id": asset.pk, "url": asset.file_url}).data
        return Response(told, status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.PhoneRequestSerializer, responses={200: shapes.PhoneSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def phone(self, request: Request, pk: str | None = None) -> Response:
        """The message card, or one article, as a phone shows it: perhaps unsaved articles, or the stored ones."""
        draft, asked = self.get_object(), self.asked(shapes.PhoneRequestSerializer).validated_data
        given = asked.get("articles")
        shown = article_contents.of(draft) if given is None else article_contents.normalised(shapes.contents(given))
        if asked["index"] >= len(shown):
            raise serializers.ValidationError({"index": ["no such article"]})
        hosted = draft_preview.is_hosted(draft.account)
        html = draft_preview.document(
            request._request,
            draft,
            shown,
            view=asked["view"],
            index=asked["index"],
            dark=asked["dark"],
            covers=draft_preview.covers_of(draft, shown),
            is_hosted=hosted,
        )
        body = shown[asked["index"]]["body"]
        foreign = [url for url in bodies.pictures(body) if not hosted(url)]
        return Response(shapes.PhoneSerializer({"html": html, "length": len(body), "foreign": foreign}).data)


class DraftViewSet(PreviewActions, DraftVersions, DraftBox, DraftEditing, EditableRows):
    """Article drafts. A save needs If-Match: nobody overwrites what they have not seen."""

    requires_if_match = True
    queryset = Draft.objects.select_related("account", "created_by", "updated_by")
    serializer_class = shapes.DraftSerializer
    filterset_fields = ["account"]
    search_fields = ("title",)
    verb_permissions = {
        **dict.fromkeys(("restore", "push", "compare", "take", "preview", "previews"), CHANGE),
        **dict.fromkeys(("versions", "version", "compare_versions", "phone"), VIEW),
        "duplicate": ADD,
        "clean": ADD,
        "bring": "campaigns.add_mediaasset",
    }
    verb_scopes = {"preview": Scope.SEND}  # it reaches a phone

    def get_queryset(self) -> QuerySet[Draft]:
        rows = super().get_queryset()
        # A page of the list would read hundreds of bodies.
        ordered = Prefetch("articles", Article.objects.order_by("position"))
        return rows if self.action == "list" else rows.prefetch_related(ordered)

    def get_serializer_class(self) -> Any:
        return shapes.DraftSummarySerializer if self.action == "list" else super().get_serializer_class()

    def perform_destroy(self, instance: Draft) -> None:
        drafts.delete(instance)

    @extend_schema(request=None, responses={201: shapes.DraftSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def duplicate(self, request: Request, pk: str | None = None) -> Response:
        """Copy a draft with its articles."""
        copy = drafts.duplicate(self.get_object(), request.user)
        return self.told(self.fresh(copy), status.HTTP_201_CREATED)


def _told(changes: list[drafts.ArticleChange]) -> dict[str, Any]:
    different = [change for change in changes if not change.is_same]
    return {"is_same": not different, "changes": different}


def _number(request: Request, name: str) -> int:
    value = request.query_params.get(name, "")
    if not (value.isdecimal() and len(value) < 10):
        raise serializers.ValidationError({name: ["the number of a version"]})
    return int(value)


def _revision(draft: Draft, number: int) -> Revision:
    revision = draft.revisions.select_related("created_by").filter(number=number).first()
    if revision is None:
        raise Http404
    return revision


VIEWSETS = {"drafts": DraftViewSet}
