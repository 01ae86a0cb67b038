"""What the network can do to a call, and whether it may have been carried out."""

from __future__ import annotations

import socket

import pytest

from tests.wechat.conftest import Connect
from tests.wechat.host import Host, Reply
from wxcore.wechat import transport
from wxcore.wechat.broadcasts import TextMessage, ToAll
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import BadAnswer, ConnectionFailed, NoAnswer

SENDALL = "/cgi-bin/message/mass/sendall"
USER_GET = "/cgi-bin/user/get"


def sendall(wechat: WeChat) -> None:
    wechat.broadcasts.sendall(ToAll(), TextMessage("hi"), clientmsgid="a" * 32)


def test_a_closed_port_surely_never_reached_wechat(connect_to: Connect) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(ConnectionFailed) as caught:
        connect_to(f"http://127.0.0.1:{port}").tags.list()
    assert caught.value.maybe_carried_out is False
    assert caught.value.reason == "connection refused"


def test_a_name_that_does_not_resolve_surely_never_reached_wechat(
    connect_to: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ConnectionFailed) as caught:
        connect_to("https://api.weixin.invalid").tags.list()
    assert caught.value.reason == "name not found"


def test_a_server_that_speaks_no_tls_never_sees_the_request(host: Host, connect_to: Connect) -> None:
    with pytest.raises(ConnectionFailed) as caught:
        connect_to(host.url.replace("http:", "https:")).tags.list()
    assert caught.value.reason == "TLS"
    assert host.requests == []


def test_a_handshake_that_never_ends_is_given_up(connect_to: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"https://127.0.0.1:{mute.getsockname()[1]}"
        with pytest.raises(NoAnswer, match="read timeout"):
            connect_to(url, timeout=(0.2, 0.2)).tags.list()


@pytest.mark.parametrize(
    ("reply", "error", "reason"),
    [
        (Reply(silent=True), NoAnswer, "read timeout"),
        (Reply(drop=True), NoAnswer, "connection lost"),
        (Reply(b'{"errcode":0', missing=20), NoAnswer, "connection lost"),
        (Reply(b'{"errcode":0}', missing=20, chunked=True), NoAnswer, "connection lost"),
        (Reply(b"<html>busy</html>"), BadAnswer, "not JSON"),
        (Reply(b""), BadAnswer, "not JSON"),
        (Reply(b"[1]"), BadAnswer, "not an object"),
        (Reply(b"[" * 100_000), BadAnswer, "not JSON"),
        (Reply(b'{"errcode":"soon"}'), BadAnswer, "errcode is not a number"),
        (Reply(b"\xff\xfe{}"), BadAnswer, "not JSON"),
        (Reply(b"nonsense", headers={"Content-Encoding": "gzip"}), BadAnswer, "broken compression"),
        (Reply(b"{}", status=500), BadAnswer, "HTTP 500"),
        (Reply(status=302, headers={"Location": "https://example.com/"}), BadAnswer, "HTTP 302"),
        (Reply(b'{"errcode":0}'), BadAnswer, "no msg_id"),
    ],
)
def test_a_mass_send_that_met_it_may_have_gone_out_and_is_not_repeated(
    host: Host, connect_to: Connect, reply: Reply, error: type[Exception], reason: str
) -> None:
    host.will(SENDALL, reply)
    with pytest.raises(error) as caught:
        sendall(connect_to(host.url, timeout=(5.0, 0.3 if reply.silent else 5.0)))
    assert caught.value.reason == reason
    assert caught.value.maybe_carried_out is True
    assert len(host.calls(SENDALL)) == 1


def test_a_server_that_drips_its_answer_is_given_up(host: Host, connect_to: Connect) -> None:
    host.will(SENDALL, Reply(b" " * 100, drip=0.05))
    with pytest.raises(NoAnswer, match="too slow"):
        sendall(connect_to(host.url, timeout=(5.0, 1.0)))


def test_a_name_that_can_be_no_name_surely_never_reached_wechat(connect_to: Connect) -> None:
    with pytest.raises(ConnectionFailed, match="bad address"):
        connect_to(f"https://{'a' * 70}.invalid..").tags.list()


def test_a_get_is_repeated_when_a_gateway_is_down(host: Host, wechat: WeChat) -> None:
    host.will(USER_GET, Reply(status=502), Reply(status=504), {"total": 0, "count": 0, "next_openid": ""})
    assert wechat.users.list_openids().total == 0
    assert len(host.calls(USER_GET)) == 3


def test_a_gateway_that_stays_down_is_a_bad_answer(host: Host, wechat: WeChat) -> None:
    host.will(USER_GET, *[Reply(status=503)] * 3)
    with pytest.raises(BadAnswer, match="HTTP 503"):
        wechat.users.list_openids()


def test_a_post_is_not_repeated_when_a_gateway_is_down(host: Host, wechat: WeChat) -> None:
    host.will(SENDALL, Reply(status=502))
    with pytest.raises(BadAnswer):
        sendall(wechat)
    assert len(host.calls(SENDALL)) == 1


def test_an_endless_answer_is_cut_off(host: Host, wechat: WeChat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_ANSWER_BYTES", 1000)
    host.will(USER_GET, Reply(b" " * 100_000))
    with pytest.raises(BadAnswer, match="more than 1000 bytes"):
        wechat.users.list_openids()
