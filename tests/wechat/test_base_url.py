"""The secret and the token travel in requests, so the address must be a safe one."""

from __future__ import annotations

import pytest

from tests.wechat.conftest import Connect
from wxcore.wechat.transport import InsecureURL


@pytest.mark.parametrize(
    "url",
    [
        "http://api.weixin.qq.com",
        "http://127.0.0.1.example.com",
        "http://localhost@example.com",
        "https://user:password@api.weixin.qq.com",
        "https://api.weixin.qq.com?x=1",
        "https://",
        "https://[::1",
        "https://*",
        "https://api.weixin.qq.com:port",
        "ftp://127.0.0.1",
        "api.weixin.qq.com",
        "",
    ],
)
def test_it_is_refused(connect_to: Connect, url: str) -> None:
    with pytest.raises(InsecureURL):
        connect_to(url)


@pytest.mark.parametrize(
    "url", ["https://api.weixin.qq.com", "http://127.0.0.1:8001/", "http://localhost:8001", "http://[::1]:8001"]
)
def test_it_is_accepted(connect_to: Connect, url: str) -> None:
    assert connect_to(url).users
