"""The library and the picker as a person uses them, in a real browser."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from tests.campaigns.media import files
from tests.campaigns.media.conftest import LIST, keep
from wxcore.models import OfficialAccount

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Library:
    """The page and who looks at it; made before the browser starts, for then the database is out of reach."""

    url: str
    session: str
    account: int


@pytest.fixture
def library(live_server: Any, admin_client: Client, account: OfficialAccount) -> Library:
    keep(account, files.picture(colour="blue"), "已有.jpg")
    return Library(f"{live_server.url}{LIST}", admin_client.cookies["sessionid"].value, account.pk)


@pytest.fixture
def opened(library: Library, page: Page) -> Page:
    page.context.add_cookies([{"name": "sessionid", "value": library.session, "url": library.url}])
    page.goto(library.url)
    return page


def file(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_several_files_are_uploaded_each_with_its_result(opened: Page) -> None:
    opened.set_input_files(
        ".q-drop-files",
        [
            file("新图.jpg", files.picture()),
            file("重复.png", files.picture(colour="blue")),
            file("假.jpg", files.HTML),
            file("早安.mp3", files.mp3()),
            file("太大.jpg", files.picture(pad_to=11 * files.MB)),
        ],
    )

    def result(name: str) -> Any:
        return opened.locator(".q-drop-result", has_text=name)

    expect(result("新图.jpg")).to_contain_text("已存入素材库")
    expect(result("重复.png")).to_contain_text("素材库中已有")
    expect(result("假.jpg")).to_contain_text("HTML")
    expect(result("早安.mp3")).to_contain_text("已存入素材库")
    expect(result("太大.jpg")).to_contain_text("11 MB")
    expect(opened.locator(".q-gallery .q-media-card")).to_have_count(3)


def test_files_are_dropped_on_the_page(opened: Page) -> None:
    transfer = opened.evaluate_handle(
        "bytes => { const t = new DataTransfer();"
        " t.items.add(new File([new Uint8Array(bytes)], '拖入.png')); return t; }",
        list(files.picture("PNG")),
    )
    opened.dispatch_event(".q-drop", "drop", {"dataTransfer": transfer})

    expect(opened.locator(".q-gallery")).to_contain_text("拖入.png")


def pick(page: Page, library: Library, options: str) -> None:
    page.evaluate(
        f"mediaPicker.open({{account: {library.account}, {options}, onPick: (items) => {{ window.picked = items }}}})"
    )


def picked(page: Page) -> list[str]:
    names: list[str] = page.wait_for_function("window.picked?.map((item) => item.name)").json_value()
    return names


def test_one_file_is_picked_with_a_click(opened: Page, library: Library) -> None:
    pick(opened, library, "kind: 'image'")
    opened.locator("dialog .q-media-choice", has_text="已有.jpg").click()

    assert picked(opened) == ["已有.jpg"]
    expect(opened.locator("dialog.q-pick")).to_be_hidden()


def test_what_is_uploaded_in_the_picker_is_picked(opened: Page, library: Library) -> None:
    pick(opened, library, "kind: 'image'")
    opened.set_input_files("dialog .q-drop-files", [file("新图.jpg", files.picture())])

    assert picked(opened) == ["新图.jpg"]


def test_several_are_picked_in_their_order_up_to_the_most(opened: Page, library: Library) -> None:
    pick(opened, library, "kind: 'image', multiple: true, most: 2")
    opened.set_input_files("dialog .q-drop-files", [file("新图.jpg", files.picture())])
    expect(opened.locator("dialog .q-media-choice[aria-pressed=true]")).to_have_count(1)
    opened.locator("dialog .q-media-choice", has_text="已有.jpg").click()
    expect(opened.locator("dialog .q-pick-count")).to_contain_text("2")
    opened.locator("dialog .q-pick-use").click()

    assert picked(opened) == ["新图.jpg", "已有.jpg"]


def test_the_picker_is_left_with_the_keyboard(opened: Page, library: Library) -> None:
    pick(opened, library, "kind: 'image'")
    expect(opened.locator("dialog .q-media-choice")).to_have_count(1)
    opened.keyboard.press("Escape")

    expect(opened.locator("dialog.q-pick")).to_be_hidden()


def test_searching_keeps_what_was_chosen(opened: Page, library: Library) -> None:
    pick(opened, library, "kind: 'image', multiple: true")
    opened.locator("dialog .q-media-choice", has_text="已有.jpg").click()
    opened.fill("dialog [name=q]", "没有这个")
    expect(opened.locator("dialog .q-media-choice")).to_have_count(0)
    expect(opened.locator("dialog [name=q]")).to_be_focused()
    opened.locator("dialog .q-pick-use").click()

    assert picked(opened) == ["已有.jpg"]
