"""The verbs of API tokens: issue, find, rotate, revoke."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
import string
from collections.abc import Collection, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wxcore.errors import OperatorError
from wxcore.fields import Secret
from wxcore.models import ApiToken, OfficialAccount, Scope

# Scanners that look for leaked secrets know them by how they begin.
PREFIX = "qf"
USUAL_LIFE = dt.timedelta(days=90)
LONGEST_LIFE = dt.timedelta(days=366)
OVERLAP = dt.timedelta(hours=24)
USE_IS_WRITTEN_EVERY = dt.timedelta(minutes=1)
_LETTERS = string.ascii_lowercase + string.digits


class WrongScopes(OperatorError):
    code = "wrong_scopes"
    message = _("A token needs a scope.")
    fix = _("Choose at least one of: read, write, send.")


class WrongExpiry(OperatorError):
    code = "wrong_expiry"
    message = _("A token expires in the future, and in a year at the latest.")
    fix = _("Choose a day within a year. Tokens that are in use are rotated, so that none is valid for ever.")


class NoAccountChosen(OperatorError):
    code = "no_account_chosen"
    message = _("The token is for some accounts only, and none is chosen.")
    fix = _("Choose an official account, or let it work for all of yours.")


class TokenEnded(OperatorError):
    code = "token_ended"
    message = _("This token has expired or was revoked.")
    fix = _("Create a new one.")


def issue(
    owner: AbstractBaseUser,
    *,
    name: str,
    scopes: Collection[str],
    now: dt.datetime,
    accounts: Sequence[OfficialAccount] | None = None,
    expires_at: dt.datetime | None = None,
) -> tuple[ApiToken, Secret]:
    """This will be a new token and its secret, which nobody ever sees again.

    `accounts` None means all that its owner works for, now and later. Raises WrongScopes, WrongExpiry,
    NoAccountChosen.
    """
    expires_at = expires_at or now + USUAL_LIFE
    check(scopes=scopes, accounts=accounts, expires_at=expires_at, now=now)
    key = "".join(secrets.choice(_LETTERS) for _number in range(8))
    secret = _new_secret(key)
    with transaction.atomic():
        token = ApiToken.objects.create(
            user_id=owner.pk,
            name=name,
            key=key,
            digest=_digest(secret),
            scopes=[scope for scope in Scope.values if scope in scopes],
            is_limited=accounts is not None,
            expires_at=expires_at,
        )
        token.accounts.set(accounts or [])
    return token, secret


def check(
    *,
    scopes: Collection[str],
    accounts: Sequence[OfficialAccount] | None,
    expires_at: dt.datetime,
    now: dt.datetime,
) -> None:
    """This will refuse what no token may be. Raises WrongScopes, WrongExpiry, NoAccountChosen."""
    if not scopes or set(scopes) - set(Scope.values):
        raise WrongScopes(fields={"scopes": "wrong"})
    if not now < expires_at <= now + LONGEST_LIFE:
        raise WrongExpiry(fields={"expires_at": "wrong"})
    if accounts is not None and not accounts:
        raise NoAccountChosen(fields={"accounts": "missing"})


def find(secret: str, *, now: dt.datetime) -> ApiToken | None:
    """This will be the token of a secret, if it still works and its owner may still log in."""
    prefix, _separator, rest = secret.partition("_")
    key = rest.partition("_")[0]
    if prefix != PREFIX or len(key) != 8 or not secret.isascii():
        return None
    token = ApiToken.objects.select_related("user").filter(key=key).first()
    if token is None or not _fits(token, secret, now) or not token.is_alive(now) or not token.user.is_active:
        return None
    return token


def _fits(token: ApiToken, secret: str, now: dt.datetime) -> bool:
    digest = _digest(secret)
    if hmac.compare_digest(digest, token.digest):
        return True
    still = token.previous_until is not None and now < token.previous_until
    return still and hmac.compare_digest(digest, token.previous_digest)


def remember_use(token: ApiToken, *, address: str | None, now: dt.datetime) -> None:
    """This will write when and from where the token was used, once a minute at most: a write costs more than a read."""
    since = now - USE_IS_WRITTEN_EVERY
    if token.last_used_at is not None and token.last_used_at > since:
        return
    unwritten = Q(last_used_at=None) | Q(last_used_at__lte=since)
    ApiToken.objects.filter(unwritten, pk=token.pk).update(last_used_at=now, last_address=address)


def rotate(token: ApiToken, *, now: dt.datetime, end_old_at_once: bool = False) -> Secret:
    """This will be a new secret. The old one works for a day more, unless it ends at once. Raises TokenEnded."""
    secret = _new_secret(token.key)
    with transaction.atomic():
        row = ApiToken.objects.select_for_update().get(pk=token.pk)
        if not row.is_alive(now):
            raise TokenEnded
        row.previous_digest = "" if end_old_at_once else row.digest
        row.previous_until = None if end_old_at_once else now + OVERLAP
        row.digest = _digest(secret)
        row.save(update_fields=["digest", "previous_digest", "previous_until"])
    return secret


def revoke(token: ApiToken, *, now: dt.datetime) -> bool:
    """This will end a token at once, and tell whether it was us who did."""
    return ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now) == 1


def _new_secret(key: str) -> Secret:
    return Secret(f"{PREFIX}_{key}_{secrets.token_urlsafe(32)}")


def _digest(secret: str) -> str:
    # 32 random bytes need no salt and no slow hash: nobody guesses them.
    return hashlib.sha256(secret.encode()).hexdigest()
