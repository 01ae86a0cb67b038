"""A configuration that would hurt later is named at the start."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _embedded(settings: Settings) -> None:
    settings.EMBEDDED, settings.CELERY_BROKER_URL = True, "memory://localhost/"


def found(**options: bool) -> set[str]:
    return {message.id for message in run_checks(**options) if message.id.startswith("qunfa.")}


def test_the_defaults_are_fine() -> None:
    assert found() == set()


@pytest.mark.parametrize("keys", [["nonsense"], [""]])
def test_a_key_that_is_none(settings: Settings, keys: list[str]) -> None:
    settings.ENCRYPTION_KEYS = [*settings.ENCRYPTION_KEYS, *keys]

    assert found() == {"qunfa.E001"}


def test_a_broker_that_does_not_reach_every_process(settings: Settings) -> None:
    settings.EMBEDDED = False

    assert found() == {"qunfa.E002"}


def test_a_public_site_without_a_host(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    assert found(include_deployment_checks=True) == {"qunfa.W001"}

    settings.ALLOWED_HOSTS = ["qunfa.example.com"]
    assert found(include_deployment_checks=True) == set()


def test_each_says_what_to_do(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS, settings.EMBEDDED = ["nonsense"], False

    ours = [message for message in run_checks() if message.id.startswith("qunfa.")]

    assert len(ours) == 2
    assert all(message.hint for message in ours)
