"""A headless Chromium for the tests that click."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Response, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


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
        opened.on("response", lambda answer: errors.append(answer.url) if _is_failure(answer) else None)
        yield opened
        browser.close()
    assert errors == []


def _is_failure(answer: Response) -> bool:
    """Not what a script asked for and was refused: the page shows that, and a test may want it."""
    refused = answer.status in (400, 409) and answer.request.resource_type in ("xhr", "fetch")
    return answer.status >= 400 and not refused
