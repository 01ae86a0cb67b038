"""A frontend on another host may ask when a setting names it, and only the API."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

ORIGIN = "https://app.example.com"
TAGS = "/api/v1/tags/"


def preflight(client: Client, path: str = TAGS, origin: str = ORIGIN) -> Any:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization,if-match,idempotency-key,content-type",
    }
    return client.options(path, headers=headers)


def test_nobody_may_without_the_setting(client: Client, db: None) -> None:
    assert "Access-Control-Allow-Origin" not in preflight(client).headers


@pytest.mark.django_db
class TestNamed:
    @pytest.fixture(autouse=True)
    def _named(self, settings: Any) -> None:
        settings.CORS_ALLOWED_ORIGINS = [ORIGIN]

    def test_whoever_is_named_may(self, client: Client) -> None:
        answer = preflight(client)

        assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
        allowed = answer.headers["Access-Control-Allow-Headers"]
        assert {"authorization", "if-match", "idempotency-key"} <= {name.strip() for name in allowed.split(",")}
        assert "Access-Control-Allow-Credentials" not in answer.headers

    def test_the_headers_that_matter_are_readable(self, client: Client) -> None:
        exposed = client.get(TAGS, headers={"Origin": ORIGIN}).headers["Access-Control-Expose-Headers"]

        assert {"ETag", "Retry-After", "Idempotency-Replayed"} <= {name.strip() for name in exposed.split(",")}

    def test_others_may_not(self, client: Client) -> None:
        for origin in ("https://evil.example.com", "https://app.example.com.evil.com", "null"):
            assert "Access-Control-Allow-Origin" not in preflight(client, origin=origin).headers

    def test_only_the_api_is_open(self, client: Client) -> None:
        for path in ("/admin/login/", "/", "/wechat/test/", "/metrics"):
            assert "Access-Control-Allow-Origin" not in preflight(client, path=path).headers
