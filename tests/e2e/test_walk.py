"""The walks of docs/api.md, taken from the document itself, from a token to a sent campaign, on the running product."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests.e2e.product import Product

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

TOOLS = settings.BASE_DIR / "docs" / "typescript"
DOCUMENT = settings.BASE_DIR / "docs" / "api.md"


def block(language: str) -> str:
    """This will be the document's only block in a language."""
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return found[0]


def needed(*names: str) -> None:
    """This will skip where a tool is missing, unless REQUIRE_NODE says that it must not be."""
    missing = [name for name in names if shutil.which(name) is None]
    if missing and os.environ.get("REQUIRE_NODE") == "1":
        pytest.fail(f"{missing} must be installed")
    if missing:
        pytest.skip(f"{missing} is not installed")


def run(*command: str, cwd: Path, variables: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | (variables or {}), capture_output=True, text=True, check=False, timeout=240
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def token(product: Product) -> dict[str, str]:
    scopes = [word for scope in ("read", "write", "send") for word in ("--scope", scope)]
    secret = product.manage("apitoken", product.login()["username"], "--name", "walk", *scopes).strip()
    return {"QUNFA": product.site, "TOKEN": secret}


def test_the_walk_with_curl(product: Product, tmp_path: Path) -> None:
    needed("curl", "jq", "bash")

    said = run("bash", "-euo", "pipefail", "-c", block("sh"), cwd=tmp_path, variables=token(product))

    assert said.splitlines()[:3] == ["demo: read, write, send", "Hello, everybody", "scheduled"]
    assert '"status":"finished","total_count":300' in said


def test_the_walk_in_typescript(product: Product, tmp_path: Path) -> None:
    """The generated client passes the strict type check, and does what the document says."""
    needed("node", "npm", "curl")
    variables = token(product)
    for name in ("package.json", "package-lock.json", "tsconfig.json"):
        shutil.copy(TOOLS / name, tmp_path)
    (tmp_path / "walk.ts").write_text(block("ts"))
    fetch = 'curl -sS --fail -H "Authorization: Token $TOKEN" "$QUNFA/api/schema/" > schema.yaml'

    run("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline", cwd=tmp_path)
    run("bash", "-c", fetch, cwd=tmp_path, variables=variables)
    run("npm", "run", "generate", cwd=tmp_path)
    run("npm", "run", "check", cwd=tmp_path)
    run("npm", "run", "build", cwd=tmp_path)
    said = run("node", "built/walk.js", cwd=tmp_path, variables=variables)

    assert re.fullmatch(r"TypeScript: finished, \d+ of 300\n", said)  # the simulator refuses one in a hundred
