from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from campaigns import sending, services
from campaigns.models import Broadcast, Campaign, MassCalls
from followers.models import Follower, Tag, Tagging
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.models import OfficialAccount

SENDALL = "/cgi-bin/message/mass/sendall"
SEND = "/cgi-bin/message/mass/send"

Mirror = Callable[..., None]


@pytest.fixture
def other_account(account: OfficialAccount) -> OfficialAccount:
    return OfficialAccount.objects.create(name="别的号", slug="other", appid="wxother0000000001", secret="s", token="t")


@pytest.fixture
def mirror(wechat_account: OfficialAccount, control: Control) -> Mirror:
    """`mirror(30, tags=[...])` seeds the simulator, and stores the same followers and tags as a sync would."""

    def mirror(count: int, **options: Any) -> None:
        control.followers(APPID, count, **options)
        now = timezone.now()
        people = control.get("/followers", appid=APPID, limit=1000)["followers"]
        rows = {
            person["openid"]: Follower(
                account=wechat_account,
                openid=person["openid"],
                subscribed=bool(person["subscribe"]),
                confirmed_at=now,
            )
            for person in people
        }
        Follower.objects.bulk_create(rows.values())
        told = control.state()["accounts"][0]["tags"]
        tags = {tag["id"]: Tag(account=wechat_account, tag_id=tag["id"], name=tag["name"]) for tag in told}
        Tag.objects.bulk_create(tags.values())
        Tagging.objects.bulk_create(
            Tagging(follower=rows[person["openid"]], tag=tags[tag_id], confirmed_at=now)
            for person in people
            for tag_id in person["tagid_list"]
        )

    return mirror


@pytest.fixture
def started(campaign: Campaign, mirror: Mirror) -> Broadcast:
    """The broadcast of a campaign to three followers, before its first attempt."""
    mirror(3)
    return start(campaign)


def start(campaign: Campaign) -> Broadcast:
    """This will start a campaign now, and be its first broadcast."""
    now = timezone.now()
    services.send(campaign, by=None, now=now)
    assert services.start(campaign, now=now)
    return campaign.broadcasts.get(position=1)


def attempt(broadcast: Broadcast) -> Broadcast:
    """This will submit a broadcast as if its time had come, and be what it has become."""
    Broadcast.objects.filter(pk=broadcast.pk).update(due_at=timezone.now(), slot_at=None)
    MassCalls.objects.update(next_at=timezone.now())
    assert sending.submit(broadcast, now=timezone.now())
    return Broadcast.objects.get(pk=broadcast.pk)


def calls(control: Control) -> int:
    """How many mass sends WeChat was asked for."""
    counts = control.calls()["counts"]
    return counts.get(SENDALL, 0) + counts.get(SEND, 0)


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")
