"""Products to break, each started from one migrated database, and a headless Chromium to click through them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.e2e.product import MANAGE, Product, environment
from wxcore.simulator.app import Simulator

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("migrated")
    for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        subprocess.run([*MANAGE, *command], env=environment(directory), check=True, timeout=120)
    return directory


@pytest.fixture
def product(migrated: Path, tmp_path: Path, simulator: Simulator) -> Iterator[Product]:
    """Web and worker, with 300 simulated followers that are mirrored already, and a ready campaign to everybody."""
    directory = tmp_path / "data"
    shutil.copytree(migrated, directory, ignore=shutil.ignore_patterns("static"))
    (directory / "static").symlink_to(migrated / "static")
    running = Product(directory, simulator.url)
    try:
        running.start()
        running.api().wait("syncs/", lambda sync: sync["status"] == "finished", "the followers are mirrored")
        yield running
    finally:
        running.stop()


@pytest.fixture
def page() -> Iterator[Page]:
    """A fresh page; it fails the test when a script throws or anything that it loads is missing.

    A fixture of one test and not of the session: while Playwright's loop runs, Django refuses the database.
    """
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("chromium is not installed, and REQUIRE_BROWSER is set")
        pytest.skip("chromium is not installed")
    errors: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        opened = browser.new_context(viewport={"width": 1280, "height": 860}).new_page()
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.on("response", lambda answer: errors.append(answer.url) if answer.status >= 400 else None)
        yield opened
        browser.close()
    assert errors == []
