"""The certificate is always verified, and a proxy of the environment is only for the internet."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.wechat.conftest import Connect
from tests.wechat.host import Host
from wxcore.wechat.errors import ConnectionFailed

DEAD_PROXY = "http://127.0.0.1:9"
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[tuple[str, list[bytes]]]:
    """A server whose certificate nobody vouches for: its URL, and what it was told."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path))
    told: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_serve, args=(server, context, told), daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{server.getsockname()[1]}", told
        thread.join(10)


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent(
    connect_to: Connect, self_signed: tuple[str, list[bytes]]
) -> None:
    url, told = self_signed
    with pytest.raises(ConnectionFailed) as caught:
        connect_to(url).tags.list()
    assert caught.value.reason == "TLS"
    assert told == []


def test_a_simulator_on_this_machine_needs_no_proxy(
    host: Host, connect_to: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in PROXIES:
        monkeypatch.setenv(name, DEAD_PROXY)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert connect_to(host.url).tags.list() == []


def test_a_proxy_that_is_down_surely_never_reached_wechat(connect_to: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PROXIES:
        monkeypatch.setenv(name, DEAD_PROXY)
    with pytest.raises(ConnectionFailed):
        connect_to("https://api.weixin.invalid").tags.list()


def _serve(server: socket.socket, context: ssl.SSLContext, told: list[bytes]) -> None:
    connection, _ = server.accept()
    try:
        with context.wrap_socket(connection, server_side=True) as secured:
            told.append(secured.recv(1000))
    except OSError:  # what this test wants: the client hangs up during the handshake
        connection.close()


def _certificate(directory: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = directory / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path
