"""The numbers that tell of trouble, for whoever may see them."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from callbacks.models import Callback
from campaigns.models import Broadcast, Campaign
from wxcore.models import Webhook, WebhookDelivery

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _token(settings: Settings) -> None:
    settings.METRICS_TOKEN = "scrape-me"


def scrape(client: Client) -> str:
    answer = client.get("/metrics", headers={"Authorization": "Bearer scrape-me"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer wrong", "Bearer scrape-mé", "Basic c2NyYXBlLW1l"])
def test_a_stranger_is_refused(client: Client, given: str) -> None:
    assert client.get("/metrics", headers={"Authorization": given}).status_code == 403


def test_no_token_is_nobodys_token(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 403


def test_a_superuser_may_look(client: Client, admin_user: User) -> None:
    client.force_login(admin_user)

    assert client.get("/metrics").status_code == 200


def test_staff_may_not_since_it_counts_over_all_accounts(client: Client, staff_user: User) -> None:
    client.force_login(staff_user)

    assert client.get("/metrics").status_code == 403


def test_callbacks_that_wait_are_counted(client: Client, campaign: Campaign) -> None:
    moment = timezone.now()
    Callback.objects.create(
        account=campaign.account, dedup_key="1", msg_type="event", pushed_at=moment, received_at=moment
    )

    assert 'qunfa_callbacks_waiting{what="number"} 1.0' in scrape(client)


def test_broadcasts_are_counted_by_status(client: Client, campaign: Campaign) -> None:
    for position, status in enumerate(("unknown", "unknown", "finished", "pending")):
        Broadcast.objects.create(account=campaign.account, campaign=campaign, position=position, status=status)

    told = scrape(client)

    assert 'qunfa_broadcasts_open{status="unknown"} 2.0' in told
    assert 'qunfa_broadcasts_open{status="pending"} 1.0' in told
    assert 'qunfa_broadcasts_open{status="submitted"} 0.0' in told
    assert "finished" not in told


def gauges(told: str, name: str) -> dict[str, float]:
    return {what: float(value) for what, value in re.findall(rf'^{name}{{what="(\w+)"}} (\S+)$', told, re.MULTILINE)}


def test_webhook_deliveries_that_wait_are_counted(client: Client, campaign: Campaign) -> None:
    account, now = campaign.account, timezone.now()
    hook = Webhook.objects.create(account=account, name="CRM", url="https://crm.example/", secret="s")
    later = now + dt.timedelta(hours=1)
    for status, hours, due_at in (
        ("pending", 2, later), ("delivering", 1, later), ("delivered", 9, None), ("failed", 9, None)
    ):  # fmt: skip
        WebhookDelivery.objects.create(
            account=account, webhook=hook, event="sync.finished", payload={}, status=status, due_at=due_at,
            created_at=now - dt.timedelta(hours=hours),
        )  # fmt: skip

    waiting = gauges(scrape(client), "qunfa_webhook_deliveries_waiting")
    assert (waiting["number"], waiting["overdue_seconds"]) == (2, 0)
    assert waiting["oldest_seconds"] == pytest.approx(7200, abs=60)

    WebhookDelivery.objects.filter(status="pending").update(due_at=now - dt.timedelta(minutes=5))
    assert gauges(scrape(client), "qunfa_webhook_deliveries_waiting")["overdue_seconds"] == pytest.approx(300, abs=60)


def test_without_deliveries_nothing_waits(client: Client) -> None:
    waiting = gauges(scrape(client), "qunfa_webhook_deliveries_waiting")

    assert waiting == {"number": 0, "oldest_seconds": 0, "overdue_seconds": 0}
