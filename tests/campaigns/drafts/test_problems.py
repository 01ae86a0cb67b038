"""What WeChat would refuse is said before, on both sides of each limit."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns import drafts, limits
from campaigns.models import Draft
from tests.campaigns.drafts.conftest import MakePicture, article

COMPLETE = {"title": "标题", "body": "<p>正文</p>"}


@pytest.fixture
def cover(make_picture: MakePicture) -> int:
    return make_picture().pk


def fields(draft: Draft, *articles: dict[str, Any]) -> list[tuple[int, str]]:
    saved = drafts.save(draft, articles, seen_version=draft.version, by=None, automatic=False)
    return [(problem.number, problem.field) for problem in drafts.problems(saved)]


def test_a_complete_article_has_none(draft: Draft, cover: int) -> None:
    assert fields(draft, article(**COMPLETE, cover=cover)) == []


def test_title_cover_and_body_must_be_there(draft: Draft, cover: int) -> None:
    assert fields(draft, article(**COMPLETE, cover=cover), article()) == [(2, "title"), (2, "cover"), (2, "body")]


@pytest.mark.parametrize(
    ("field", "fits"),
    [
        ("title", "标" * limits.TITLE),
        ("author", "作" * limits.AUTHOR["current"]),
        ("digest", "摘" * limits.DIGEST),
        ("source_url", "https://example.com/".ljust(limits.SOURCE_URL_BYTES, "a")),
    ],
)
def test_each_field_has_its_length(draft: Draft, cover: int, field: str, fits: str) -> None:
    assert fields(draft, article(**COMPLETE | {field: fits}, cover=cover)) == []
    draft.refresh_from_db()
    assert fields(draft, article(**COMPLETE | {field: fits + "多"}, cover=cover)) == [(1, field)]


def test_authors_were_shorter_once(draft: Draft, cover: int) -> None:
    draft.account.media_limits = "old"

    assert fields(draft, article(**COMPLETE, author="作" * 8, cover=cover)) == []
    draft.account.save()
    draft.refresh_from_db()
    assert fields(draft, article(**COMPLETE, author="作" * 9, cover=cover)) == [(1, "author")]


@pytest.mark.parametrize("link", ["javascript:alert(1)", "example.com", "https://", "http://[", "ftp://example.com/"])
def test_a_link_is_a_web_address(draft: Draft, cover: int, link: str) -> None:
    assert fields(draft, article(**COMPLETE, cover=cover, source_url=link)) == [(1, "source_url")]


def test_a_title_of_spaces_is_none(draft: Draft, cover: int) -> None:
    assert fields(draft, article(**COMPLETE | {"title": " \u3000"}, cover=cover)) == [(1, "title")]


@pytest.mark.parametrize(
    ("body", "found"),
    [("字" * (limits.CONTENT_CHARS - 1), []), ("字" * limits.CONTENT_CHARS, [(1, "body")])],
)
def test_a_body_has_fewer_than_20000_characters(
    draft: Draft, cover: int, body: str, found: list[tuple[int, str]]
) -> None:
    assert fields(draft, article("标题", body, cover=cover)) == found
