"""Model fields that every app may use."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from wxcore.errors import OperatorError


class SecretUnreadable(OperatorError):
    code = "secret_unreadable"
    message = _("A stored secret cannot be read with the current ENCRYPTION_KEYS.")
    fix = _("Put the key that was used before behind the new one in ENCRYPTION_KEYS, or enter the secret again.")


class Secret(str):
    """Text that does not show itself in a repr, and so in no traceback that prints local variables."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


class _Sealed(str):
    """A value as it stands in the database."""

    __slots__ = ()


class _Unseal(DeferredAttribute):
    """Decrypts when the attribute is first read, so that a row whose secret is unreadable still loads."""

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, _Sealed) and instance is not None:
            value = instance.__dict__[self.field.attname] = _decrypt(value)
        return value

    # Having this makes it a data descriptor: without it the value in __dict__ would be returned as it is.
    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text that is encrypted at rest under ENCRYPTION_KEYS (Fernet; the first key encrypts, all of them decrypt).

    Empty stays empty. It cannot be searched. Reading the attribute raises SecretUnreadable when no key fits.
    """

    descriptor_class = _Unseal

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        if not text:
            return text
        return _cipher(tuple(settings.ENCRYPTION_KEYS)).encrypt(text.encode()).decode()

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return _Sealed(value) if value else value


def _decrypt(sealed: str) -> Secret:
    try:
        return Secret(_cipher(tuple(settings.ENCRYPTION_KEYS)).decrypt(sealed.encode()).decode())
    except InvalidToken:
        raise SecretUnreadable from None
