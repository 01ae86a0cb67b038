"""How a program says who it is: `Authorization: Token qf_...`, or Bearer."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from wxcore import apitokens, rights
from wxcore.clients import address_of
from wxcore.models import ApiToken
from wxcore.throttling import slow_down

KEYWORDS = ("token", "bearer")


class TokenAuthentication(BaseAuthentication):
    """A token's secret in the header. Whatever else is in there is somebody else's business."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        keyword, _space, secret = get_authorization_header(request).decode("latin-1").strip().partition(" ")
        if keyword.lower() not in KEYWORDS:
            return None
        now = timezone.now()
        token = apitokens.find(secret.strip(), now=now)
        if token is None:
            slow_down(request)
            # One answer for all reasons: which it is would tell a stranger too much.
            raise AuthenticationFailed(_("This token is unknown, expired or revoked."), code="invalid_token")
        apitokens.remember_use(token, address=address_of(request), now=now)
        return rights.through(token), token

    def authenticate_header(self, request: Request) -> str:
        return 'Token realm="api"'
