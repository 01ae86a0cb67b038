"""Followers, tags and syncs."""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets

from followers.models import Follower, FollowerQuerySet, Sync, Tag
from wxcore import rights
from wxcore.api import FAILURE, AccountRows, FailureSerializer
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


class TagViewSet(AccountRows, viewsets.ReadOnlyModelViewSet):
    """Tags as mirrored from WeChat."""

    queryset = Tag.objects.all()
    serializer_class = TagSerializer
    filterset_fields = ["account", "tag_id"]


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


class FollowerViewSet(AccountRows, viewsets.ReadOnlyModelViewSet):
    """Followers as mirrored from WeChat, newest row first."""

    queryset = Follower.objects.listed().prefetch_related("tags")
    serializer_class = FollowerSerializer
    filterset_class = FollowerFilter
    pagination_class = FollowersNewestFirst


class SyncViewSet(AccountRows, viewsets.ReadOnlyModelViewSet):
    """Runs of the mirroring, with their progress."""

    queryset = Sync.objects.all()
    serializer_class = SyncSerializer
    filterset_fields = ["account", "status"]


VIEWSETS = {"tags": TagViewSet, "followers": FollowerViewSet, "syncs": SyncViewSet}
