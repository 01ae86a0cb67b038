"""Lists: pages by key, searched, in another order, with fewer fields."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest
from rest_framework.test import APIClient

from callbacks.models import ReplyRule
from followers.models import Follower, Tag
from wxcore.models import OfficialAccount
from wxcore.pagination import Place

TAGS = "/api/v1/tags/"
MakeFollowers = Callable[..., list[Follower]]


@pytest.fixture
def tags(account: OfficialAccount) -> list[Tag]:
    """Seven of which five have the same count."""
    counts = (3, 5, 5, 5, 5, 5, 9)
    return [
        Tag.objects.create(account=account, tag_id=100 + number, name=f"标签{number}", count=count)
        for number, count in enumerate(counts)
    ]


def walk(api: APIClient, path: str | None, direction: str = "next") -> list[list[int]]:
    """This will be the ids of every page."""
    pages: list[list[int]] = []
    while path:
        page = api.get(path).json()
        pages.append([row["id"] for row in page["results"]])
        assert len(pages) < 50
        path = page[direction]
    return pages


def last_page(api: APIClient, path: str) -> str:
    while following := api.get(path).json()["next"]:
        path = following
    return path


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("ordering", ["", "id", "-id", "count", "-count", "name", "-name"])
def test_every_row_comes_once_in_every_order(api: APIClient, tags: list[Tag], ordering: str, size: int) -> None:
    path = f"{TAGS}?page_size={size}&ordering={ordering}"
    columns = {"": "-pk", "id": "pk", "-id": "-pk"}.get(ordering, ordering)
    last = "-pk" if columns.startswith("-") else "pk"
    wanted = list(Tag.objects.order_by(columns, last).values_list("pk", flat=True))

    assert list(chain(*walk(api, path))) == wanted
    assert list(chain(*reversed(walk(api, last_page(api, path), "previous")))) == wanted


def test_a_thousand_equal_values_hide_no_row(api: APIClient, account: OfficialAccount) -> None:
    Tag.objects.bulk_create(Tag(account=account, tag_id=number, name="x", count=1) for number in range(1200))

    found = list(chain(*walk(api, f"{TAGS}?ordering=count&page_size=300")))

    assert len(found) == len(set(found)) == 1200


def test_rules_come_by_account_and_position(api: APIClient, account: OfficialAccount) -> None:
    for number in range(5):
        ReplyRule.objects.create(account=account, words="x", text="x", position=5 - number // 2)

    found = list(chain(*walk(api, "/api/v1/reply-rules/?page_size=2")))

    assert found == list(ReplyRule.objects.order_by("position", "pk").values_list("pk", flat=True))


def test_a_row_that_is_new_moves_no_page(api: APIClient, account: OfficialAccount, tags: list[Tag]) -> None:
    first = api.get(f"{TAGS}?page_size=3").json()
    Tag.objects.create(account=account, tag_id=500, name="new")

    assert [row["id"] for row in api.get(first["next"]).json()["results"]] == [tag.pk for tag in tags[3:0:-1]]


def test_rows_that_went_meanwhile_leave_a_way_back(api: APIClient, tags: list[Tag]) -> None:
    first = api.get(f"{TAGS}?page_size=6").json()
    tags[0].delete()

    empty = api.get(first["next"]).json()

    assert (empty["results"], empty["next"]) == ([], None)
    assert api.get(empty["previous"]).json()["results"]


@pytest.mark.parametrize(
    "cursor",
    ["nonsense", "", "e30=", Place([]).encode(), Place(["a"]).encode(), Place(["1", "2"]).encode(), "W10=", "bnVsbA==",
     Place(["9" * 5000]).encode(), Place(["\0"]).encode(), Place([None]).encode(), "%FF%FE", "é", "[" * 3000],
)  # fmt: skip
def test_a_cursor_that_is_none_of_ours_is_not_found(api: APIClient, tags: list[Tag], cursor: str) -> None:
    answer = api.get(TAGS, {"cursor": cursor})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_cursor_beyond_every_number_shows_nothing_or_all(api: APIClient, tags: list[Tag]) -> None:
    assert len(api.get(TAGS, {"cursor": Place(["9" * 30]).encode()}).json()["results"]) == len(tags)
    assert api.get(TAGS, {"cursor": Place(["-" + "9" * 30]).encode()}).json()["results"] == []


def test_another_order_is_refused_by_name(api: APIClient, tags: list[Tag]) -> None:
    for ordering in ("tag_id", "account__secret", "--count", "count,name", "pk"):
        answer = api.get(TAGS, {"ordering": ordering})
        assert (answer.status_code, set(answer.json()["fields"])) == (400, {"ordering"})
        assert "count" in answer.json()["fields"]["ordering"][0]


@pytest.mark.parametrize(("words", "found"), [("标签3", 1), ("标签", 7), ("  标签3 ", 1), ("", 7), ("\0", 7), ("%", 0)])
def test_words_are_found(api: APIClient, tags: list[Tag], words: str, found: int) -> None:
    assert len(api.get(TAGS, {"search": words}).json()["results"]) == found


def test_followers_are_found_by_how_they_begin(api: APIClient, make_followers: MakeFollowers) -> None:
    made = make_followers(12)
    Follower.objects.filter(pk=made[3].pk).update(remark="王芳")

    assert [row["id"] for row in api.get("/api/v1/followers/?search=王").json()["results"]] == [made[3].pk]
    found = api.get("/api/v1/followers/", {"search": made[11].openid[:-1]}).json()["results"]
    assert {row["id"] for row in found} == {made[10].pk, made[11].pk}


@pytest.mark.parametrize("suffix", ["", "{pk}/"])
def test_only_the_fields_that_were_asked_for(api: APIClient, tags: list[Tag], suffix: str) -> None:
    answer: Any = api.get(f"{TAGS}{suffix.format(pk=tags[0].pk)}?fields=id, name").json()

    row = answer if suffix else answer["results"][0]
    assert set(row) == {"id", "name"}


def test_a_field_that_is_not_there_is_named(api: APIClient, tags: list[Tag]) -> None:
    answer = api.get(f"{TAGS}?fields=id,secret,nope")

    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"fields"})
    assert ["nope" in text or "secret" in text for text in answer.json()["fields"]["fields"]] == [True, True]


def test_an_empty_list_knows_its_fields_too(api: APIClient, account: OfficialAccount) -> None:
    assert api.get(f"{TAGS}?fields=nope").status_code == 400


def test_a_number_is_searched_with_words_too(api: APIClient, account: OfficialAccount) -> None:
    for words in ("abc", "9" * 40, "1.5"):
        assert api.get("/api/v1/broadcasts/", {"search": words}).json()["results"] == []


def test_a_list_below_a_row_has_orders_of_its_own(api: APIClient, account: OfficialAccount) -> None:
    answer = api.get(f"/api/v1/accounts/{account.pk}/members/?ordering=-name")

    assert (answer.status_code, set(answer.json()["fields"])) == (400, {"ordering"})


@pytest.mark.parametrize(
    ("path", "field"), [("reply-rules/order", "order"), ("webhook-deliveries/again", "deliveries")]
)
def test_an_id_beyond_every_number_is_refused(api: APIClient, db: None, path: str, field: str) -> None:
    answer = api.post(f"/api/v1/{path}/", {field: [2**70]}, format="json")

    assert (answer.status_code, set(answer.json()["fields"])) == (400, {field})
