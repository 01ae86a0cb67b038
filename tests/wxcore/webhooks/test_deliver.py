"""What is due is posted, signed, once; and again until it arrives, or a day is over."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests import receiver as receivers
from tests.receiver import Receiver
from tests.wxcore.webhooks.conftest import MakeHook, told
from wxcore.models import DeliveryStatus, OfficialAccount, Webhook, WebhookDelivery
from wxcore.webhooks import delivering, services

pytestmark = pytest.mark.django_db


def only() -> WebhookDelivery:
    return WebhookDelivery.objects.select_related("webhook").get()


def expected(secret: str, post: receivers.Post) -> str:
    said = post.headers["X-Qunfa-Timestamp"].encode() + b"." + post.body
    return "sha256=" + hmac.new(secret.encode(), said, hashlib.sha256).hexdigest()


def fall_due() -> None:
    WebhookDelivery.objects.filter(status=DeliveryStatus.PENDING).update(due_at=timezone.now())
    Webhook.objects.update(resting_until=None)


def test_it_arrives_signed(account: OfficialAccount, hook: Webhook, receiver: Receiver) -> None:
    told(account)

    assert delivering.run() == 1

    (post,) = receiver.posts
    delivery = only()
    assert post.headers["X-Qunfa-Signature"] == expected(hook.secret, post)
    assert post.headers["X-Qunfa-Event"] == post.json["event"] == "follower.subscribed"
    assert post.headers["X-Qunfa-Delivery"] == post.json["id"] == str(delivery.event_id)
    assert post.headers["Content-Type"] == "application/json"
    assert post.json["account"] == {"id": account.pk, "slug": "test"}
    assert post.json["data"] == {"openid": "o0"}
    assert post.json["sequence"] == delivery.pk
    assert (delivery.status, delivery.status_code, delivery.answer, delivery.attempts) == ("delivered", 200, "ok", 1)
    assert delivery.delivered_at is not None


def test_a_delivered_one_is_not_posted_again(account: OfficialAccount, hook: Webhook, receiver: Receiver) -> None:
    told(account)
    delivering.run()

    assert delivering.run() == 0
    assert len(receiver.posts) == 1


def test_after_a_rotation_both_secrets_sign_for_a_day(
    account: OfficialAccount, hook: Webhook, receiver: Receiver
) -> None:
    old, new = hook.secret, services.rotate(hook, now=timezone.now())
    told(account)
    delivering.run()
    Webhook.objects.update(previous_until=timezone.now())
    told(account)
    delivering.run()

    both, one = receiver.posts
    assert both.headers["X-Qunfa-Signature"].split(",") == [expected(new, both), expected(old, both)]
    assert one.headers["X-Qunfa-Signature"] == expected(new, one)


def test_what_fails_comes_again_with_the_same_id_until_it_arrives(
    account: OfficialAccount, hook: Webhook, receiver: Receiver
) -> None:
    receiver.answers["/hook"] = receivers.status(503, b"later")
    told(account)
    begun = timezone.now()
    delivering.run()

    delivery = only()
    assert (delivery.status, delivery.status_code, delivery.answer) == ("pending", 503, "later")
    assert dt.timedelta(seconds=9) < delivery.due_at - begun < dt.timedelta(seconds=15)
    assert "503" in delivery.error_message
    assert delivering.run() == 0, "not before its time"

    receiver.answers.clear()
    fall_due()
    delivering.run()
    assert len({post.json["id"] for post in receiver.posts}) == 1
    assert (only().status, only().error_code, only().attempts) == ("delivered", "", 2)


def test_after_about_a_day_it_has_failed(account: OfficialAccount, hook: Webhook, receiver: Receiver) -> None:
    receiver.answers["/hook"] = receivers.status(500)
    told(account)
    waits = []
    for _attempt in range(len(delivering.DELAYS)):
        begun = timezone.now()
        delivering.run()
        waits.append(round((only().due_at - begun).total_seconds()))
        fall_due()
    delivering.run()

    assert waits == list(delivering.DELAYS)
    assert (only().status, only().due_at, len(receiver.posts)) == ("failed", None, 8)
    assert 20 < sum(waits) / 3600 < 24


def test_a_redirect_is_not_followed(account: OfficialAccount, hook: Webhook, receiver: Receiver) -> None:
    receiver.answers["/hook"] = receivers.status(302, Location=receiver.url("/elsewhere"))
    told(account)
    delivering.run()

    assert [post.path for post in receiver.posts] == ["/hook"]
    assert only().error_code == "webhook_redirected"


def test_of_a_huge_answer_the_beginning_is_kept(account: OfficialAccount, hook: Webhook, receiver: Receiver) -> None:
    receiver.answers["/hook"] = receivers.status(200, b"\0" + "好".encode() * 3_000_000)
    told(account)
    begun = time.monotonic()
    delivering.run()

    assert only().status == "delivered"
    assert len(only().answer) < 2100
    assert only().answer.startswith("好")
    assert time.monotonic() - begun < 5


def test_a_dead_receiver_is_given_a_rest(account: OfficialAccount, make_hook: MakeHook, receiver: Receiver) -> None:
    make_hook("follower.subscribed", url="http://127.0.0.1:9/")
    told(account, 50)
    delivering.run()

    tried = WebhookDelivery.objects.filter(attempts__gt=0)
    assert tried.count() <= delivering.AT_ONCE
    assert tried.first().error_code == "webhook_no_answer"


def test_a_slow_receiver_does_not_hold_up_the_others(
    account: OfficialAccount, make_hook: MakeHook, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_THREADS = 4
    monkeypatch.setattr(delivering, "_pools", [])
    monkeypatch.setattr(delivering, "READ_SECONDS", 2.0)
    receiver.answers["/slow"] = receivers.silent(3)
    make_hook("follower.subscribed", path="/slow", name="slow")
    quick = make_hook("follower.subscribed", path="/quick", name="quick")
    told(account, 20)

    begun = time.monotonic()
    delivering.run(seconds=1.5)

    assert time.monotonic() - begun < 2.9
    assert quick.deliveries.filter(status="delivered").count() == 20
    assert sum(post.path == "/slow" for post in receiver.posts) == delivering.AT_ONCE
    delivering.run(seconds=10)  # the next round takes up what is still under way
    assert not delivering._under_way


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_private_address_is_not_posted_to(
    account: OfficialAccount, make_hook: MakeHook, receiver: Receiver, settings: Any, host: str
) -> None:
    make_hook("follower.subscribed", url=receiver.url(host=host))
    settings.WEBHOOK_ALLOW_PRIVATE = False
    told(account)
    delivering.run()

    assert receiver.posts == []
    assert only().error_code == "webhook_private_address"


def test_a_name_that_answers_differently_the_second_time_leads_nowhere(
    account: OfficialAccount, make_hook: MakeHook, receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: public when it is checked, this machine when it is connected to."""
    import socket

    port = receiver.server.server_port
    answers = [("203.0.113.9", port), ("127.0.0.1", port)]
    asked: list[str] = []

    def resolve(host: str, *_args: Any, **_kwargs: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", answers[min(len(asked), 2) - 1])]

    make_hook("follower.subscribed", url=f"http://rebind.example:{port}/hook")
    settings.WEBHOOK_ALLOW_PRIVATE = False
    monkeypatch.setattr(delivering.outside, "is_public", lambda address: str(address) == "203.0.113.9")
    monkeypatch.setattr(delivering, "CONNECT_SECONDS", 0.3)
    monkeypatch.setattr(delivering, "READ_SECONDS", 0.3)
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    told(account)
    delivering.run()

    assert asked == ["rebind.example"]
    assert receiver.posts == []


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_posts(account: OfficialAccount, hook: Webhook, receiver: Receiver) -> None:
    (delivery,) = told(account)

    def work(_number: int) -> bool:
        try:
            row = WebhookDelivery.objects.select_related("webhook").get(pk=delivery.pk)
            row.due_at = delivery.due_at
            letter = delivering.claim(row, now=timezone.now())
            return letter is not None and delivering.record(row, delivering.post(letter), now=timezone.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == [False, False, False, True]
    assert len(receiver.posts) == 1


def test_a_worker_that_lost_its_lease_writes_nothing(
    account: OfficialAccount, hook: Webhook, receiver: Receiver
) -> None:
    (delivery,) = told(account)
    late = delivering.claim(delivery, now=timezone.now() - delivering.LEASE)
    delivering.run()

    assert late is not None
    assert not delivering.record(delivery, delivering.post(late), now=timezone.now())
    assert only().attempts == 2


def test_a_switched_off_webhook_is_not_posted_to(account: OfficialAccount, hook: Webhook, receiver: Receiver) -> None:
    told(account)
    Webhook.objects.update(is_active=False)

    assert delivering.run() == 0
    assert receiver.posts == []
