"""What happens is told to webhooks as the registry promises: by real deeds of every app."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from callbacks import menus
from callbacks import services as callbacks
from callbacks.models import Callback, Menu
from campaigns import announcing, services
from campaigns.models import Broadcast, Campaign, Door, Verb
from campaigns.states import BroadcastStatus, Status
from followers import services as followers
from followers import sync as syncing
from followers.models import Follower
from tests.people import member
from wxcore.models import OfficialAccount, Webhook, WebhookDelivery
from wxcore.tokens import DatabaseTokenStore
from wxcore.webhooks import events
from wxcore.webhooks import services as webhooks
from wxcore.wechat.errors import BadCredentials

pytestmark = pytest.mark.django_db

TEXT = (
    "<xml><ToUserName>gh_test00000001</ToUserName><FromUserName>oTest</FromUserName><CreateTime>{at}</CreateTime>"
    "<MsgType>text</MsgType><Content>你好</Content><MsgId>{at}</MsgId></xml>"
)
FOLLOW = (
    "<xml><ToUserName>gh_test00000001</ToUserName><FromUserName>oTest</FromUserName><CreateTime>{at}</CreateTime>"
    "<MsgType>event</MsgType><Event>{event}</Event></xml>"
)


@pytest.fixture(autouse=True)
def _told_everything(account: OfficialAccount) -> None:
    names = [name for name, _words in events.CHOICES]
    hook = Webhook(account=account, name="all", url="https://example.com/", events=names)
    webhooks.save(hook, by=None, now=timezone.now())


@pytest.fixture
def receive(account: OfficialAccount) -> Callable[..., Callback]:
    """`receive(body)` is a push that was stored and processed."""

    def receive(body: str, *, msg_type: str = "text", event: str = "", ago: int = 0) -> Callback:
        now = timezone.now() - dt.timedelta(seconds=ago)
        callback = Callback.objects.create(
            account=account, dedup_key=f"{msg_type}{event}{ago}", openid="oTest", msg_type=msg_type, event=event,
            body=body.format(at=int(now.timestamp()), event=event), pushed_at=now, received_at=now, due_at=now,
        )  # fmt: skip
        callbacks.process(callback, now=timezone.now())
        return callback

    return receive


def told() -> list[str]:
    """This will be the events in their order; each is held to the example of the registry."""
    deliveries = WebhookDelivery.objects.order_by("pk")
    for delivery in deliveries:
        assert shape(delivery.payload["data"]) == shape(events.EVENTS[delivery.event].example), delivery.event
    return [delivery.event for delivery in deliveries]


def shape(value: Any) -> Any:
    """Its keys. PostgreSQL keeps them in an order of its own."""
    return {key: shape(inner) for key, inner in value.items()} if isinstance(value, dict) else None


def last() -> dict[str, Any]:
    data: dict[str, Any] = WebhookDelivery.objects.order_by("-pk")[0].payload["data"]
    return data


def test_a_campaign_on_its_way(account: OfficialAccount, campaign: Campaign, make_followers: Any) -> None:
    make_followers(3)
    now = timezone.now()
    writer, reader = member(account, "editor"), member(account, "approver")
    account.allow_self_approval = False
    account.save()
    services.submit(campaign, by=writer, now=now)
    services.reject(campaign, reason="太短", by=reader)
    assert (last()["by"], last()["note"], last()["campaign"]["status"]) == ("approver-test", "太短", "draft")
    services.submit(campaign, by=writer, now=now)
    services.approve(campaign, by=reader, now=now)
    services.schedule(campaign, at=now + dt.timedelta(hours=1), by=writer, now=now)
    services.reschedule(campaign, at=now + dt.timedelta(hours=2), by=writer, now=now)
    Campaign.objects.update(scheduled_at=now)
    campaign.refresh_from_db()
    assert services.start(campaign, now=now)
    services.pause(campaign, by=writer)
    services.resume(campaign, now=now, by=writer)
    broadcast = Broadcast.objects.get()
    Broadcast.objects.update(status=BroadcastStatus.SUBMITTING, attempts=1)
    broadcast.refresh_from_db()
    assert announcing.become_unknown(broadcast)
    services.resolve(broadcast, was_sent=True, now=now, by=writer, door=Door.ADMIN)

    assert told() == [
        "campaign.in_review", "campaign.rejected", "campaign.in_review", "campaign.approved", "campaign.scheduled",
        "campaign.scheduled", "campaign.started", "campaign.paused", "campaign.resumed", "broadcast.unknown",
        "campaign.finished",
    ]  # fmt: skip


def test_a_campaign_that_fails_is_cancelled_or_held(account: OfficialAccount, campaign: Campaign) -> None:
    now = timezone.now()
    for verb, status in (
        (Verb.HELD, Status.APPROVED),
        (Verb.CANCELLED, Status.CANCELLED),
        (Verb.RECALLED, Status.RECALLED),
    ):
        campaign.status = status
        announcing.announce(campaign, verb, by=None, note="")
    Campaign.objects.update(status=Status.SCHEDULED, scheduled_at=now)
    campaign.refresh_from_db()
    Campaign.objects.update(approved_fingerprint=services.fingerprint(campaign))
    campaign.refresh_from_db()
    assert services.start(campaign, now=now)  # nobody follows: it fails before any request

    assert told() == ["campaign.held", "campaign.cancelled", "campaign.recalled", "campaign.failed"]
    assert last()["campaign"]["error_code"]


def test_a_follower_comes_once_and_goes_once(account: OfficialAccount) -> None:
    now = timezone.now()
    for _twice in range(2):
        followers.follow(account, openid="oTest", at=now, scene="shop")
    for _twice in range(2):
        followers.unfollow(account, openid="oTest", at=now + dt.timedelta(minutes=1))

    assert told() == ["follower.subscribed", "follower.unsubscribed"]


def test_a_message_is_told_and_that_somebody_waits_only_once(receive: Callable[..., Callback]) -> None:
    receive(TEXT, ago=2)
    receive(TEXT, ago=1)

    assert told() == ["message.received", "conversation.waiting", "message.received"]
    assert last()["text"] == "你好"


def test_who_leaves_takes_with_them_what_they_said(receive: Callable[..., Callback]) -> None:
    receive(FOLLOW, msg_type="event", event="subscribe", ago=3)
    receive(TEXT, ago=2)
    WebhookDelivery.objects.filter(event="message.received").update(status="delivered")
    receive(FOLLOW, msg_type="event", event="unsubscribe")

    left = {delivery.event: delivery.payload for delivery in WebhookDelivery.objects.all()}
    assert left["message.received"] == {}
    assert "conversation.waiting" not in left
    assert left["follower.unsubscribed"]["data"]["openid"] == "oTest"


def test_a_push_that_breaks_for_good(receive: Callable[..., Callback], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "DELAYS", ())
    receive("no xml")

    assert told() == ["callback.failed"]


@pytest.mark.django_db(transaction=True)
def test_a_sync_is_told_as_a_whole(wechat_account: OfficialAccount, control: Any) -> None:
    control.followers(wechat_account.appid, 30)
    sync = followers.request_sync(wechat_account, now=timezone.now())
    syncing.run(sync, now=timezone.now())

    assert Follower.objects.filter(subscribed=True).count() >= 30
    assert told() == ["sync.finished"]


@pytest.mark.django_db(transaction=True)
def test_a_sync_that_fails(account: OfficialAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "PATIENCE", 0)
    sync = followers.request_sync(account, now=timezone.now())
    syncing.run(sync, now=timezone.now())

    assert "sync.failed" in told()
    assert last()["error_code"]


def test_a_menu_that_was_published(account: OfficialAccount) -> None:
    buttons = [{"name": "官网", "type": "view", "url": "https://example.com/"}]
    lease = timezone.now() + dt.timedelta(minutes=1)
    menu = Menu.objects.create(account=account, buttons=buttons, lease_until=lease)
    pending = {"buttons": buttons, "sent": buttons, "replaces": "", "by": None, "at": timezone.now().isoformat()}
    menus._record(menu, lease, pending, menu_id="")

    assert told() == ["menu.published"]


def test_token_trouble_is_told_once_for_each_cause(account: OfficialAccount) -> None:
    store = DatabaseTokenStore(account)
    for code in (40013, 40013, 40125):
        assert store.claim(holder="a", lease_seconds=60)
        store.fail(BadCredentials("/cgi-bin/stable_token", code, {}), holder="a")

    assert told() == ["account.token_failed"]  # two errcodes, one cause


def test_somebody_else_is_told_nothing(account: OfficialAccount, admin_user: User) -> None:
    other = OfficialAccount.objects.create(
        name="别家号", slug="other", appid="wxother0000000001", secret="s", token="t"
    )
    followers.follow(other, openid="oTest", at=timezone.now())

    assert told() == []
