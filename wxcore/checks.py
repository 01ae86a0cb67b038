"""System checks: a configuration that would hurt later is named now, with the way out."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.core.exceptions import ImproperlyConfigured


@register(Tags.security)
def encryption_keys_are_fernet_keys(**_: Any) -> list[CheckMessage]:
    for position, key in enumerate(settings.ENCRYPTION_KEYS, start=1):
        try:
            Fernet(key)
        except ValueError:
            return [
                Error(
                    f"Key {position} of ENCRYPTION_KEYS is not a Fernet key.",
                    hint="`python -m wxcore.keys` prints a good one.",
                    id="qunfa.E001",
                )
            ]
    return []


@register(Tags.compatibility)
def the_broker_reaches_every_process(**_: Any) -> list[CheckMessage]:
    if settings.CELERY_BROKER_URL.startswith("memory") and not settings.EMBEDDED:
        return [
            Error(
                "The in-memory broker serves one process, but DATABASE_URL says that there are several.",
                hint="Set CELERY_BROKER_URL to a Redis, for example redis://127.0.0.1:6379/0.",
                id="qunfa.E002",
            )
        ]
    return []


@register(Tags.compatibility)
def rates_of_the_api_are_rates(**_: Any) -> list[CheckMessage]:
    from wxcore import throttling  # needs the apps to be loaded

    found: list[CheckMessage] = []
    for name in ("API_RATE", "API_RATE_ANONYMOUS"):
        try:
            throttling.read(getattr(settings, name))
        except ImproperlyConfigured as error:
            found.append(Error(f"{name}: {error}", hint="Write for example 600/minute.", id="qunfa.E003"))
    return found


@register(Tags.security, deploy=True)
def a_public_site_names_its_hosts(**_: Any) -> list[CheckMessage]:
    if set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}:
        return [
            Warning(
                "ALLOWED_HOSTS names only this machine, so WeChat cannot reach the callback.",
                hint="Set ALLOWED_HOSTS to the public host name.",
                id="qunfa.W001",
            )
        ]
    return []
