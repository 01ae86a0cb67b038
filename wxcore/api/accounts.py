"""Official accounts in the API, without their secrets: what may be changed of them, whether they work, who works
for them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from wxcore import accounts, roles
from wxcore.api import weekly
from wxcore.api.conditional import ConditionalRows
from wxcore.api.errors import ERRORS
from wxcore.api.exports import ExportedRows
from wxcore.models import Membership, OfficialAccount

# What leads to another WeChat, or opens a door to it, is changed in the admin only.
CHANGEABLE = (
    "name",
    "kind",
    "is_verified",
    "is_active",
    "original_id",
    "time_zone",
    "grace_minutes",
    "mass_calls_a_day",
    "callback_days",
    "media_limits",
    "article_endpoint",
    "allow_self_approval",
)


class OfficialAccountSerializer(serializers.ModelSerializer):
    callback_path = serializers.CharField(read_only=True)

    class Meta:
        model = OfficialAccount
        # Named one by one: a new secret must not slip in.
        fields = [
            "id",
            "name",
            "slug",
            "kind",
            "is_verified",
            "verified_until",
            "is_active",
            "appid",
            "original_id",
            "message_mode",
            "time_zone",
            "grace_minutes",
            "mass_calls_a_day",
            "callback_days",
            "media_limits",
            "article_endpoint",
            "allow_self_approval",
            "callback_path",
            "created_at",
            "updated_at",
        ]
        read_only_fields = [name for name in fields if name not in CHANGEABLE]

    def update(self, account: OfficialAccount, given: dict[str, Any]) -> OfficialAccount:
        for name, value in given.items():
            setattr(account, name, value)
        account.save(update_fields=[*given, "updated_at"])
        return account


class AccountFindingSerializer(serializers.Serializer):
    level = serializers.ChoiceField(choices=[level.value for level in accounts.Level])
    subject = serializers.CharField(help_text="What was looked at.")
    message = serializers.CharField(help_text="What was found, in the reader's language.")
    fix = serializers.CharField(allow_blank=True, help_text="What to do.")


class AccountCheckSerializer(serializers.Serializer):
    works = serializers.BooleanField(help_text="No finding is an error.")
    findings = AccountFindingSerializer(many=True)


class MemberSerializer(serializers.ModelSerializer):
    username = serializers.CharField(source="user.username", read_only=True)
    name = serializers.CharField(source="user.get_full_name", read_only=True)
    is_active = serializers.BooleanField(source="user.is_active", read_only=True)
    role = serializers.CharField(source="role.name", read_only=True, help_text="A stable word.")
    role_label = serializers.SerializerMethodField(help_text="In the reader's language.")

    class Meta:
        model = Membership
        fields = ["id", "user", "username", "name", "is_active", "role", "role_label"]
        read_only_fields = fields

    def get_role_label(self, membership: Membership) -> str:
        return roles.label(membership.role)


class OfficialAccountViewSet(
    weekly.WeeklyActions, ExportedRows, mixins.ListModelMixin, mixins.UpdateModelMixin, ConditionalRows
):  # fmt: skip
    """Official accounts, without their secrets."""

    queryset = OfficialAccount.objects.all()
    serializer_class = OfficialAccountSerializer
    filterset_fields = ["kind", "is_active"]
    search_fields = ("name", "slug", "appid")
    ordering_keys = {"name": ("name", "pk")}
    verb_permissions = {
        "check": "wxcore.view_officialaccount",
        "members": "wxcore.view_membership",
        **weekly.PERMISSIONS,
    }
    verb_scopes = weekly.SCOPES

    def update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        with self.editing() as row:
            serializer = self.get_serializer(row, data=request.data, partial=kwargs.pop("partial", False))
            serializer.is_valid(raise_exception=True)
            serializer.save()
        return self.told(self.fresh(serializer.instance))

    @extend_schema(request=None, responses={200: AccountCheckSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str | None = None) -> Response:
        """Ask WeChat whether the account works, and say what is wrong. It may take some seconds."""
        findings = accounts.check(self.get_object())
        works = all(finding.level is not accounts.Level.ERROR for finding in findings)
        return Response(AccountCheckSerializer({"works": works, "findings": findings}).data)

    @extend_schema(responses={200: MemberSerializer(many=True), **ERRORS}, filters=False)
    @action(detail=True, methods=["get"])
    def members(self, request: Request, pk: str | None = None) -> Response:
        """Who works for the account, a line for each role."""
        rows = self.get_object().memberships.select_related("user", "role").filter(user__is_superuser=False)
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(MemberSerializer(page, many=True).data)


VIEWSETS = {"accounts": OfficialAccountViewSet}
