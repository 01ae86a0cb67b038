"""The browser: goes to a page as somebody, frames what matters, keeps a small PNG."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from docs.screenshots.product import Product
from docs.screenshots.table import LANGUAGES, Shot

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
MAX_BYTES = 120_000
COLOURS = (256, 128, 64, 32)
# Absolute, so that it neither moves what it frames nor is cut off with it.
FRAME = """box => {
    const frame = document.createElement("div");
    Object.assign(frame.style, {
        position: "absolute", zIndex: 99999, pointerEvents: "none", border: "3px solid #e8590c", borderRadius: "10px",
        left: `${box.left + scrollX - 9}px`, top: `${box.top + scrollY - 9}px`,
        width: `${box.width + 18}px`, height: `${box.height + 18}px`, boxSizing: "border-box",
    });
    document.body.append(frame);
}"""


def take(product: Product, shots: Iterable[Shot], names: dict[str, object]) -> Iterator[Path]:
    """This will take every picture in every language, and be the files as they come."""
    if CHROMIUM is None:
        sys.exit("chromium is not installed.")
    shots = sorted(shots, key=_visit)  # one login for each visitor
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for language in LANGUAGES:
            for visit in dict.fromkeys(map(_visit, shots)):
                with _visitor(browser, product, language, visit) as page:
                    for shot in (shot for shot in shots if _visit(shot) == visit):
                        yield _picture(page, product, shot, language, names)
        browser.close()


def _visit(shot: Shot) -> tuple[str, str, int]:
    return (shot.who, shot.theme, shot.width)


@contextmanager
def _visitor(browser: Browser, product: Product, language: str, visit: tuple[str, str, int]) -> Iterator[Page]:
    who, theme, width = visit
    size = {"width": width, "height": 800}
    context: BrowserContext = browser.new_context(
        viewport=size,
        color_scheme=theme,
        reduced_motion="reduce",
        locale=LOCALES[language],
        timezone_id="Asia/Shanghai",
    )
    context.add_cookies([{"name": "django_language", "value": LANGUAGES[language], "url": product.site}])
    page = context.new_page()
    if who:
        username, password = product.login(who)
        page.goto(f"{product.site}/admin/login/")
        page.fill("[name=username]", username)
        page.fill("[name=password]", password)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{product.site}/admin/")
    yield page
    context.close()


def _picture(page: Page, product: Product, shot: Shot, language: str, names: dict[str, object]) -> Path:
    site, path = product.site, shot.path.format(language=language, **names)
    if path.startswith("simulator:"):
        site, path = product.simulator, path.removeprefix("simulator:")
    page.set_viewport_size({"width": shot.width, "height": shot.height})
    answer = page.goto(site + path)
    if answer is None or not answer.ok:
        sys.exit(f"{shot.name}: {path} answers {answer and answer.status}")
    page.wait_for_load_state("load")
    page.wait_for_timeout(1200)  # fragments and charts; a live stream never lets the network rest
    if shot.prepare:
        shot.prepare(page)
    if shot.mark:
        page.locator(shot.mark).first.evaluate(f"element => ({FRAME})(element.getBoundingClientRect())")
    file = shot.file(language)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(shrink(page.screenshot(animations="disabled", caret="hide")))
    return file


def shrink(png: bytes) -> bytes:
    """This will be the picture in as many colours as its size allows."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in COLOURS:
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= MAX_BYTES:
            break
    return out.getvalue()
