"""The TypeScript of the documents, checked and compiled with the tools of docs/typescript."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

TOOLS = settings.BASE_DIR / "docs" / "typescript"


def block(document: Path, language: str) -> str:
    """This will be the document's only block in a language."""
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", document.read_text(), re.MULTILINE | re.DOTALL)
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
    """This will be what a command says. It must succeed."""
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | (variables or {}), capture_output=True, text=True, check=False,
        timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def install(folder: Path) -> None:
    """This will put the tools, as they are pinned, into a folder of a test."""
    for name in ("package.json", "package-lock.json", "tsconfig.json"):
        shutil.copy(TOOLS / name, folder)
    run("npm", "ci", "--no-audit", "--no-fund", "--prefer-offline", cwd=folder)
