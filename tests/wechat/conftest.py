from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import settings

from tests.simulator_control import Control
from tests.wechat.host import Host
from wxcore.wechat.client import Credentials, WeChat, connect
from wxcore.wechat.tokens import MemoryTokenStore

# A busy machine is slow now and then, which says nothing about the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

APPID = "wx0000000000000001"
SECRET = "5ecret5ecret5ecret5ecret5ecret00"

Connect = Callable[..., WeChat]


@pytest.fixture
def host() -> Iterator[Host]:
    with Host() as host:
        yield host


@pytest.fixture
def naps() -> list[float]:
    """How long the client would have waited, in seconds, nap by nap."""
    return []


@pytest.fixture
def connect_to(naps: list[float]) -> Iterator[Connect]:
    """Connects to a host with short timeouts, noting the waits instead of waiting."""
    opened: list[WeChat] = []

    def connect_to(base_url: str, **options: Any) -> WeChat:
        endpoint = options.pop("token_endpoint", "stable_token")
        credentials = Credentials(APPID, SECRET, base_url, endpoint)
        defaults = {"tokens": MemoryTokenStore(), "timeout": (5.0, 5.0), "sleep": naps.append}
        opened.append(connect(credentials, **(defaults | options)))
        return opened[-1]

    yield connect_to
    for wechat in opened:
        wechat.close()


@pytest.fixture
def wechat(host: Host, connect_to: Connect) -> WeChat:
    return connect_to(host.url)


@pytest.fixture
def simulated(control: Control, connect_to: Connect) -> WeChat:
    """A verified service account at the simulator, with five followers, of whom two have the tag 100 "VIP"."""
    control.account(APPID, secret=SECRET, kind="service", verified=True)
    control.followers(APPID, 5)
    wechat = connect_to(control.url)
    wechat.tags.tag(control.openids(APPID)[:2], wechat.tags.create("VIP").id)
    return wechat


@pytest.fixture
def openids(control: Control, simulated: WeChat) -> list[str]:
    """The openids of the five."""
    return control.openids(APPID)
