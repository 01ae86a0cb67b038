"""Webhooks through the API."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from tests import receiver as receivers
from tests.people import member
from tests.receiver import Receiver
from tests.wxcore.webhooks.conftest import MakeHook, told
from wxcore.models import OfficialAccount, Webhook, WebhookDelivery
from wxcore.webhooks import delivering, events

pytestmark = pytest.mark.django_db

LIST = "/api/v1/webhooks/"
DELIVERIES = "/api/v1/webhook-deliveries/"


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


@pytest.fixture
def chief(account: OfficialAccount) -> APIClient:
    return client_of(member(account, "administrator"))


def test_the_secret_is_in_the_first_answer_and_in_no_other(
    chief: APIClient, account: OfficialAccount, receiver: Receiver
) -> None:
    body = {"account": account.pk, "name": "CRM", "url": receiver.url(), "events": ["campaign.finished"]}
    made = chief.post(LIST, body, format="json")

    assert made.status_code == 201
    assert made.json()["secret"] == Webhook.objects.get().secret
    assert Webhook.objects.get().created_by.username == "administrator-test"
    again = chief.get(f"{LIST}{made.json()['id']}/")
    assert "secret" not in again.json()
    assert made.json()["secret"] not in chief.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "ftp://x/"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["no.such"]}, "events"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_named(
    chief: APIClient, account: OfficialAccount, receiver: Receiver, wrong: dict[str, object], field: str
) -> None:
    body = {"account": account.pk, "name": "CRM", "url": receiver.url(), "events": ["sync.failed"]} | wrong
    answer = chief.post(LIST, body, format="json")

    assert answer.status_code == 400
    assert field in answer.json()["fields"]
    assert not Webhook.objects.exists()


def test_a_stale_if_match_changes_nothing(chief: APIClient, hook: Webhook) -> None:
    address = f"{LIST}{hook.pk}/"
    tag = chief.get(address)["ETag"]
    assert chief.patch(address, {"name": "A"}, format="json", headers={"If-Match": tag}).status_code == 200
    assert chief.patch(address, {"name": "B"}, format="json", headers={"If-Match": tag}).status_code == 412
    assert Webhook.objects.get().name == "A"


def test_it_stays_with_its_account(admin_user: User, hook: Webhook) -> None:
    other = OfficialAccount.objects.create(
        name="别家号", slug="other", appid="wxother0000000001", secret="s", token="t"
    )
    answer = client_of(admin_user).patch(f"{LIST}{hook.pk}/", {"account": other.pk}, format="json")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["account"])


def test_a_ping_says_what_became_of_it(chief: APIClient, hook: Webhook, receiver: Receiver) -> None:
    receiver.answers["/hook"] = receivers.status(500, b"<b>broken</b>")
    answer = chief.post(f"{LIST}{hook.pk}/ping/").json()

    assert (answer["status"], answer["status_code"], answer["answer"]) == ("failed", 500, "<b>broken</b>")
    assert answer["error_code"] == "webhook_answered"


def test_a_rotation_tells_the_new_secret(chief: APIClient, hook: Webhook) -> None:
    old = hook.secret
    answer = chief.post(f"{LIST}{hook.pk}/rotate/").json()

    hook.refresh_from_db()
    assert answer["secret"] == hook.secret != old
    assert hook.previous_secret == old


def test_deliveries_are_listed_and_sent_again(
    chief: APIClient, account: OfficialAccount, hook: Webhook, receiver: Receiver
) -> None:
    told(account, 3)
    delivering.run()
    first, second, third = chief.get(f"{DELIVERIES}?status=delivered&webhook={hook.pk}").json()["results"]

    assert chief.post(f"{DELIVERIES}{first['id']}/again/").json()["status"] == "pending"
    assert chief.post(f"{DELIVERIES}{first['id']}/again/").status_code == 409
    both = {"deliveries": [second["id"], third["id"], first["id"], 404_404]}
    assert chief.post(f"{DELIVERIES}again/", both, format="json").json() == {"queued": 2}
    delivering.run()
    assert len(receiver.posts) == 6
    assert len({post.json["id"] for post in receiver.posts}) == 3


def test_the_events_are_told_with_examples(chief: APIClient) -> None:
    told = chief.get("/api/v1/webhook-events/").json()

    assert [event["name"] for event in told] == [name for name, _words in events.CHOICES]
    assert all(event["description"] and event["example"] for event in told)


@pytest.mark.parametrize("role", ["editor", "approver", "operator", "analyst"])
def test_others_than_administrators_see_nothing(
    account: OfficialAccount, hook: Webhook, role: str, make_hook: MakeHook
) -> None:
    told(account)
    client = client_of(member(account, role))

    assert client.get(LIST).status_code == client.get(DELIVERIES).status_code == 403
    assert client.post(f"{LIST}{hook.pk}/ping/").status_code in (403, 404)


def test_another_account_s_rows_do_not_exist(hook: Webhook, account: OfficialAccount) -> None:
    told(account)
    delivery = WebhookDelivery.objects.get()
    other = OfficialAccount.objects.create(
        name="别家号", slug="other", appid="wxother0000000001", secret="s", token="t"
    )
    client = client_of(member(other, "administrator"))

    for address in (f"{LIST}{hook.pk}/ping/", f"{LIST}{hook.pk}/rotate/", f"{DELIVERIES}{delivery.pk}/again/"):
        assert client.post(address).status_code == 404
    assert client.post(f"{DELIVERIES}again/", {"deliveries": [delivery.pk]}, format="json").json() == {"queued": 0}
    body = {"account": account.pk, "name": "x", "url": "https://example.com/", "events": ["sync.failed"]}
    assert "account" in client.post(LIST, body, format="json").json()["fields"]
