"""The walks of docs/api.md, taken from the document itself, from a token to a sent campaign, on the running product."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.e2e.product import Product
from tests.typescript import block, install, needed, run

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

DOCUMENT = settings.BASE_DIR / "docs" / "api.md"


def token(product: Product) -> dict[str, str]:
    scopes = [word for scope in ("read", "write", "send") for word in ("--scope", scope)]
    secret = product.manage("apitoken", product.login()["username"], "--name", "walk", *scopes).strip()
    return {"QUNFA": product.site, "TOKEN": secret}


def test_the_walk_with_curl(product: Product, tmp_path: Path) -> None:
    needed("curl", "jq", "bash")

    said = run("bash", "-euo", "pipefail", "-c", block(DOCUMENT, "sh"), cwd=tmp_path, variables=token(product))

    assert said.splitlines()[:3] == ["demo: read, write, send", "Hello, everybody", "scheduled"]
    assert '"status":"finished","total_count":300' in said


def test_the_walk_in_typescript(product: Product, tmp_path: Path) -> None:
    """The generated client passes the strict type check, and does what the document says."""
    needed("node", "npm", "curl")
    variables = token(product)
    install(tmp_path)
    (tmp_path / "walk.ts").write_text(block(DOCUMENT, "ts"))
    fetch = 'curl -sS --fail -H "Authorization: Token $TOKEN" "$QUNFA/api/schema/" > schema.yaml'

    run("bash", "-c", fetch, cwd=tmp_path, variables=variables)
    run("npm", "run", "generate", cwd=tmp_path)
    run("npm", "run", "check", cwd=tmp_path)
    run("npm", "run", "build", cwd=tmp_path)
    said = run("node", "built/walk.js", cwd=tmp_path, variables=variables)

    assert re.fullmatch(r"TypeScript: finished, \d+ of 300\n", said)  # the simulator refuses one in a hundred
