"""The documents say only what is so: paths, targets, links, addresses and commands exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from wxcore.urls import router

ROOT = settings.BASE_DIR
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
TOP = ("wxcore/", "followers/", "campaigns/", "callbacks/", "tests/", "templates/", "docs/", "bench/", "locale/")


def named(document: Path, pattern: str) -> set[str]:
    return set(re.findall(pattern, document.read_text(), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_path_in_backticks_exists(document: Path) -> None:
    paths = {word for word in named(document, r"`([\w./-]+)`") if word.startswith(TOP)}
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_make_target_exists(document: Path) -> None:
    targets = named(ROOT / "Makefile", r"^([a-z-]+):")
    used = {
        name for words in named(document, r"`([^`\n]*\bmake [a-z-]+)`") for name in re.findall(r"make ([a-z-]+)", words)
    }
    used |= named(document, r"^make ([a-z-]+)")
    assert used <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_local_link_leads_somewhere(document: Path) -> None:
    links = {link.split("#")[0] for link in named(document, r"\]\(([^)]+)\)") if "://" not in link}
    assert [link for link in sorted(links) if link and not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_management_command_exists(document: Path) -> None:
    assert named(document, r"manage\.py ([a-z_]+)") <= set(get_commands())


def test_every_test_that_reliability_names_exists() -> None:
    named_tests = named(ROOT / "docs" / "reliability.md", r"`([\w/]+\.py::\w+)`")
    assert len(named_tests) > 25
    for path, function in (test.split("::") for test in sorted(named_tests)):
        assert f"def {function}(" in (ROOT / "tests" / path).read_text(), f"{path} has no {function}"


def test_every_api_address_resolves() -> None:
    addresses = named(ROOT / "docs" / "api.md", r"(/api/v1/[\w/{}-]+)")
    assert addresses
    for address in addresses:
        try:
            resolve(address.replace("{id}", "1"))
        except Resolver404:
            pytest.fail(f"docs/api.md names {address}, which leads nowhere")


def test_every_api_address_is_in_the_table() -> None:
    """A path that continues the one before it in its line stands without it."""
    rows = (line for line in (ROOT / "docs" / "api.md").read_text().splitlines() if line.startswith("| `"))
    lines = [row.split("|")[1] for row in rows]
    told = set()
    for line in lines:
        base = ""
        for address in re.findall(r"(/[a-z0-9_{}/-]+/)", line):
            if address.startswith("/api/v1/"):
                base = address
                told.add(address)
            else:
                told |= {base[: place + 1] + address.lstrip("/") for place, sign in enumerate(base) if sign == "/"}
    missing = []
    for pattern in router.urls:
        plain = re.sub(r"\(\?P<\w+>(?:[^()]|\([^()]*\))*\)", "{id}", str(pattern.pattern).strip("^$"))
        named = {f"/api/v1/{plain}", re.sub(r"(versions|messages)/{id}", r"\1/1", f"/api/v1/{plain}")}
        # Each list also has `/{id}/` and `/export/`, which the document says once.
        if not named & told and not (plain.count("/") == 2 and plain.endswith(("/{id}/", "/export/"))):
            missing.append(plain)
    assert missing == []
