from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from followers import services, sync
from followers.models import Follower, Sync, Tagging
from followers.states import OPEN
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.models import OfficialAccount
from wxcore.wechat import transport

RunSync = Callable[[], Sync]


@pytest.fixture(autouse=True)
def _retry_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client repeats as often as ever, without the pauses."""
    for kind, delays in transport.RETRY_DELAYS.items():
        monkeypatch.setitem(transport.RETRY_DELAYS, kind, (0.0,) * len(delays))


@pytest.fixture
def other_account(account: OfficialAccount) -> OfficialAccount:
    return OfficialAccount.objects.create(name="别的号", slug="other", appid="wxother0000000001", secret="s", token="t")


@pytest.fixture
def run_sync(wechat_account: OfficialAccount) -> RunSync:
    """`run_sync()` carries the open sync, or a new one, as far as it goes, whenever it is due."""

    def run() -> Sync:
        now = timezone.now()
        row = Sync.objects.filter(account=wechat_account, status__in=OPEN).first()
        row = row or services.request_sync(wechat_account, now=now)
        sync.run(row, now=max(now, row.due_at))
        row.refresh_from_db()
        return row

    return run


def simulated(control: Control) -> dict[str, dict[str, Any]]:
    """Everybody who follows in the simulator, by openid."""
    found: list[dict[str, Any]] = []
    while page := control.get("/followers", appid=APPID, limit=1000, offset=len(found))["followers"]:
        found += page
    return {person["openid"]: person for person in found if person["subscribe"]}


def mirrored() -> dict[str, Follower]:
    """Everybody who follows, by openid."""
    return {follower.openid: follower for follower in Follower.objects.filter(subscribed=True)}


def memberships() -> set[tuple[str, int]]:
    """Who wears which tag: openid and WeChat's tag id."""
    return set(Tagging.objects.values_list("follower__openid", "tag__tag_id"))
