"""Lists of followers walk one index in the order that they show, however many followers there are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from rest_framework.test import APIClient

from followers.models import Follower, FollowerQuerySet, Tag
from wxcore.models import OfficialAccount

MakeFollowers = Callable[..., list[Follower]]

only_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the plan is SQLite's")


def plan(followers: FollowerQuerySet) -> str:
    """What SQLite would do for a page; on an empty table it plans as it does without statistics."""
    assert connection.vendor == "sqlite"
    return followers.order_by("-place")[:50].explain()


@only_sqlite
def test_who_wears_a_tag_is_found_without_sorting_or_leafing(tag: Tag) -> None:
    steps = plan(Follower.objects.listed().wearing(tag.pk)).splitlines()

    assert [("tag_id=?" in steps[0]), ("rowid=?" in steps[1]), len(steps)] == [True, True, 2]


@only_sqlite
@pytest.mark.parametrize(("subscribed", "index"), [(True, "follower_subscribed"), (False, "follower_left")])
def test_who_follows_and_who_left_have_an_index_each(account: OfficialAccount, subscribed: bool, index: str) -> None:
    (step,) = plan(Follower.objects.listed().filter(account=account, subscribed=subscribed)).splitlines()

    assert f"USING INDEX {index} " in step


@pytest.mark.django_db
def test_pages_of_a_tag_show_everybody_once(api: APIClient, make_followers: MakeFollowers, tag: Tag) -> None:
    wearing = [follower.pk for follower in make_followers(3, tag=tag)]
    make_followers(3)
    wearing += [follower.pk for follower in make_followers(2, tag=tag)]
    path, seen = f"/api/v1/followers/?tags={tag.pk}&page_size=2", []

    while path:
        page = api.get(path).json()
        seen += [row["id"] for row in page["results"]]
        path = page["next"]

    assert seen == sorted(wearing, reverse=True)
