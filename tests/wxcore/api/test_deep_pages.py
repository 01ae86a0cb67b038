"""Every page of a long list is one range of an index, also where a thousand rows are equal but for their key."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from callbacks.models import Conversation, Direction, Message
from campaigns.models import Broadcast, Campaign, Recipient
from followers.models import Follower
from tests.people import member
from wxcore.models import Membership, OfficialAccount
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


@pytest.fixture
def of_two(account: OfficialAccount) -> tuple[APIClient, list[OfficialAccount]]:
    """Somebody who works for two accounts, and a third one of other people."""
    others = [
        OfficialAccount.objects.create(name=name, slug=name, appid=f"wx{name}", secret="s", token="t")
        for name in ("second", "third")
    ]
    user = member(account, "administrator")
    Membership.objects.create(account=others[0], user=user, role=Group.objects.get(name="administrator"))
    client = APIClient()
    client.force_login(user)
    return client, [account, *others]


@pytest.mark.parametrize("size", [1, 2, 5, 100])
@pytest.mark.parametrize("query", ["", "is_done=false", "is_done=true", "search=o2"])
def test_several_accounts_are_one_list(
    of_two: tuple[APIClient, list[OfficialAccount]], talks: list[Conversation], query: str, size: int
) -> None:
    client, accounts = of_two
    for number, talk in enumerate(talks):
        for other in accounts[1:]:
            Conversation.objects.create(
                account=other, openid=talk.openid, last_message_at=talk.last_message_at, is_done=number % 2
            )
    rows = Conversation.objects.filter(account__in=accounts[:2]).order_by("-last_message_at", "-pk")
    asked = {"is_done=false": {"is_done": False}, "is_done=true": {"is_done": True}, "search=o2": {"openid": "o2"}}
    wanted = list(rows.filter(**asked.get(query, {})).values_list("pk", flat=True))
    assert wanted

    path = f"/api/v1/conversations/?page_size={size}&{query}"

    assert list(chain(*walk(client, path))) == wanted
    last = path
    while following := client.get(last).json()["next"]:
        last = following
    assert list(chain(*reversed(walk(client, last, "previous")))) == wanted


@only_sqlite
@pytest.mark.parametrize(
    "path",
    [
        "followers/",
        "callbacks/",
        "conversations/",
        "conversations/?is_done=false",
        "broadcasts/",
        "campaigns/",
        "publications/",
        "webhook-deliveries/",
        "notices/",
        "media/?ordering=name",
        "media/?ordering=-name",
    ],
)
def test_of_several_accounts_only_the_rows_of_a_page_are_sorted(
    of_two: tuple[APIClient, list[OfficialAccount]], path: str
) -> None:
    client, _accounts = of_two
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/api/v1/{path}").status_code == 200

    (union,) = [query["sql"] for query in asked if "UNION ALL" in query["sql"]]
    with connection.cursor() as cursor:
        steps = cursor.execute(f"EXPLAIN QUERY PLAN {union}").fetchall()
    parts = {step[1]: step[3] for step in steps if re.match("(SEARCH|SCAN) [UV]0 ", step[3])}
    assert [part.startswith("SEARCH") and "(account_id=?" in part for part in parts.values()] == [True, True]
    assert not [step for step in steps if "TEMP B-TREE" in step[3] and step[1] in parts]
    found = [step[3] for step in steps if step[3].startswith(("SEARCH ", "SCAN ")) and step[1] not in parts]
    assert ["USING INTEGER PRIMARY KEY (rowid=?)" in step for step in found] == [True, True]


@only_sqlite
@pytest.mark.parametrize("path", ["media/?ordering=name", "broadcasts/", "publications/", "campaigns/", "callbacks/"])
@pytest.mark.parametrize("is_member", [True, False])
def test_nothing_is_sorted_for_one_account_or_for_all(
    api: APIClient, account: OfficialAccount, path: str, is_member: bool
) -> None:
    if is_member:
        api.force_login(member(account, "administrator"))
    with CaptureQueriesContext(connection) as asked:
        assert api.get(f"/api/v1/{path}").status_code == 200

    (page,) = [query["sql"] for query in asked if "LIMIT 51" in query["sql"]]
    with connection.cursor() as cursor:
        steps = [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {page}").fetchall()]
    assert not [step for step in steps if "TEMP B-TREE" in step]
    assert is_member == ("account_id=?" in steps[0])


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
