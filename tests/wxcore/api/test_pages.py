"""Below /api/ every refusal has the API's shape, also where no view answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

from followers.api.followers import TagViewSet

SHAPE = {"code", "message", "fix", "fields"}


@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/tags/1.2/", "/api/nothing", "/api/v1/tags/1/2/3/"])
def test_an_address_that_is_none(client: Client, db: None, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.json()["code"], set(answer.json())) == (404, "not_found", SHAPE)


def test_a_person_gets_a_page(client: Client, db: None) -> None:
    assert client.get("/nothing/").headers["Content-Type"].startswith("text/html")


def test_a_fault_of_ours(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: Any, **_options: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(TagViewSet, "list", broken)
    api.raise_request_exception = False

    answer = api.get("/api/v1/tags/")

    assert (answer.status_code, answer.json()["code"], set(answer.json())) == (500, "server_error", SHAPE)
