"""What stands in two languages says the same, and quotes the product as it speaks."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
PAIRS = [(english, chinese) for chinese in (*ROOT.glob("*.zh.md"), *(ROOT / "docs").glob("*.zh.md"))
         for english in [chinese.with_name(chinese.name.replace(".zh.md", ".md"))]]  # fmt: skip


def headings(document: Path) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", _prose(document), re.MULTILINE)]


def named(document: Path) -> set[str]:
    """Settings, roles, permissions, addresses and commands: what is in backticks or in a block, but for remarks."""
    text = document.read_text()
    blocks = "".join(re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    lines = {re.sub(r"\s+#.*", "", line).strip() for line in blocks.splitlines()}
    return lines | set(re.findall(r"`([^`\n]+)`", _prose(document)))


def _prose(document: Path) -> str:
    return re.sub(r"^```.*?^```", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)


def quoted(document: Path, heading: str) -> list[str]:
    section = document.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| (.+?) \|", section, re.MULTILINE)[1:]


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=[english.name for english, _ in PAIRS])
def test_both_lead_to_each_other(english: Path, chinese: Path) -> None:
    assert f"]({chinese.name})" in english.read_text()
    assert f"]({english.name})" in chinese.read_text()


@pytest.mark.parametrize("name", ["guide", "operating"])
def test_both_have_the_same_chapters_and_pictures(name: str) -> None:
    english, chinese = (ROOT / "docs" / f"{name}{end}" for end in (".md", ".zh.md"))
    assert headings(english) == headings(chinese)
    shown = [re.findall(r"images/\w+/([\w-]+)\.png", document.read_text()) for document in (english, chinese)]
    assert shown[0] == shown[1]


def test_both_guides_for_operators_name_the_same_things() -> None:
    assert named(ROOT / "docs" / "operating.md") == named(ROOT / "docs" / "operating.zh.md")


def test_the_guides_quote_what_the_product_says() -> None:
    catalog = polib.pofile(str(ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))
    english = "\n".join(entry.msgid for entry in catalog)
    chinese = "\n".join(entry.msgstr or entry.msgstr_plural.get(0, "") for entry in catalog)
    for name, heading, said in (
        ("guide.md", "What it says, and what to do", english),
        ("guide.zh.md", "看到这些提示怎么办", chinese),
    ):
        words = quoted(ROOT / "docs" / name, heading)
        assert len(words) > 15
        assert [word for word in words if word not in said] == []
