"""Whatever is asked of the API, it neither breaks nor answers otherwise than its schema says."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.db.models import Model
from django.utils import timezone
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from tests.people import member
from tests.rights.world import account, populate
from wxcore import apitokens
from wxcore.urls import router
from wxcore.wechat import transport
from wxcore.wsgi import application

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 4, GenerationMode.NEGATIVE: 3}
# A stream does not end, so it has tests of its own.
PREFIXES = sorted({prefix for prefix, _viewset, _name in router.registry} - {"stream"})


@pytest.fixture(scope="session")
def schema() -> Any:
    out = StringIO()
    call_command("spectacular", stdout=out)
    document = yaml.safe_load(out.getvalue())
    for path in document["paths"].values():
        for operation in path.values():
            # With fewer fields an answer has fewer than the schema says: tests/wxcore/api/test_lists.py.
            operation["parameters"] = [one for one in operation.get("parameters", []) if one["name"] != "fields"]
    read = schemathesis.openapi.from_dict(document)
    read.app = application
    return read


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The real application closes its connection after a request, and with it the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def rows(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Model]:
    """One of everything, of an account whose WeChat nobody can reach; nobody waits for it."""
    settings.MEDIA_ROOT = str(tmp_path)
    for kind, delays in transport.RETRY_DELAYS.items():
        monkeypatch.setitem(transport.RETRY_DELAYS, kind, (0.0,) * len(delays))
    return populate(account("fuzz", "模糊"), "模糊")


@pytest.fixture
def secret(rows: dict[str, Model]) -> str:
    owner = member(rows["wxcore.officialaccount"], "administrator", "fuzzer")  # type: ignore[arg-type]
    scopes = ["read", "write", "send"]
    return str(apitokens.issue(owner, name="fuzz", scopes=scopes, now=timezone.now())[1])


@pytest.mark.parametrize("prefix", PREFIXES)
def test_it_keeps_to_its_schema(schema: Any, rows: dict[str, Model], secret: str, prefix: str) -> None:
    found = [operation for operation in operations(schema) if operation.path.startswith(f"/api/v1/{prefix}/")]

    for operation in found:
        for mode, number in EXAMPLES.items():
            probe(operation, mode, number, known_ids(prefix, rows), secret)


def operations(schema: Any) -> list[Any]:
    return [result.ok() for result in schema.get_all_operations()]


def probe(operation: Any, mode: GenerationMode, number: int, ids: dict[str, int], secret: str) -> None:
    """This will ask for one operation in many ways, half of them about a row that there is."""
    named = {name: pk for name, pk in ids.items() if f"{{{name}}}" in operation.path}
    for path_parameters in [named, None] if named else [None]:
        try:
            cases = operation.as_strategy(generation_mode=mode, path_parameters=path_parameters)
        except Exception as impossible:
            if "not" in str(impossible):
                continue
            raise

        @settings(
            max_examples=number, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=cases)
        def ask(case: Any) -> None:
            with transaction.atomic():
                answer = case.call(headers={"Authorization": f"Token {secret}"})
                case.validate_response(answer, checks=CHECKS)
                transaction.set_rollback(True)  # the next one finds the same rows

        ask()


def known_ids(prefix: str, rows: dict[str, Model]) -> dict[str, int]:
    """This will be what the paths below a prefix may name."""
    viewset = next(viewset for known, viewset, _name in router.registry if known == prefix)
    model = getattr(getattr(viewset, "queryset", None), "model", None)
    row = rows.get(model._meta.label_lower) if model is not None else None
    named = {"follower": rows["followers.follower"].pk}
    return named | ({"id": row.pk} if row is not None else {})
