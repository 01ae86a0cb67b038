"""A receiver that is dead for days is switched off, with a reason; old deliveries go."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests import receiver as receivers
from tests.receiver import Receiver
from tests.wxcore.webhooks.conftest import told
from wxcore import webhooks
from wxcore.models import OfficialAccount, Webhook, WebhookDelivery
from wxcore.webhooks import delivering, retention, services

pytestmark = pytest.mark.django_db

DAYS = dt.timedelta(days=3)


def failing_since(ago: dt.timedelta) -> None:
    Webhook.objects.update(failing_since=timezone.now() - ago)


def test_after_days_without_any_success_it_is_switched_off(
    account: OfficialAccount, hook: Webhook, receiver: Receiver
) -> None:
    receiver.answers["/hook"] = receivers.status(500)
    failing_since(DAYS)
    told(account, 1)
    WebhookDelivery.objects.create(
        account=account, webhook=hook, event="sync.finished", payload={"a": 1}, created_at=timezone.now(),
        due_at=timezone.now() + dt.timedelta(hours=1),
    )  # fmt: skip
    delivering.run()

    hook.refresh_from_db()
    assert (hook.is_active, hook.error_code) == (False, "webhook_kept_failing")
    assert hook.disabled_at is not None
    assert "3" in hook.error_message
    assert not webhooks.is_wanted(account.pk, "follower.subscribed")
    assert not WebhookDelivery.objects.filter(status="pending", event="sync.finished").exists()


def test_before_that_it_stays_on(account: OfficialAccount, hook: Webhook, receiver: Receiver) -> None:
    receiver.answers["/hook"] = receivers.status(500)
    failing_since(DAYS - dt.timedelta(minutes=1))
    told(account)
    delivering.run()

    assert Webhook.objects.get().is_active


def test_one_success_wipes_the_record(account: OfficialAccount, hook: Webhook) -> None:
    failing_since(DAYS)
    told(account)
    delivering.run()

    hook.refresh_from_db()
    assert (hook.is_active, hook.failing_since) == (True, None)
    assert hook.last_success_at is not None


def test_switched_on_again_it_begins_with_a_clean_record(account: OfficialAccount, hook: Webhook) -> None:
    failing_since(DAYS)
    services.switch_off(hook, delivering.KeptFailing(days=3), now=timezone.now())
    hook.refresh_from_db()
    hook.is_active = True
    services.save(hook, by=None, now=timezone.now())

    hook.refresh_from_db()
    assert (hook.disabled_at, hook.failing_since, hook.error_code) == (None, None, "")


def test_a_ping_is_posted_at_once_and_once(hook: Webhook, receiver: Receiver) -> None:
    receiver.answers["/hook"] = receivers.status(418)
    failed = delivering.ping(hook, now=timezone.now())
    receiver.answers.clear()
    arrived = delivering.ping(hook, now=timezone.now())

    assert (failed.status, failed.status_code, failed.due_at) == ("failed", 418, None)
    assert arrived.status == "delivered"
    assert [post.json["data"] for post in receiver.posts] == [{"webhook": hook.pk, "name": "CRM"}] * 2


def test_old_deliveries_go_and_what_waits_stays(account: OfficialAccount, hook: Webhook) -> None:
    told(account, 6)
    old = timezone.now() - dt.timedelta(days=31)
    keys = list(WebhookDelivery.objects.order_by("pk").values_list("pk", flat=True))
    WebhookDelivery.objects.filter(pk__in=keys[:4]).update(created_at=old, status="delivered")
    WebhookDelivery.objects.filter(pk=keys[0]).update(status="pending")
    # Of a webhook that was deleted at the moment of the event.
    WebhookDelivery.objects.filter(pk=keys[1]).update(status="pending", webhook_id=404_404)

    assert retention.sweep(now=timezone.now(), batch=2) == 3
    assert set(WebhookDelivery.objects.values_list("pk", flat=True)) == {keys[0], keys[4], keys[5]}
