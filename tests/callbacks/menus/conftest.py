"""A menu of an account at the simulator, and what WeChat has of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from callbacks import menus
from callbacks.models import Menu
from followers.models import Tag
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.models import OfficialAccount
from wxcore.wechat import transport
from wxcore.wechat.menus import normal

CLICK = {"name": "今日优惠", "type": "click", "key": "today"}
VIEW = {"name": "商城", "type": "view", "url": "https://shop.example.com/"}
TREE = [CLICK, {"name": "更多", "sub_button": [VIEW, {"name": "扫一扫", "type": "scancode_push", "key": "scan"}]}]

AtWeChat = Callable[[], Any]


@pytest.fixture(autouse=True)
def _nobody_waits_for_wechat(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind, delays in transport.RETRY_DELAYS.items():
        monkeypatch.setitem(transport.RETRY_DELAYS, kind, (0.0,) * len(delays))


@pytest.fixture
def menu(wechat_account: OfficialAccount) -> Menu:
    """Everybody's menu, not published."""
    return menus.create(wechat_account, tag=None, buttons=TREE)


@pytest.fixture
def vip(wechat_account: OfficialAccount, control: Control) -> Tag:
    """A tag that WeChat has too."""
    control.followers(APPID, 3, tags=[{"name": "VIP", "share": 1}])
    return Tag.objects.create(account=wechat_account, tag_id=100, name="VIP")


@pytest.fixture
def at_wechat(control: Control) -> AtWeChat:
    """`at_wechat()` is what is live: the buttons, and those of the conditional menus with their ids."""

    def read() -> dict[str, Any]:
        found = control.get("/menu", appid=APPID)
        conditional = {one["menuid"]: normal(one["button"]) for one in found["conditional"]}
        return {"buttons": normal(found["button"] or []), "conditional": conditional}

    return read
