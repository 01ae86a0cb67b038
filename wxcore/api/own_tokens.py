"""One's API tokens, for a frontend in which people have logged in. A token neither sees nor makes any."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from wxcore import apitokens, rights
from wxcore.api.errors import ERRORS
from wxcore.api.examples import example
from wxcore.api.idempotency import IdempotentRequests
from wxcore.fields import Secret
from wxcore.models import ApiToken, OfficialAccount, Scope
from wxcore.permissions import LoggedInStaff

# A secret is for nobody's cache.
UNKEPT = {"Cache-Control": "no-store"}


class OwnTokenSerializer(serializers.ModelSerializer):
    """A token without its secret."""

    user = serializers.CharField(source="user.username", read_only=True, help_text="Whose rights it has.")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), read_only=True)
    works = serializers.SerializerMethodField(help_text="Neither expired nor revoked.")

    class Meta:
        model = ApiToken
        fields = [
            "id",
            "name",
            "key",
            "user",
            "scopes",
            "is_limited",
            "accounts",
            "works",
            "created_at",
            "expires_at",
            "revoked_at",
            "previous_until",
            "last_used_at",
            "last_address",
        ]
        read_only_fields = [name for name in fields if name != "name"]
        extra_kwargs = {"key": {"help_text": "The part of the secret that may be seen."}}

    def get_works(self, token: ApiToken) -> bool:
        return token.is_alive(timezone.now())


class OwnAccountField(serializers.PrimaryKeyRelatedField):
    """An account that the person works for."""

    def get_queryset(self) -> QuerySet[OfficialAccount]:
        return rights.accounts_of(self.context["request"].user)


@example("For a nightly report", name="nightly", scopes=["read"], accounts=[1], expires_at="2027-02-19T00:00:00Z")
class NewTokenSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=100, help_text="Which program it is for.")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.choices), max_length=len(Scope))
    accounts = OwnAccountField(
        queryset=OfficialAccount.objects.all(), many=True, required=False, help_text="Where it works."
    )
    all_accounts = serializers.BooleanField(
        default=False, help_text="Instead of `accounts`: wherever its owner works, now and later."
    )
    expires_at = serializers.DateTimeField(required=False, help_text="In a year at the latest; without it, in 90 days.")


class IssuedTokenSerializer(OwnTokenSerializer):
    secret = serializers.CharField(read_only=True, help_text="Told this one time.")

    class Meta(OwnTokenSerializer.Meta):
        fields = [*OwnTokenSerializer.Meta.fields, "secret"]
        read_only_fields = fields


class RotationSerializer(serializers.Serializer):
    end_old_at_once = serializers.BooleanField(
        default=False, help_text="Because somebody else may know it; or else it works for 24 more hours."
    )


class OwnTokenViewSet(
    IdempotentRequests, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet
):  # fmt: skip
    """One's own tokens, newest first; superusers see everybody's. Needs a login: a token is answered 403."""

    named = "tokens"
    queryset = ApiToken.objects.select_related("user").prefetch_related("accounts")
    serializer_class = OwnTokenSerializer
    permission_classes = [LoggedInStaff]
    filter_backends: list[Any] = []

    def get_queryset(self) -> QuerySet[ApiToken]:
        rows = super().get_queryset()
        return rows if rights.is_unlimited(self.request.user) else rows.filter(user=self.request.user.pk)

    @extend_schema(request=NewTokenSerializer, responses={201: IssuedTokenSerializer, **ERRORS})
    def create(self, request: Request) -> Response:
        """Make a token for oneself. The answer tells the secret, this one time."""
        asked = self._asked(NewTokenSerializer)
        now = timezone.now()
        token, secret = apitokens.issue(
            request.user,
            name=asked["name"],
            scopes=asked["scopes"],
            accounts=None if asked["all_accounts"] else asked.get("accounts", []),
            expires_at=asked.get("expires_at"),
            now=now,
        )
        return self._tell(token, secret, status.HTTP_201_CREATED)

    @extend_schema(request=OwnTokenSerializer, responses={200: OwnTokenSerializer, **ERRORS})
    def partial_update(self, request: Request, pk: str | None = None) -> Response:
        """Give a token another name. What it may is never changed: make another one, and revoke this."""
        serializer = self.get_serializer(self.get_object(), data=request.data, partial=True)
        serializer.is_valid(raise_exception=True)
        serializer.save()
        return Response(serializer.data)

    @extend_schema(request=RotationSerializer, responses={200: IssuedTokenSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def rotate(self, request: Request, pk: str | None = None) -> Response:
        """Make a new secret. Scopes, accounts and the end stay."""
        token, at_once = self.get_object(), self._asked(RotationSerializer)["end_old_at_once"]
        secret = apitokens.rotate(token, now=timezone.now(), end_old_at_once=at_once)
        return self._tell(self.get_object(), secret, status.HTTP_200_OK)

    @extend_schema(request=None, responses={200: OwnTokenSerializer, **ERRORS})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str | None = None) -> Response:
        """End a token at once and for good."""
        apitokens.revoke(self.get_object(), now=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)

    def _asked(self, serializer: type[serializers.Serializer]) -> dict[str, Any]:
        read = serializer(data=self.request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        given: dict[str, Any] = read.validated_data
        return given

    def _tell(self, token: ApiToken, secret: Secret, answered: int) -> Response:
        told = {**OwnTokenSerializer(token).data, "secret": str(secret)}
        return Response(told, status=answered, headers=UNKEPT)


VIEWSETS = {"tokens": OwnTokenViewSet}
