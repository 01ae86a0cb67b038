"""No error and no log line ever shows a token or a secret."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.wechat.conftest import SECRET, Connect
from tests.wechat.host import Host, Reply
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import WeChatError

USER_GET = "/cgi-bin/user/get"


@pytest.mark.parametrize(
    "reply",
    [
        Reply(drop=True),
        Reply(silent=True),
        Reply(b"x", missing=9),
        Reply(b"<html>"),
        Reply(status=503),
        Reply.of({"errcode": 40003, "errmsg": "invalid openid"}),
    ],
)
def test_an_error_holds_no_token(
    host: Host, connect_to: Connect, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    host.will(USER_GET, *[reply] * 3)
    with pytest.raises(WeChatError) as caught:
        connect_to(host.url, timeout=(2.0, 0.3)).users.list_openids()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    told = "".join(traceback.format_exception(caught.value)) + str(caught.value) + repr(caught.value) + caplog.text
    assert USER_GET in told
    assert "TOKEN-" not in told
    assert SECRET not in told


@pytest.mark.parametrize("reply", [Reply(drop=True), Reply(b"<html>"), Reply(status=413), Reply(b"x", missing=9)])
def test_an_error_of_a_file_holds_no_token_either(
    host: Host, wechat: WeChat, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    host.will("/cgi-bin/media/upload", reply)
    host.will("/cgi-bin/media/get", *[replace(reply, headers={"Content-Type": "text/html"})] * 3)
    calls: tuple[Callable[[], object], ...] = (
        lambda: wechat.media.upload("image", "a.jpg", b"x", "image/jpeg"),
        lambda: wechat.media.get("M1"),
    )
    for call in calls:
        with pytest.raises(WeChatError) as caught:
            call()
        assert caught.value.__context__ is None
        assert "TOKEN-" not in "".join(traceback.format_exception(caught.value)) + caplog.text


def test_a_failing_token_call_holds_no_secret(
    host: Host, connect_to: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    host.will("/cgi-bin/token", *[Reply(status=502)] * 3)
    with pytest.raises(WeChatError) as caught:
        connect_to(host.url, token_endpoint="token").users.list_openids()
    told = "".join(traceback.format_exception(caught.value)) + caplog.text
    assert "/cgi-bin/token?***" in told  # urllib3 does log the call
    assert SECRET not in told
