"""The schema is valid, names every route, and is shown to whoever has logged in."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
import yaml
from django.contrib.admindocs.views import simplify_regex
from django.core.management import call_command
from django.test import Client
from jsonschema import Draft4Validator
from rest_framework.test import APIClient

from wxcore.urls import router


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    return yaml.safe_load(out.getvalue())


def test_every_route_is_documented(schema: dict[str, Any]) -> None:
    routes = {simplify_regex(str(url.pattern)) for url in router.urls}

    assert set(schema["paths"]) == {
        f"/api/v1{route.replace('<pk>', '{id}').replace('<', '{').replace('>', '}')}" for route in routes
    }


def test_every_operation_says_what_it_does(schema: dict[str, Any]) -> None:
    operations = [operation for path in schema["paths"].values() for operation in path.values()]

    assert [operation["operationId"] for operation in operations if not operation.get("description")] == []


def test_send_names_its_refusals(schema: dict[str, Any]) -> None:
    send = schema["paths"]["/api/v1/campaigns/{id}/send/"]["post"]

    assert set(send["responses"]) == {"200", "400", "401", "403", "404", "409", "412", "415", "422", "429"}
    body = send["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    assert set(schema["components"]["schemas"][body]["properties"]) == {"seen", "heads"}


def test_no_secret_is_part_of_it(schema: dict[str, Any]) -> None:
    properties = schema["components"]["schemas"]["OfficialAccount"]["properties"]

    assert not {"secret", "token", "aes_key", "previous_aes_key"} & set(properties)


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "refused"), [("/api/schema/", 401), ("/api/docs/", 302)])
def test_it_is_shown_after_a_login(client: Client, api: APIClient, path: str, refused: int) -> None:
    assert client.get(path).status_code == refused
    assert api.get(path).status_code == 200


def bodies(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in schema["paths"].values():
        for operation in path.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield operation["operationId"], content


def test_examples_are_what_the_schema_allows(schema: dict[str, Any]) -> None:
    checked = set()
    for operation, content in bodies(schema):
        for example in content.get("examples", {}).values():
            body = content["schema"] | {"components": schema["components"]}
            found = Draft4Validator(body).iter_errors(example["value"])
            assert [error.message for error in found] == [], operation
            unknown = set(example["value"]) - set(resolved(schema, content["schema"])["properties"])
            assert not unknown, operation
            checked.add(operation)

    for wanted in ("campaigns_create", "campaigns_send_create", "drafts_create", "segments_create", "webhooks_create"):
        assert any(operation.endswith(wanted) for operation in checked), wanted


def resolved(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    return schema["components"]["schemas"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part
