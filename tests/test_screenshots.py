"""The pictures in the documents are those of the script's table, all of them, and small."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

from docs.screenshots.table import IMAGES, LANGUAGES, SHOTS

ROOT = settings.BASE_DIR
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
TAKEN = {shot.file(language) for shot in SHOTS for language in LANGUAGES}


def shown(document: Path) -> set[Path]:
    return {(document.parent / link).resolve() for link in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", document.read_text())}


def test_every_picture_of_a_document_is_taken_by_the_script() -> None:
    assert {file for document in DOCUMENTS for file in shown(document)} - TAKEN == set()


def test_every_picture_of_the_script_is_shown_and_there() -> None:
    assert TAKEN - {file for document in DOCUMENTS for file in shown(document)} == set()
    assert sorted(IMAGES.rglob("*.png")) == sorted(TAKEN)


def test_a_chinese_document_shows_chinese_pictures_and_an_english_one_english() -> None:
    for document in DOCUMENTS:
        language = "zh" if document.name.endswith(".zh.md") else "en"
        assert {file.parent.name for file in shown(document)} <= {language}, document.name


def test_each_picture_is_small_and_all_together_too() -> None:
    sizes = {file: file.stat().st_size for file in TAKEN}
    assert {file: size for file, size in sizes.items() if size > 120_000} == {}
    assert sum(sizes.values()) < 4_000_000
