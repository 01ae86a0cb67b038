"""Webhooks in the admin: the secret once, the ping, the log, and questions before anything goes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from tests import receiver as receivers
from tests.receiver import Receiver
from tests.wxcore.webhooks.conftest import told
from wxcore.models import OfficialAccount, Webhook, WebhookDelivery
from wxcore.webhooks import delivering

pytestmark = pytest.mark.django_db

LIST = reverse("admin:wxcore_webhook_changelist")
ADD = reverse("admin:wxcore_webhook_add")
LOG = reverse("admin:wxcore_webhookdelivery_changelist")


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer
    return answer.content.decode()


def url(hook: Webhook, name: str) -> str:
    return reverse(f"admin:wxcore_webhook_{name}", args=[hook.pk])


def test_an_empty_list_says_what_a_webhook_is(admin_client: Client, account: OfficialAccount) -> None:
    assert "还没有 Webhook" in page(admin_client, LIST)
    assert "还没有 Webhook 投递记录" in page(admin_client, LOG)


def test_the_secret_is_shown_once(admin_client: Client, account: OfficialAccount, receiver: Receiver) -> None:
    form = {"account": account.pk, "name": "CRM", "url": receiver.url(), "events": ["sync.failed"], "is_active": "on"}
    made = admin_client.post(ADD, form)
    hook = Webhook.objects.get()

    assert hook.secret in made.content.decode()
    assert "no-store" in made["Cache-Control"]
    for address in (url(hook, "change"), LIST):
        assert hook.secret not in page(admin_client, address)


def test_a_wrong_address_is_said_at_the_field(admin_client: Client, account: OfficialAccount) -> None:
    form = {"account": account.pk, "name": "CRM", "url": "ftp://x", "events": ["sync.failed"]}

    assert "无法向此地址投递" in admin_client.post(ADD, form).content.decode()
    assert not Webhook.objects.exists()


def test_saving_keeps_the_secret(admin_client: Client, hook: Webhook) -> None:
    before = hook.secret
    form = {"name": "新名", "url": hook.url, "events": ["sync.failed"], "is_active": "on"}
    assert admin_client.post(url(hook, "change"), form).status_code == 302

    hook.refresh_from_db()
    assert (hook.name, hook.secret, hook.events) == ("新名", before, ["sync.failed"])


def test_a_ping_leads_to_its_answer(admin_client: Client, hook: Webhook, receiver: Receiver) -> None:
    receiver.answers["/hook"] = receivers.status(500, b"<script>alert(1)</script>")
    assert "发送测试？" in page(admin_client, url(hook, "ping"))
    assert receiver.posts == []
    html = admin_client.post(url(hook, "ping"), follow=True).content.decode()

    assert len(receiver.posts) == 1
    assert "接收方返回了 500" in html
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert(1)" not in html


def test_a_rotation_asks_first(admin_client: Client, hook: Webhook) -> None:
    old = hook.secret
    assert "更换密钥？" in page(admin_client, url(hook, "rotate"))
    html = admin_client.post(url(hook, "rotate")).content.decode()

    hook.refresh_from_db()
    assert hook.secret != old
    assert hook.secret in html


def test_deleting_asks_first(admin_client: Client, hook: Webhook, account: OfficialAccount) -> None:
    told(account)
    assert "删除此 Webhook？" in page(admin_client, url(hook, "delete"))
    admin_client.post(url(hook, "delete"))

    assert not Webhook.objects.exists()
    assert not WebhookDelivery.objects.exists()


def test_one_and_many_are_sent_again(
    admin_client: Client, hook: Webhook, account: OfficialAccount, receiver: Receiver
) -> None:
    told(account, 3)
    delivering.run()
    keys = list(WebhookDelivery.objects.values_list("pk", flat=True))
    again = reverse("admin:wxcore_webhookdelivery_send_again", args=[keys[0]])
    assert "重新发送？" in page(admin_client, again)
    admin_client.post(again)
    data = {"action": "send_selected_again", "_selected_action": keys}
    html = admin_client.post(LOG, data, follow=True).content.decode()

    assert "2 条投递将重新发送" in html
    assert WebhookDelivery.objects.filter(status="pending").count() == 3


def test_a_delivery_is_called_what_happened(admin_client: Client, hook: Webhook, account: OfficialAccount) -> None:
    (delivery,) = told(account)

    html = page(admin_client, f"{LOG}{delivery.pk}/change/")
    assert 'title="有新粉丝关注"' in html
    assert f"{delivery.event} · {delivery.event_id}</" not in html.split("<main", 1)[-1]
    assert "有新粉丝关注 (follower.subscribed)" in page(admin_client, LOG)  # the choices of the filter


def test_the_log_is_filtered_and_searched(admin_client: Client, hook: Webhook, account: OfficialAccount) -> None:
    (delivery,) = told(account)

    assert str(delivery.event_id)[:8] in page(admin_client, f"{LOG}{delivery.pk}/change/")
    shown = {"q": str(delivery.event_id), "webhook": hook.pk, "event": "follower.subscribed", "status": "pending"}
    hidden = {"q": "nothing", "webhook": 404_404, "event": "sync.failed", "status": "failed"}
    row = f"{LOG}{delivery.pk}/change/"
    for name in shown:
        assert row in page(admin_client, f"{LOG}?{name}={shown[name]}"), name
        assert row not in page(admin_client, f"{LOG}?{name}={hidden[name]}"), name


def test_the_start_page_names_what_is_off(admin_client: Client, hook: Webhook) -> None:
    from django.utils import timezone

    from wxcore.webhooks import services
    from wxcore.webhooks.errors import KeptFailing

    services.switch_off(hook, KeptFailing(days=3), now=timezone.now())

    assert "连续 3 天没有送达" in page(admin_client, reverse("admin:index"))
    items = admin_client.get("/api/v1/attention/").json()["items"]
    assert "webhook_off" in [item["kind"] for item in items]
