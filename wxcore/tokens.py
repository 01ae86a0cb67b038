"""Where all processes of all machines share an account's access token: one row with a lease."""

from __future__ import annotations

import time

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from wxcore import failures, webhooks
from wxcore.errors import OperatorError
from wxcore.models import AccessToken, OfficialAccount
from wxcore.wechat.tokens import StoredToken


class DatabaseTokenStore:
    """A `wxcore.wechat.tokens.TokenStore` in the database. What others see of it is one statement at each step."""

    def __init__(self, account: OfficialAccount) -> None:
        self._rows = AccessToken.objects.filter(account_id=account.pk)
        self._fingerprint = salted_hmac(
            "access token", "\n".join([account.appid, account.secret, account.api_base_url, account.token_endpoint])
        ).hexdigest()
        self._account_id = account.pk

    def load(self) -> StoredToken | None:
        row = self._rows.filter(fingerprint=self._fingerprint).first()
        return StoredToken(row.value, row.expires_at) if row and row.value else None

    def claim(self, *, holder: str, lease_seconds: float) -> bool:
        now = time.time()
        AccessToken.objects.bulk_create(
            [AccessToken(account_id=self._account_id, fingerprint=self._fingerprint)], ignore_conflicts=True
        )
        self._rows.exclude(fingerprint=self._fingerprint).update(
            fingerprint=self._fingerprint,
            value="",
            expires_at=0,
            holder="",
            lease_until=0,
            failed_at=None,
            **failures.columns(None),
        )
        free = Q(holder="") | Q(lease_until__lt=now)
        return self._rows.filter(free).update(holder=holder, lease_until=now + lease_seconds) == 1

    def save(self, token: StoredToken, *, holder: str) -> None:
        self._rows.filter(holder=holder, fingerprint=self._fingerprint).update(
            value=token.value,
            expires_at=token.expires_at,
            holder="",
            lease_until=0,
            failed_at=None,
            **failures.columns(None),
        )

    def release(self, *, holder: str) -> None:
        self._rows.filter(holder=holder).update(holder="", lease_until=0)

    def fail(self, error: OperatorError, *, holder: str) -> None:
        """The webhooks are told once for each cause, and not at every call."""
        mine = self._rows.filter(holder=holder, fingerprint=self._fingerprint)
        reason = {"failed_at": timezone.now(), **failures.columns(error)}
        with transaction.atomic():
            if mine.exclude(error_code=error.code).update(**reason):
                told = {"error_code": error.code, "error_message": str(error.message)}
                webhooks.emit(self._account_id, "account.token_failed", lambda: told)
            mine.update(holder="", lease_until=0, **reason)
