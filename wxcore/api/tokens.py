"""What a token can find out about itself."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from wxcore import rights
from wxcore.api.errors import ERRORS
from wxcore.models import ApiToken, Scope


class CurrentTokenSerializer(serializers.ModelSerializer):
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), read_only=True)
    user = serializers.CharField(source="user.username", read_only=True, help_text="Whose rights it has.")
    accounts = serializers.SerializerMethodField(help_text="The ids of the accounts on which it works.")

    class Meta:
        model = ApiToken
        fields = ["name", "key", "user", "scopes", "is_limited", "accounts", "created_at", "expires_at"]
        read_only_fields = fields
        extra_kwargs = {"key": {"help_text": "The part of the secret that may be seen."}}

    def get_accounts(self, token: ApiToken) -> list[int]:
        return sorted(rights.accounts_of(token.user).values_list("pk", flat=True))


class CurrentTokenViewSet(viewsets.ViewSet):
    # Whatever its scope: a program must be able to see why it is refused elsewhere.
    permission_classes = [IsAuthenticated]

    @extend_schema(operation_id="v1_tokens_current_retrieve", responses={200: CurrentTokenSerializer, 404: ERRORS[404]})
    def list(self, request: Request) -> Response:
        """What the token of this request may be used for, and until when. 404 for who has logged in without one."""
        token = rights.token_of(request.user)
        if token is None:
            raise NotFound
        return Response(CurrentTokenSerializer(token).data)


VIEWSETS = {"tokens/current": CurrentTokenViewSet}
