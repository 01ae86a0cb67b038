"""What needs attention, in the API."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from wxcore import attention
from wxcore.api.errors import ERRORS
from wxcore.api.rows import RowField
from wxcore.models import OfficialAccount
from wxcore.permissions import SignedIn

ACCOUNT = OpenApiParameter("account", int, description="Only of this account; without it, of all of the person.")


class OfAccountSerializer(serializers.Serializer):
    """The query of what is told of one account, or of all."""

    account = RowField(permission=attention.VIEW_ACCOUNT, queryset=OfficialAccount.objects.all(), required=False)


class ItemSerializer(serializers.Serializer):
    """One line of what needs attention."""

    kind = serializers.CharField(help_text="A stable word for programs, such as `callback_failed`.")
    level = serializers.ChoiceField(
        choices=list(attention.Level),
        help_text="`error`: broken. `warning`: waits for a person, or will break. `info`: good to know.",
    )
    account = serializers.IntegerField()
    count = serializers.IntegerField(help_text=f"How many; counted no further than {attention.MOST}.")
    since = serializers.DateTimeField(allow_null=True, help_text="Of the oldest or latest of them, or when it ends.")
    message = serializers.CharField()
    fix = serializers.CharField(allow_blank=True)
    url = serializers.CharField(help_text="The page of the admin that shows it.")


class AttentionSerializer(serializers.Serializer):
    items = ItemSerializer(many=True, help_text="What is broken first.")


class AttentionViewSet(viewsets.ViewSet):
    permission_classes = [SignedIn]

    @extend_schema(
        operation_id="v1_attention_retrieve",
        parameters=[ACCOUNT],
        responses={200: AttentionSerializer, 400: ERRORS[400], 403: ERRORS[403]},
    )
    def list(self, request: Request) -> Response:
        """What needs somebody on the accounts of the person, as far as they may see it."""
        asked = asked_account(request)
        return Response(AttentionSerializer({"items": attention.found(request.user, asked)}).data)


def asked_account(request: Request) -> OfficialAccount | None:
    """This will be the account that the query names, None without one. Raises ValidationError."""
    asked = OfAccountSerializer(data=request.query_params.dict(), context={"request": request})
    asked.is_valid(raise_exception=True)
    account: OfficialAccount | None = asked.validated_data.get("account")
    return account


VIEWSETS = {"attention": AttentionViewSet}
