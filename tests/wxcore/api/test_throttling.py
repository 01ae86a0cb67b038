"""Who asks too often is told when to come back."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from rest_framework.test import APIClient

from wxcore import apitokens, throttling

TAGS = "/api/v1/tags/"


@pytest.fixture(autouse=True)
def _fresh(settings: Any) -> None:
    cache.clear()
    settings.API_RATE = "2/hour"
    settings.API_RATE_ANONYMOUS = "3/hour"


def test_the_third_of_two_is_refused(api: APIClient) -> None:
    answers = [api.get(TAGS) for _number in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    told = answers[2].json()
    assert (told["code"], set(told)) == ("throttled", {"code", "message", "fix", "fields"})
    assert told["fix"]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 3600
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]


def test_each_token_has_its_own(admin_user: User) -> None:
    for name in ("a", "b"):
        _token, secret = apitokens.issue(admin_user, name=name, scopes=["read"], now=timezone.now())
        client = APIClient(headers={"Authorization": f"Token {secret}"})
        assert [client.get(TAGS).status_code for _number in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Token qf_12345678_wrong"}])
def test_a_stranger_is_slowed_down_by_address(db: None, headers: dict[str, str]) -> None:
    client = APIClient(headers=headers)

    assert [client.get(TAGS).status_code for _number in range(4)] == [401, 401, 401, 429]
    assert APIClient(REMOTE_ADDR="9.9.9.9").get(TAGS).status_code == 401


def test_nobody_is_counted_when_there_is_no_rate(api: APIClient, settings: Any) -> None:
    settings.API_RATE = ""

    answers = [api.get(TAGS) for _number in range(4)]

    assert {answer.status_code for answer in answers} == {200}
    assert "X-RateLimit-Limit" not in answers[0].headers


def test_a_cache_that_is_down_stops_nobody(api: APIClient, settings: Any) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }

    assert [api.get(TAGS).status_code for _number in range(3)] == [200, 200, 200]


@pytest.mark.parametrize("rate", ["x", "0/minute", "10", "10/week", "-1/minute", "1.5/hour", "10 / minute"])
def test_a_rate_that_is_none_fails_loudly(rate: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        throttling.read(rate)
