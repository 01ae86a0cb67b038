"""What needs attention, from every app, to those who may see it, at a constant price."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from callbacks.models import Callback, Conversation, Menu, ReplyRule
from campaigns.models import Broadcast, Campaign, LibraryImport, MediaAsset, RemoteMedia, Target
from followers.models import Sync
from tests.people import logged_in, member
from wxcore import attention, failures
from wxcore.errors import OperatorError
from wxcore.models import AccessToken, OfficialAccount, Webhook

ATTENTION = "/api/v1/attention/"
NOW = timezone.now()


def account_of(slug: str) -> OfficialAccount:
    return OfficialAccount.objects.create(
        name=slug, slug=slug, appid=f"wx{slug:0>16}", secret="s", token="ttt", api_base_url="http://127.0.0.1:9"
    )


def trouble(account: OfficialAccount) -> None:
    """This will give an account one of everything that needs somebody."""
    why = failures.columns(OperatorError("坏了", "修一下"))
    account.verified_until = NOW + dt.timedelta(days=9)
    account.save()
    AccessToken.objects.create(account=account, fingerprint="f", failed_at=NOW, **why)
    Sync.objects.create(account=account, status="failed", due_at=NOW, finished_at=NOW, **why)
    LibraryImport.objects.create(account=account, status="failed", due_at=NOW, finished_at=NOW, **why)
    picture = MediaAsset.objects.create(account=account, kind="image", name="图")
    RemoteMedia.objects.create(asset=picture, target=Target.TEMPORARY, expires_at=NOW + dt.timedelta(hours=3))
    for status in ("in_review", "paused", "scheduled"):
        Campaign.objects.create(account=account, name=status, text="x", status=status, media=picture)
    held = Campaign.objects.create(account=account, name="held", text="x", status="approved", **why)
    Broadcast.objects.create(account=account, campaign=held, position=1, status="unknown")
    Callback.objects.create(
        account=account, dedup_key="k", msg_type="event", event="VIEW", body="<xml/>",
        pushed_at=NOW, received_at=NOW, status="failed",
    )  # fmt: skip
    Conversation.objects.create(account=account, openid="o1", waiting_since=NOW, last_message_at=NOW)
    Menu.objects.create(account=account, differs=True)
    Webhook.objects.create(account=account, name="钩", url="https://example.com/", secret="s", disabled_at=NOW, **why)
    ReplyRule.objects.create(account=account, name="图", asset=picture, is_active=True)


KINDS = {
    "token_trouble", "verification", "sync_failed", "import_failed", "media_expiring", "campaign_in_review",
    "campaign_paused", "campaign_held", "broadcast_unknown", "callback_failed", "conversation_waiting", "menu_differs",
    "webhook_off",
}  # fmt: skip


def kinds(answer: Any) -> set[str]:
    return {item["kind"] for item in answer.json()["items"]}


def test_nothing_is_said_of_an_account_that_is_well(api: APIClient, account: OfficialAccount) -> None:
    assert api.get(ATTENTION).json() == {"items": []}


def test_everything_is_said_in_words_with_a_place_to_go(api: APIClient, account: OfficialAccount) -> None:
    trouble(account)

    answer = api.get(ATTENTION)

    assert kinds(answer) == KINDS
    for item in answer.json()["items"]:
        assert item["account"] == account.pk
        assert item["count"] == 1
        assert item["message"]
        assert item["fix"]
        assert api.get(item["url"]).status_code == 200, item
    levels = [list(attention.Level).index(item["level"]) for item in answer.json()["items"]]
    assert levels == sorted(levels)


def test_it_speaks_the_reader_s_language(api: APIClient, account: OfficialAccount) -> None:
    trouble(account)
    api.cookies["django_language"] = "en"
    texts = [item["message"] for item in api.get(ATTENTION).json()["items"]]

    assert "1 callback could not be processed." in texts


def test_another_account_s_trouble_is_nobody_s_business(account: OfficialAccount) -> None:
    trouble(account_of("theirs"))
    client = logged_in(member(account, "administrator", "here"))

    assert client.get(ATTENTION).json()["items"] == []


def test_an_account_of_others_in_the_query_does_not_exist(account: OfficialAccount) -> None:
    theirs = account_of("theirs")
    client = logged_in(member(account, "administrator", "here"))

    answers = [client.get(ATTENTION, {"account": pk}) for pk in (theirs.pk, 404_404, "x")]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert {*answers[0].json()["fields"]} == {"account"}
    assert answers[0].json()["message"] == answers[1].json()["message"]


def test_one_account_may_be_asked_for(api: APIClient, account: OfficialAccount) -> None:
    trouble(account)
    other = account_of("other")

    assert kinds(api.get(ATTENTION, {"account": account.pk})) == KINDS
    assert kinds(api.get(ATTENTION, {"account": other.pk})) == set()


def test_who_may_not_answer_hears_nothing_of_conversations(account: OfficialAccount) -> None:
    trouble(account)

    assert "conversation_waiting" not in kinds(logged_in(member(account, "analyst")).get(ATTENTION))
    assert "conversation_waiting" in kinds(logged_in(member(account, "operator")).get(ATTENTION))


def test_a_sync_that_failed_before_one_that_finished_is_forgotten(api: APIClient, account: OfficialAccount) -> None:
    for status in ("failed", "finished", "cancelled"):
        Sync.objects.create(account=account, status=status, due_at=NOW, finished_at=NOW)

    assert kinds(api.get(ATTENTION)) == set()


def test_it_is_counted_up_to_a_bound(api: APIClient, account: OfficialAccount, monkeypatch: Any) -> None:
    monkeypatch.setattr(attention, "MOST", 3)
    Conversation.objects.bulk_create(
        Conversation(account=account, openid=f"o{n}", waiting_since=NOW, last_message_at=NOW) for n in range(7)
    )

    (item,) = api.get(ATTENTION).json()["items"]

    assert item["count"] == 3


def test_it_costs_the_same_with_many_accounts_and_much_trouble(
    api: APIClient, account: OfficialAccount, django_assert_num_queries: Any
) -> None:
    trouble(account)
    with django_assert_num_queries(20) as first:
        api.get(ATTENTION)
    for number in range(10):
        trouble(account_of(f"n{number}"))

    with django_assert_num_queries(len(first)):
        assert len(api.get(ATTENTION).json()["items"]) > 100


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_it_is_only_read(api: APIClient, method: str) -> None:
    assert getattr(api, method)(ATTENTION, {}, format="json").status_code == 405
