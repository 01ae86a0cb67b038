"""Conversations over the API: read, answer, assign, done; what is refused says why."""

from __future__ import annotations

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from callbacks.models import Conversation, Direction, Message, MessageStatus
from tests.callbacks.conversations.conftest import Receive
from tests.campaigns.builders import make_asset
from tests.people import member
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

LIST = "/api/v1/conversations/"


def client_of(account: OfficialAccount, role: str) -> APIClient:
    client = APIClient()
    client.force_login(member(account, role))
    return client


@pytest.fixture
def client(account: OfficialAccount) -> APIClient:
    """Somebody who may answer."""
    return client_of(account, "operator")


@pytest.fixture
def path(talk: Conversation) -> str:
    return f"{LIST}{talk.pk}/"


def test_one_says_what_may_still_be_sent(client: APIClient, talk: Conversation) -> None:
    [row] = client.get(LIST).json()["results"]

    assert (row["openid"], row["preview"], row["unread"]) == ("oU1", "什么时候上新？", 1)
    assert (row["window"], row["messages_left"]) == ("open", 5)
    assert row["writable_until"]


def test_the_latest_message_stands_first(client: APIClient, account: OfficialAccount, talk: Conversation) -> None:
    for number in range(3):
        Conversation.objects.create(account=account, openid=f"o{number}", last_message_at=timezone.now(), is_done=True)

    first = client.get(LIST, {"page_size": 2}).json()
    second = client.get(first["next"]).json()

    assert [row["openid"] for row in first["results"] + second["results"]] == ["o2", "o1", "o0", "oU1"]
    assert [row["openid"] for row in client.get(LIST, {"is_done": "false"}).json()["results"]] == ["oU1"]
    assert [row["openid"] for row in client.get(LIST, {"is_waiting": "true"}).json()["results"]] == ["oU1"]


def test_the_timeline(client: APIClient, path: str, receive: Receive) -> None:
    receive("CLICK", "<EventKey>HELP</EventKey>")

    rows = client.get(f"{path}messages/").json()["results"]

    assert [(row["direction"], row["kind"], row["text"]) for row in rows] == [
        ("event", "click", "HELP"),
        ("in", "text", "什么时候上新？"),
    ]


def test_an_answer_is_queued(client: APIClient, path: str) -> None:
    answer = client.post(f"{path}send/", {"text": "下周一"}, format="json")

    assert (answer.status_code, answer.json()["status"]) == (201, "pending")
    assert Message.objects.get(direction=Direction.OUT).text == "下周一"


def test_a_card_with_a_picture_is_queued(client: APIClient, account: OfficialAccount, path: str) -> None:
    asset = make_asset(account, "image", "图")
    given = {"kind": "news", "title": "上新", "url": "https://example.com", "asset": asset.pk}

    assert client.post(f"{path}send/", given, format="json").status_code == 201

    assert Message.objects.get(direction=Direction.OUT).asset == asset


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"text": ""}, "empty_message"),
        ({"text": "字" * 683}, "text_too_long"),
        ({"kind": "image"}, "empty_message"),
        ({"kind": "image", "asset": 404}, "invalid"),
        ({"kind": "news", "title": "T", "url": "ftp://x"}, "wrong_address"),
        ({"kind": "miniprogrampage", "title": "T"}, "incomplete"),
        ({"kind": "wxcard"}, "invalid"),
    ],
)
def test_a_refusal_names_the_reason(client: APIClient, path: str, given: dict[str, object], code: str) -> None:
    answer = client.post(f"{path}send/", given, format="json")

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Message.objects.filter(direction=Direction.OUT).exists()


def test_a_closed_window_is_a_refusal(client: APIClient, path: str) -> None:
    Conversation.objects.update(talk_until=timezone.now())

    assert client.post(f"{path}send/", {"text": "晚了"}, format="json").json()["code"] == "window_closed"


def test_a_used_up_window_is_another(client: APIClient, path: str) -> None:
    Conversation.objects.update(talk_left=0)

    assert client.post(f"{path}send/", {"text": "多了"}, format="json").json()["code"] == "window_used_up"


def test_a_file_of_another_account_does_not_exist(client: APIClient, path: str) -> None:
    other = OfficialAccount.objects.create(name="别家", slug="other", appid="wx00000000other", secret="s", token="t")
    asset = make_asset(other, "image", "图")

    answer = client.post(f"{path}send/", {"kind": "image", "asset": asset.pk}, format="json")

    assert answer.json()["fields"].keys() == {"asset"}


def test_it_is_assigned_to_who_may_answer(client: APIClient, account: OfficialAccount, path: str) -> None:
    colleague = member(account, "operator", "carl")
    assert client.post(f"{path}assign/", {"assignee": colleague.pk}, format="json").json()["assignee"] == colleague.pk

    reader = member(account, "analyst", "emil")
    refused = client.post(f"{path}assign/", {"assignee": reader.pk}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (400, "no_colleague")

    assert client.post(f"{path}assign/", {"assignee": None}, format="json").json()["assignee"] is None


def test_done_reopened_and_read(client: APIClient, path: str) -> None:
    assert client.post(f"{path}done/").json()["is_done"]
    assert not client.post(f"{path}reopen/").json()["is_done"]
    assert client.post(f"{path}read/").json()["unread"] == 0


def test_a_doubt_is_settled(client: APIClient, path: str) -> None:
    pk = client.post(f"{path}send/", {"text": "您好"}, format="json").json()["id"]
    assert client.post(f"{path}arrived/", {"message": pk}, format="json").status_code == 409

    Message.objects.filter(pk=pk).update(status=MessageStatus.UNKNOWN)
    assert client.post(f"{path}again/", {"message": pk}, format="json").json()["status"] == "pending"

    Message.objects.filter(pk=pk).update(status=MessageStatus.UNKNOWN)
    assert client.post(f"{path}arrived/", {"message": pk}, format="json").json()["status"] == "sent"
    assert client.post(f"{path}arrived/", {"message": 404}, format="json").status_code == 404


@pytest.mark.parametrize("verb", ["send", "assign", "done", "reopen", "read", "arrived", "again"])
def test_who_may_only_read_changes_nothing(account: OfficialAccount, path: str, verb: str) -> None:
    reader = client_of(account, "analyst")

    assert reader.get(path).status_code == 200
    assert reader.post(f"{path}{verb}/", {"text": "您好"}, format="json").status_code == 403
