"""Followers, tags and syncs."""

from __future__ import annotations

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from followers import search, services, tasks
from followers.models import Follower, FollowerQuerySet, Sync, Tag
from wxcore import rights
from wxcore.api import ERRORS, FAILURE, AccountRows, ExportedRows, FailureSerializer, RowField
from wxcore.celery import nudge
from wxcore.models import OfficialAccount
from wxcore.pagination import NewestFirst


class TagSerializer(serializers.ModelSerializer):
    class Meta:
        model = Tag
        fields = ["id", "account", "tag_id", "name", "count", "vanished_at"]
        read_only_fields = fields


class FollowerSerializer(serializers.ModelSerializer):
    tag_ids = serializers.SerializerMethodField(help_text="WeChat's ids of the follower's tags.")

    class Meta:
        model = Follower
        fields = [
            "id",
            "account",
            "openid",
            "unionid",
            "subscribed",
            "subscribe_time",
            "unsubscribed_at",
            "confirmed_at",
            "language",
            "remark",
            "subscribe_scene",
            "qr_scene",
            "qr_scene_str",
            "sex",
            "country",
            "province",
            "city",
            "last_interaction_at",
            "last_scene",
            "scanned_at",
            "latitude",
            "longitude",
            "located_at",
            "tag_ids",
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_tag_ids(self, follower: Follower) -> list[int]:
        return [tag.tag_id for tag in follower.tags.all()]


class SyncSerializer(FailureSerializer):
    percent = serializers.IntegerField(read_only=True)

    class Meta:
        model = Sync
        fields = [
            "id",
            "account",
            "status",
            "total",
            "fetched",
            "percent",
            "left",
            "created_at",
            "started_at",
            "finished_at",
            "due_at",
            *FAILURE,
        ]
        read_only_fields = fields


class TagViewSet(ExportedRows, AccountRows, viewsets.ReadOnlyModelViewSet):
    """Tags as mirrored from WeChat."""

    queryset = Tag.objects.all()
    serializer_class = TagSerializer
    filterset_fields = ["account", "tag_id"]
    search_fields = ("name",)
    ordering_keys = {"name": ("name", "pk"), "count": ("count", "pk")}


class FollowerFilter(django_filters.FilterSet):
    openid = django_filters.CharFilter(method="filter_openid")
    tags = django_filters.ModelChoiceFilter(queryset=Tag.objects.all(), method="filter_tags")

    class Meta:
        model = Follower
        fields = ["account", "openid", "subscribed", "subscribe_scene", "tags"]

    def filter_openid(self, followers: FollowerQuerySet, name: str, openid: str) -> FollowerQuerySet:
        # The index begins with the account: naming all of them opens it.
        accounts = rights.accounts_of(self.request.user).values_list("pk", flat=True)
        return followers.filter(account__in=list(accounts), openid=openid)

    def filter_tags(self, followers: FollowerQuerySet, name: str, tag: Tag) -> FollowerQuerySet:
        return followers.wearing(tag.pk)


class FollowersNewestFirst(NewestFirst):
    ordering = "-place"


class FollowerViewSet(ExportedRows, AccountRows, viewsets.ReadOnlyModelViewSet):
    """Followers as mirrored from WeChat, newest row first."""

    queryset = Follower.objects.listed().prefetch_related("tags")
    serializer_class = FollowerSerializer
    filterset_class = FollowerFilter
    pagination_class = FollowersNewestFirst
    search_description = "`openid` or `remark` begins so; at most 200 of each"

    def search(self, followers: FollowerQuerySet, words: str) -> FollowerQuerySet:
        accounts = rights.accounts_of(self.request.user, "followers.view_follower").values_list("pk", flat=True)
        return followers.filter(pk__in=search.find(words, list(accounts)))


class SyncRequestSerializer(serializers.Serializer):
    account = RowField(queryset=OfficialAccount.objects.filter(is_active=True), permission="followers.add_sync")


class SyncViewSet(ExportedRows, AccountRows, viewsets.ReadOnlyModelViewSet):
    """Runs of the mirroring, with their progress."""

    queryset = Sync.objects.all()
    serializer_class = SyncSerializer
    filterset_fields = ["account", "status"]
    verb_permissions = {"stop": "followers.add_sync"}

    @extend_schema(request=SyncRequestSerializer, responses={201: SyncSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Queue a sync of followers and tags. The answer comes before it begins: follow `status`."""
        asked = self.asked(SyncRequestSerializer).validated_data
        row = services.request_sync(asked["account"], now=timezone.now())
        nudge(tasks.tick)
        return Response(self.get_serializer(row).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={200: SyncSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def stop(self, request: Request, pk: str | None = None) -> Response:
        """Stop a sync that is open. What was fetched so far stays; nobody is marked as gone."""
        services.cancel_sync(self.get_object(), now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)


VIEWSETS = {"tags": TagViewSet, "followers": FollowerViewSet, "syncs": SyncViewSet}
