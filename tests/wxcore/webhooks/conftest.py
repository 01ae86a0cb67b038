from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from tests.receiver import Receiver
from wxcore import webhooks
from wxcore.models import OfficialAccount, Webhook, WebhookDelivery
from wxcore.webhooks import services

MakeHook = Callable[..., Webhook]


@pytest.fixture(autouse=True)
def _receivers_on_this_machine(settings: Any) -> None:
    settings.WEBHOOK_ALLOW_PRIVATE = True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture
def make_hook(account: OfficialAccount, receiver: Receiver) -> MakeHook:
    def make(*events: str, path: str = "/hook", **columns: Any) -> Webhook:
        given = {"account": account, "name": "CRM", "url": receiver.url(path), "events": list(events)} | columns
        hook = Webhook(**given)
        services.save(hook, by=None, now=timezone.now())
        return hook

    return make


@pytest.fixture
def hook(make_hook: MakeHook) -> Webhook:
    return make_hook("follower.subscribed", "sync.finished")


def told(account: OfficialAccount, number: int = 1) -> list[WebhookDelivery]:
    """This will emit something, and be the newest deliveries, the newest first."""
    webhooks.emit_many(account.pk, "follower.subscribed", [{"openid": f"o{n}"} for n in range(number)])
    return list(WebhookDelivery.objects.select_related("webhook").order_by("-pk"))
