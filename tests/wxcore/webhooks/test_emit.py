"""An event is a row for each webhook that wants it, in the transaction of what it reports."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from tests.wxcore.webhooks.conftest import MakeHook, told
from wxcore import webhooks
from wxcore.models import DeliveryStatus, OfficialAccount, Webhook, WebhookDelivery
from wxcore.webhooks import services

pytestmark = pytest.mark.django_db


def boom() -> dict[str, Any]:
    raise AssertionError("asked for what nobody wants")


def test_where_nobody_has_a_webhook_it_costs_nothing(account: OfficialAccount, django_assert_num_queries: Any) -> None:
    webhooks.emit(account.pk, "follower.subscribed", boom)

    with django_assert_num_queries(0):
        for _ in range(100):
            webhooks.emit(account.pk, "follower.subscribed", boom)


def test_what_the_webhook_does_not_want_is_not_written(account: OfficialAccount, hook: Webhook) -> None:
    webhooks.emit(account.pk, "campaign.finished", boom)

    assert not WebhookDelivery.objects.exists()


def test_two_webhooks_hear_of_the_same_event_by_the_same_id(account: OfficialAccount, make_hook: MakeHook) -> None:
    make_hook("follower.subscribed", name="A")
    make_hook("follower.subscribed", name="B")

    deliveries = told(account)

    assert len(deliveries) == 2
    assert len({delivery.event_id for delivery in deliveries}) == 1
    assert {delivery.payload["id"] for delivery in deliveries} == {str(deliveries[0].event_id)}


def test_many_are_written_in_one_statement(
    account: OfficialAccount, hook: Webhook, django_assert_num_queries: Any
) -> None:
    assert webhooks.is_wanted(account.pk, "follower.subscribed")

    with django_assert_num_queries(1):
        webhooks.emit_many(account.pk, "follower.subscribed", [{"openid": f"o{n}"} for n in range(50)])

    assert WebhookDelivery.objects.values("event_id").distinct().count() == 50


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_is_never_told(account: OfficialAccount, hook: Webhook) -> None:
    with transaction.atomic():
        told(account)
        transaction.set_rollback(True)

    assert not WebhookDelivery.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_webhook_that_was_deleted_meanwhile_holds_nothing_up(account: OfficialAccount, hook: Webhook) -> None:
    assert webhooks.is_wanted(account.pk, "follower.subscribed")
    Webhook.objects.all().delete()  # by another process: this one still remembers it

    told(account)

    assert OfficialAccount.objects.filter(pk=account.pk).exists()


def test_another_account_is_told_nothing(account: OfficialAccount, make_hook: MakeHook) -> None:
    other = OfficialAccount.objects.create(
        name="别家号", slug="other", appid="wxother0000000001", secret="s", token="t"
    )
    make_hook("follower.subscribed", account=other)

    assert told(account) == []


def test_a_webhook_that_is_off_hears_nothing_and_gives_up_what_waits(account: OfficialAccount, hook: Webhook) -> None:
    told(account)
    hook.is_active = False
    services.save(hook, by=None, now=timezone.now())
    told(account)

    delivery = WebhookDelivery.objects.get()
    assert (delivery.status, delivery.error_code) == (DeliveryStatus.FAILED, "webhook_switched_off")


def test_an_event_that_does_not_exist_is_a_bug(account: OfficialAccount) -> None:
    with pytest.raises(ValueError, match=r"follower\.flew"):
        webhooks.emit(account.pk, "follower.flew", dict)


def test_what_is_said_of_somebody_goes_when_they_are_erased(account: OfficialAccount, make_hook: MakeHook) -> None:
    make_hook("message.received")
    for openid in ("oGone", "oGone", "oStays"):
        webhooks.emit(account.pk, "message.received", lambda: {"text": "secret"}, subject=openid)
    first = WebhookDelivery.objects.order_by("pk").first()
    WebhookDelivery.objects.filter(pk=first.pk).update(status=DeliveryStatus.DELIVERED, answer="secret")

    webhooks.erase(account, "oGone")

    posted, waiting = WebhookDelivery.objects.order_by("pk")
    assert (posted.payload, posted.answer) == ({}, "")
    assert waiting.subject == "oStays"
