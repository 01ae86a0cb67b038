"""Filters of the followers' list. Each costs one range of an index (see Follower.Meta)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from followers.models import Follower, FollowerQuerySet, Scene, Tag
from wxcore import rights
from wxcore.models import OfficialAccount


class SubscribedFilter(DropdownFilter):
    title = _("status")
    parameter_name = "subscribed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("following")), ("0", _("has left"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Follower]) -> QuerySet[Follower]:
        if self.value() not in ("0", "1"):
            return queryset
        return _of_some_account(request, queryset).filter(subscribed=self.value() == "1")


class TagFilter(DropdownFilter):
    """An account has at most 100 tags, so that they fit into a list."""

    title = _("tag")
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        tags = rights.scoped(Tag.objects.select_related("account").only("name", "account__name"), request.user)
        chosen = request.GET.get("account", "")
        if _is_number(chosen):
            return [(str(tag.pk), tag.name) for tag in tags.filter(account=chosen)]
        return [(str(tag.pk), f"{tag.account.name} · {tag.name}") for tag in tags]

    def queryset(self, request: HttpRequest, queryset: FollowerQuerySet) -> FollowerQuerySet:
        return queryset.wearing(int(self.value())) if _is_number(self.value()) else queryset


class SceneFilter(DropdownFilter):
    title = _("came by")
    parameter_name = "scene"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Scene.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Follower]) -> QuerySet[Follower]:
        if self.value() not in Scene.values:
            return queryset
        return _of_some_account(request, queryset).filter(subscribe_scene=self.value())


def _of_some_account(request: HttpRequest, queryset: QuerySet[Follower]) -> QuerySet[Follower]:
    """The indexes begin with the account: where none is chosen, naming all of them opens the index."""
    if _is_number(request.GET.get("account")) or not rights.is_unlimited(request.user):
        return queryset  # an account is named already
    return queryset.filter(account__in=list(OfficialAccount.objects.values_list("pk", flat=True)))


def _is_number(value: Any) -> bool:
    return str(value or "").isdecimal()
