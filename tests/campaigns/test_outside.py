"""What is fetched from outside comes from the public web, in time, and is no more than was asked for."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import socket
import ssl
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import translation

from campaigns import outside
from wxcore.outside import is_public

Page = Callable[[BaseHTTPRequestHandler], None]
LOCAL = outside.Policy(allow=lambda address: address.is_loopback, ports=lambda port: True)
ANY_PORT = outside.Policy(ports=lambda port: True)


class Site:
    """A web server whose pages are functions."""

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[str] = []
        self.headers: list[dict[str, str]] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(f"{self.command} {self.path}")
                site.headers.append(dict(self.headers))
                with contextlib.suppress(OSError):
                    site.pages[self.path](self)

            do_HEAD = do_GET  # noqa: N815

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server.server_port}{path}"


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.server.shutdown()
    site.server.server_close()


def answer(content: bytes = b"", status: int = 200, **headers: str) -> Page:
    def page(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in ({"Content_Type": "image/png"} | headers).items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(content)

    return page


def drip(handler: BaseHTTPRequestHandler) -> None:
    answer(b"")(handler)
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.05)


def drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.05)


def test_it_brings_the_content_and_its_type(site: Site) -> None:
    site.pages["/a.png"] = answer(b"picture", Content_Type="image/PNG; x=y")

    found = outside.fetch(site.url("/a.png"), max_bytes=7, policy=LOCAL)

    assert found == outside.Fetched(b"picture", "image/png", site.url("/a.png"))


def test_it_follows_redirects_up_to_three(site: Site) -> None:
    site.pages |= {f"/{n}": answer(status=302, Location=f"/{n + 1}") for n in range(4)} | {"/4": answer(b"x")}

    assert outside.fetch(site.url("/1"), max_bytes=9, policy=LOCAL).url == site.url("/4")
    with pytest.raises(outside.OutsideUnreachable):
        outside.fetch(site.url("/0"), max_bytes=9, policy=LOCAL)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0.0.0.0", "[::1]", "[::]",  # noqa: S104
     "[::ffff:127.0.0.1]"],
)  # fmt: skip
def test_our_own_machine_is_refused_by_every_name(site: Site, host: str) -> None:
    with pytest.raises(outside.OutsideRefused):
        outside.fetch(site.url("/", host), max_bytes=9, policy=ANY_PORT)

    assert site.asked == []


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "//[fc00::1]/", "file:///etc/passwd"]
)
def test_a_redirect_into_the_network_is_refused(site: Site, target: str) -> None:
    site.pages["/"] = answer(status=301, Location=target)

    with pytest.raises(outside.OutsideRefused):
        outside.fetch(site.url(), max_bytes=9, policy=LOCAL)


def test_what_a_name_leads_to_is_asked_once_and_connected_to(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads to a public address when it is checked and inside when it is used is no way in."""
    answers = iter(["192.0.2.1", "127.0.0.1"])
    port = site.server.server_port

    def rebinding(*args: object, **kwargs: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    checked = []
    policy = outside.Policy(allow=lambda address: bool(checked.append(address)) or True, ports=lambda port: True)
    with pytest.raises(outside.OutsideUnreachable):
        outside.fetch(f"http://rebind.example:{port}/", max_bytes=9, seconds=0.3, policy=policy)

    assert (checked, site.asked) == ([ip_address("192.0.2.1")], [])


def test_a_name_with_one_address_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 80)) for host in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: both)

    with pytest.raises(outside.OutsideRefused):
        outside.fetch("http://both.example/", max_bytes=9)


@pytest.mark.parametrize(
    "url",
    ["", "picture.png", "ftp://example.com/a", "file:///etc/passwd", "http://", "http://u:p@example.com/", "http://[",
     "http://example.com:22/", "http://example.com:99999/", "http://a b/", "http://example.com\\@127.0.0.1/"],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(url: str) -> None:
    with pytest.raises(outside.OutsideRefused):
        outside.fetch(url, max_bytes=9)


@pytest.mark.parametrize("page", [drip, drip_headers])
def test_a_server_that_drips_is_left_in_time(site: Site, page: Page) -> None:
    site.pages["/"] = page
    started = time.monotonic()

    with pytest.raises(outside.OutsideUnreachable):
        outside.fetch(site.url(), max_bytes=10_000, seconds=0.5, policy=LOCAL)

    assert time.monotonic() - started < 3


@pytest.mark.parametrize("headers", [{"Content_Length": "11"}, {}])
def test_more_than_was_asked_for_is_too_large(site: Site, headers: dict[str, str]) -> None:
    site.pages["/"] = answer(b"x" * 11, **headers)

    with pytest.raises(outside.OutsideTooLarge):
        outside.fetch(site.url(), max_bytes=10, policy=LOCAL)


def test_a_bomb_is_left_before_it_unfolds(site: Site) -> None:
    site.pages["/"] = answer(gzip.compress(bytes(100_000_000)), Content_Encoding="gzip")
    tracemalloc.start()

    with pytest.raises(outside.OutsideTooLarge):
        outside.fetch(site.url(), max_bytes=1_000_000, policy=LOCAL)

    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_a_page_is_not_a_picture(site: Site) -> None:
    site.pages["/"] = answer(b"<html>", Content_Type="text/html")

    with pytest.raises(outside.NotAPicture):
        outside.fetch(site.url(), max_bytes=100, policy=LOCAL)


@pytest.mark.parametrize("status", [404, 410, 500])
def test_an_error_is_told_with_its_number(site: Site, status: int) -> None:
    site.pages["/"] = answer(status=status)

    with pytest.raises(outside.OutsideUnreachable, match=str(status)):
        outside.fetch(site.url(), max_bytes=100, policy=LOCAL)
    with pytest.raises(outside.OutsideUnreachable, match=str(status)):
        outside.reachable(site.url(), policy=LOCAL)


def test_no_proxy_and_no_cookie_of_ours_is_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.pages |= {"/": answer(status=302, Location="/2", Set_Cookie="a=b; Path=/"), "/2": answer(b"x")}

    assert outside.fetch(site.url(), max_bytes=9, policy=LOCAL).content == b"x"
    assert not any("Cookie" in headers for headers in site.headers)


@pytest.mark.parametrize("status", [200, 204, 401, 403, 429])
def test_a_link_to_a_page_that_is_there_is_fine(site: Site, status: int) -> None:
    site.pages["/"] = answer(status=status)

    outside.reachable(site.url(), policy=LOCAL)

    assert site.asked == ["HEAD /"]


def test_a_server_without_head_is_asked_again(site: Site) -> None:
    def page(handler: BaseHTTPRequestHandler) -> None:
        answer(status=405 if handler.command == "HEAD" else 200)(handler)

    site.pages["/"] = page
    outside.reachable(site.url(), policy=LOCAL)

    assert site.asked == ["HEAD /", "GET /"]


def test_a_server_whose_certificate_nobody_vouches_for_is_told_so(site: Site, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    site.server.socket = context.wrap_socket(site.server.socket, server_side=True)

    with translation.override("en"), pytest.raises(outside.OutsideUnreachable, match="certificate"):
        outside.fetch(site.url().replace("http:", "https:"), max_bytes=9, policy=LOCAL)


def self_signed(directory: Path) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + dt.timedelta(days=1))
    path = directory / "server.pem"
    path.write_bytes(
        certificate.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def test_a_host_that_is_not_there_is_unreachable() -> None:
    with pytest.raises(outside.OutsideUnreachable):
        outside.reachable("http://nowhere.invalid/")
    with pytest.raises(outside.OutsideUnreachable):
        outside.fetch("http://127.0.0.1:9/", max_bytes=1, policy=LOCAL)


@pytest.mark.parametrize(
    "address",
    ["10.1.1.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1", "100.100.100.200", "0.0.0.0",  # noqa: S104
     "255.255.255.255", "224.0.0.1", "240.0.0.1", "198.18.0.1", "168.63.129.16", "::", "::1", "::127.0.0.1",
     "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "2002:a00:1::",
     "2001::1", "2001:db8::1", "3fff::1", "100::1"],
)  # fmt: skip
def test_these_are_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "223.5.5.5", "2400:3200::1", "::ffff:8.8.8.8"])
def test_these_are(address: str) -> None:
    assert is_public(ip_address(address))
