"""What a webhook may be, and what becomes of its secret."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.wxcore.webhooks.conftest import MakeHook, told
from wxcore.models import OfficialAccount, Webhook, WebhookDelivery
from wxcore.webhooks import addresses, services
from wxcore.webhooks.errors import IsOff, NoEvents, NothingLeft, TooMany, UnderWay, UnknownEvent, WrongAddress

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/hook",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://user:password@example.com/",
        "https://exa mple.com/",
        "https://example.com/#part",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https:///hook",
        "https://example.com/" + "x" * 500,
        "http://example.com:22/",
    ],
)
def test_addresses_that_are_refused(settings: Any, url: str) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    with pytest.raises(WrongAddress):
        addresses.check(url)


@pytest.mark.parametrize("url", ["https://example.com/hook?a=b", "http://example.com:8080/", "https://[2400:3200::1]/"])
def test_addresses_that_are_taken(settings: Any, url: str) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = False
    addresses.check(url)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("10.0.0.7", True), ("127.0.0.1", True), ("169.254.169.254", False), ("0.0.0.0", False)],  # noqa: S104
)
def test_what_allowing_private_addresses_allows(settings: Any, address: str, allowed: bool) -> None:
    from ipaddress import ip_address

    settings.WEBHOOK_ALLOW_PRIVATE = True
    assert addresses.policy().allow(ip_address(address)) is allowed


def test_the_secret_is_told_once_and_stored_encrypted(account: OfficialAccount) -> None:
    hook = Webhook(account=account, name="CRM", url="https://example.com/", events=["sync.failed"])
    secret = services.save(hook, by=None, now=timezone.now())

    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM wxcore_webhook")
        stored = cursor.fetchone()[0]
    assert secret.startswith("whsec_")
    assert len(secret) > 40
    assert secret not in stored
    assert services.save(hook, by=None, now=timezone.now()) == ""
    assert Webhook.objects.get().secret == secret


def test_events_are_kept_once_and_in_order(make_hook: MakeHook) -> None:
    hook = make_hook("sync.failed", "campaign.finished", "sync.failed")

    assert hook.events == ["campaign.finished", "sync.failed"]


@pytest.mark.parametrize(
    ("events", "error"), [([], NoEvents), (["no.such"], UnknownEvent), (["webhook.ping"], UnknownEvent)]
)
def test_events_that_are_refused(make_hook: MakeHook, events: list[str], error: type[Exception]) -> None:
    with pytest.raises(error):
        make_hook(*events)


def test_an_account_has_so_many_at_most(make_hook: MakeHook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST", 2)
    make_hook("sync.failed")
    make_hook("sync.failed")

    with pytest.raises(TooMany):
        make_hook("sync.failed")


def test_send_again_needs_something_to_send_and_somebody_who_listens(account: OfficialAccount, hook: Webhook) -> None:
    (delivery,) = told(account)
    with pytest.raises(UnderWay):
        services.send_again(delivery, now=timezone.now())

    WebhookDelivery.objects.update(status="failed", payload={})
    delivery.refresh_from_db()
    with pytest.raises(NothingLeft):
        services.send_again(delivery, now=timezone.now())

    Webhook.objects.update(is_active=False)
    delivery = WebhookDelivery.objects.get()
    with pytest.raises(IsOff):
        services.send_again(delivery, now=timezone.now())


def test_send_again_begins_anew_with_the_same_id(account: OfficialAccount, hook: Webhook) -> None:
    (delivery,) = told(account)
    WebhookDelivery.objects.update(status="failed", due_at=None, attempts=8)

    services.send_again(delivery, now=timezone.now())

    again = WebhookDelivery.objects.get()
    assert (again.status, again.attempts, again.event_id) == ("pending", 0, delivery.event_id)
