"""Who is asking, and what they may do on which account: what a frontend shows and what it hides."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from wxcore import rights
from wxcore.api.errors import ERRORS
from wxcore.models import Kind
from wxcore.permissions import SignedIn

APPS = ("wxcore", "followers", "campaigns", "callbacks")


class OwnAccountSerializer(serializers.Serializer):
    """An account that the person works for."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    kind = serializers.ChoiceField(choices=Kind.choices)
    is_active = serializers.BooleanField()
    time_zone = serializers.CharField()
    permissions = serializers.ListField(
        child=serializers.CharField(), help_text="What they may do here, such as `campaigns.send_campaign`."
    )


class MeSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    username = serializers.CharField()
    name = serializers.CharField(help_text="The full name; the user name if there is none.")
    language = serializers.CharField(help_text="In which messages are answered: of the cookie `django_language`.")
    is_superuser = serializers.BooleanField()
    accounts = OwnAccountSerializer(many=True)


class MeViewSet(viewsets.ViewSet):
    permission_classes = [SignedIn]

    @extend_schema(operation_id="v1_me_retrieve", responses={200: MeSerializer, 403: ERRORS[403]})
    def list(self, request: Request) -> Response:
        """Who is signed in, and what they may do on each of their accounts. Three queries, whatever their number."""
        user = request.user
        told = {
            "id": user.pk,
            "username": user.get_username(),
            "name": user.get_full_name() or user.get_username(),
            "language": get_language(),
            "is_superuser": user.is_superuser,
            "accounts": _accounts(user),
        }
        return Response(MeSerializer(told).data)


def _accounts(user: Any) -> list[dict[str, Any]]:
    columns = ("id", "name", "slug", "kind", "is_active", "time_zone")
    accounts = list(rights.accounts_of(user).order_by("name", "pk").values(*columns))
    if rights.is_unlimited(user):
        named = Permission.objects.filter(content_type__app_label__in=APPS).order_by()
        everything = sorted(f"{app}.{name}" for app, name in named.values_list("content_type__app_label", "codename"))
        return [account | {"permissions": everything} for account in accounts]
    granted = rights.permissions_of(user)
    return [account | {"permissions": sorted(granted[account["id"]])} for account in accounts]


VIEWSETS = {"me": MeViewSet}
