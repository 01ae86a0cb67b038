"""Every page of a long list is one range of an index, also where a thousand rows are equal but for their key."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from callbacks.models import Conversation, Direction, Message
from campaigns.models import Broadcast, Campaign, Recipient
from followers.models import Follower
from wxcore.models import OfficialAccount
from wxcore.pagination import Place

MakeFollowers = Callable[..., list[Follower]]

only_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the plan is SQLite's")


def plans(api: APIClient, path: str, table: str) -> list[list[str]]:
    """What SQLite does in `table` for all that comes after the second row of a list.

    Of small tables without statistics it thinks as of large ones.
    """
    following = api.get(f"{path}?page_size=2").json()["next"].replace("page_size=2", "page_size=20")
    with CaptureQueriesContext(connection) as asked:
        assert api.get(following).status_code == 200
    texts = [query["sql"] for query in asked if f'FROM "{table}"' in query["sql"] and "LIMIT" in query["sql"]]
    with connection.cursor() as cursor:
        return [[row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {text}").fetchall()] for text in texts]


def walk(api: APIClient, path: str | None, direction: str = "next") -> list[list[int]]:
    """This will be the ids of every page."""
    pages: list[list[int]] = []
    while path:
        page = api.get(path).json()
        pages.append([row["id"] for row in page["results"]])
        assert len(pages) < 50
        path = page[direction]
    return pages


@pytest.fixture
def talks(account: OfficialAccount) -> list[Conversation]:
    """Nine, of which eight have their last message in the same moment."""
    now = timezone.now()
    return [
        Conversation.objects.create(
            account=account, openid=f"o{number}", last_message_at=now.replace(year=2020 + number // 8)
        )
        for number in range(9)
    ]


@pytest.fixture
def interleaved(account: OfficialAccount, make_followers: MakeFollowers) -> Campaign:
    """A campaign of three broadcasts to five followers each, between those of another one."""
    campaigns = [Campaign.objects.create(account=account, name=name, text=name) for name in ("ours", "other")]
    followers = make_followers(5)
    for position in range(1, 4):
        for campaign in campaigns:
            broadcast = Broadcast.objects.create(account=account, campaign=campaign, position=position)
            Recipient.objects.bulk_create(Recipient(broadcast=broadcast, follower=follower) for follower in followers)
    return campaigns[0]


def recipients(campaign: Campaign) -> str:
    return f"/api/v1/campaigns/{campaign.pk}/recipients/"


@only_sqlite
def test_conversations_of_a_moment_are_a_range_of_the_index(api: APIClient, talks: list[Conversation]) -> None:
    ties, older = plans(api, "/api/v1/conversations/", "callbacks_conversation")

    assert ties == ["SEARCH callbacks_conversation USING INDEX conversation_latest (last_message_at=? AND id<?)"]
    assert len(older) == 1
    assert "USING INDEX conversation_latest (last_message_at>? AND last_message_at<?)" in older[0]


@only_sqlite
def test_messages_of_a_moment_are_a_range_of_the_index(api: APIClient, talks: list[Conversation]) -> None:
    now = timezone.now()
    Message.objects.bulk_create(
        Message(conversation=talks[0], direction=Direction.IN, kind="text", at=now, dedup_key=str(number))
        for number in range(5)
    )
    timeline = "SEARCH callbacks_message USING INDEX message_timeline (conversation_id=? AND "
    assert plans(api, f"/api/v1/conversations/{talks[0].pk}/messages/", "callbacks_message") == [
        [f"{timeline}at=? AND id<?)"],
        [f"{timeline}at<?)"],
    ]


@only_sqlite
def test_recipients_of_a_broadcast_are_a_range_of_the_index(api: APIClient, interleaved: Campaign) -> None:
    same, later = plans(api, recipients(interleaved), "campaigns_recipient")

    index = "SEARCH campaigns_recipient USING COVERING INDEX sqlite_autoindex_campaigns_recipient_1 (broadcast_id=?"
    assert f"{index} AND follower_id>?)" in same
    assert f"{index})" in later
    assert not [step for step in same + later if "TEMP B-TREE" in step or "SCAN" in step]


@pytest.mark.parametrize("size", [1, 2, 5, 7, 100])
def test_pages_are_walked_both_ways(
    api: APIClient, talks: list[Conversation], interleaved: Campaign, size: int
) -> None:
    orders: dict[str, Any] = {
        "/api/v1/conversations/": Conversation.objects.order_by("-last_message_at", "-pk"),
        recipients(interleaved): Recipient.objects.filter(broadcast__campaign=interleaved).order_by(
            "broadcast", "follower"
        ),
    }
    for path, rows in orders.items():
        wanted = list(rows.values_list("pk", flat=True))
        there = walk(api, f"{path}?page_size={size}")
        assert list(chain(*there)) == wanted
        last = f"{path}?page_size={size}"
        while following := api.get(last).json()["next"]:
            last = following
        assert list(chain(*reversed(walk(api, last, "previous")))) == wanted


def test_a_cursor_into_another_campaign_shows_nothing_of_it(api: APIClient, interleaved: Campaign) -> None:
    foreign = Recipient.objects.exclude(broadcast__campaign=interleaved).order_by("broadcast", "follower")
    first = foreign[0]
    cursor = Place([str(first.broadcast_id), "0"]).encode()

    shown = [row["id"] for row in api.get(recipients(interleaved), {"cursor": cursor}).json()["results"]]

    assert shown
    assert not foreign.filter(pk__in=shown).exists()


def test_what_arrives_while_leafing_repeats_no_conversation(api: APIClient, talks: list[Conversation]) -> None:
    first = api.get("/api/v1/conversations/?page_size=3").json()
    seen = [row["id"] for row in first["results"]]
    Conversation.objects.filter(pk=talks[0].pk).update(last_message_at=timezone.now())

    rest = list(chain(*walk(api, first["next"])))

    assert sorted([*seen, *rest]) == sorted(talk.pk for talk in talks[1:])
