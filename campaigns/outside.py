"""Requests to addresses that somebody typed or pasted: never to one inside our network, never for long, never for much.

Which address a name leads to is asked once, checked, and connected to; there is no second look-up that could answer
differently. Redirects are followed here, and each is checked like the first address.

    fetch("https://…/a.png", max_bytes=10 * MB)     the content of a picture
    reachable("https://…")                          nothing, or an error that says what is wrong with a link
"""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.cookiejar import DefaultCookiePolicy
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from django.utils.translation import gettext_lazy as _
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NameResolutionError, NewConnectionError

from wxcore.errors import OperatorError, Retry

REDIRECTS = 3
SECONDS = 15  # for everything: looking up, connecting, redirects, reading
SILENCE = 5  # seconds
_CHUNK = 64 * 1024
_HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; Qunfa)", "Accept": "*/*", "Accept-Encoding": "identity"}
# These answers say that a page is there, though not for us.
_THERE = {401, 403, 405, 407, 429, 451}


class OutsideRefused(OperatorError):
    code = "outside_refused"
    message = _("The address %(shown)s is not one of the public web, so it was not opened.")
    fix = _("Use an address that begins with http:// or https:// and that everybody can open, or upload the file.")


class OutsideUnreachable(OperatorError):
    code = "outside_unreachable"
    message = _("The address %(shown)s could not be opened: %(reason)s.")
    fix = _("Open it in a browser. If it works there, try again later or upload the file.")
    retry = Retry.BACKOFF


class OutsideTooLarge(OperatorError):
    code = "outside_too_large"
    message = _("The file is larger than %(limit)d bytes.")
    fix = _("Make it smaller and upload it.")


class NotAPicture(OperatorError):
    code = "not_a_picture"
    message = _("There is no picture at this address.")
    fix = _("Copy the address of the picture itself, not of the page that shows it, or upload the file.")


@dataclass(frozen=True, slots=True)
class Fetched:
    """`url` is where the content came from, after redirects. What is in it has not been looked at."""

    content: bytes
    content_type: str
    url: str


Address = IPv4Address | IPv6Address

_GLOBAL_UNICAST = ip_network("2000::/3")
# Public by the number, but leading inside: relays of IPv6 over IPv4, documentation, the host agent of a cloud.
_NOT_PUBLIC = [
    ip_network(net) for net in ("192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32", "2002::/16", "3fff::/20")
]


def is_public(address: Address) -> bool:
    """This will tell whether an address is one of the public internet."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return is_public(address.ipv4_mapped)
        if address not in _GLOBAL_UNICAST:
            return False
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address in net for net in _NOT_PUBLIC if net.version == address.version)


@dataclass(frozen=True, slots=True)
class Policy:
    """Where requests may go."""

    allow: Callable[[Address], bool] = is_public
    ports: Callable[[int], bool] = frozenset({80, 443}).__contains__


PUBLIC = Policy()


def fetch(
    url: str, *, max_bytes: int, accept: str = "image/", seconds: float = SECONDS, policy: Policy | None = None
) -> Fetched:
    """This will be the content at an address, at most `max_bytes` of it, of a type that begins with `accept`.

    Raises OutsideRefused, OutsideUnreachable, OutsideTooLarge, NotAPicture.
    """
    with _answer("GET", url, seconds, policy or PUBLIC) as response:
        if response.status_code >= 300:
            raise _unreachable(url, _("it answered %(status)d") % {"status": response.status_code})
        content_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if not content_type.startswith(accept):
            raise NotAPicture
        return Fetched(_read(response, max_bytes), content_type, response.url)


def reachable(url: str, *, seconds: float = SECONDS, policy: Policy | None = None) -> None:
    """This will return if a link leads to a page. Raises OutsideRefused, OutsideUnreachable."""
    end = time.monotonic() + seconds
    # Some servers know no HEAD, or answer it wrongly.
    for method in ("HEAD", "GET"):
        with _answer(method, url, end - time.monotonic(), policy or PUBLIC) as response:
            status = response.status_code
        if status < 400 or status in _THERE - {405}:
            return
    if status not in _THERE:
        raise _unreachable(url, _("it answered %(status)d") % {"status": status})


@contextmanager
def _answer(method: str, url: str, seconds: float, policy: Policy) -> Iterator[requests.Response]:
    """This will be the answer after redirects, its body not yet read. Failures while it is read are translated too."""
    line = _Line(policy, time.monotonic() + seconds)
    timer = threading.Timer(max(seconds, 0), line.cut)
    timer.daemon = True
    timer.start()
    try:
        with _session(line) as session:
            response = _follow(session, method, url, policy)
            with response:
                line.check()
                yield response
                line.check()
    except _Refused:
        raise OutsideRefused(shown=_shown(url)) from None
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        raise _unreachable(url, line.reason(error)) from None
    finally:
        timer.cancel()
        line.close()


def _follow(session: requests.Session, method: str, url: str, policy: Policy) -> requests.Response:
    for _hop in range(REDIRECTS + 1):
        _check(url, policy)

        response = session.request(method, url, headers=_HEADERS, allow_redirects=False, timeout=SILENCE, stream=True)
        target = session.get_redirect_target(response)
        if not target:
            return response
        response.close()
        url = urljoin(url, target)
    raise requests.TooManyRedirects


def _check(url: str, policy: Policy) -> None:
    """This will refuse what is no plain address of the web; the address behind the name is checked when connecting."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        raise _Refused from None
    plain = parts.scheme in ("http", "https") and parts.hostname and parts.username is None and parts.password is None
    if not plain or not policy.ports(port) or re.search(r"[\s\\\x00-\x1f]", url):
        raise _Refused


def _read(response: requests.Response, max_bytes: int) -> bytes:
    if int(response.headers.get("Content-Length") or 0) > max_bytes:
        raise OutsideTooLarge(limit=max_bytes)
    content = bytearray()
    for chunk in response.raw.stream(_CHUNK, decode_content=True):
        content += chunk
        if len(content) > max_bytes:
            raise OutsideTooLarge(limit=max_bytes)
    return bytes(content)


def _unreachable(url: str, reason: object) -> OutsideUnreachable:
    return OutsideUnreachable(shown=_shown(url), reason=reason)


def _shown(url: str) -> str:
    return url if len(url) <= 100 else f"{url[:99]}…"


class _Refused(Exception):
    """The address is not public."""


class _Line:
    """The connections of one call: made only to allowed addresses, cut when the time is over."""

    def __init__(self, policy: Policy, end: float) -> None:
        self.policy = policy
        self.end = end
        self.late = False
        self.lock = threading.Lock()
        self.sockets: list[socket.socket] = []

    def connect(self, host: str, port: int) -> socket.socket:
        """This will be a connection to one of the host's addresses; a host with any address inside is refused."""
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        if not found or not all(self.policy.allow(ip_address(entry[4][0].partition("%")[0])) for entry in found):
            raise _Refused
        error: OSError = TimeoutError()
        for family, kind, protocol, _name, address in found:
            left = self.end - time.monotonic()
            if left <= 0:
                break
            connection = socket.socket(family, kind, protocol)
            try:
                connection.settimeout(min(SILENCE, left))
                connection.connect(address)
            except OSError as failure:
                connection.close()
                error = failure
                continue
            self._watch(connection)
            return connection
        raise error

    def _watch(self, connection: socket.socket) -> None:
        # A copy of the descriptor: TLS takes the socket over, and both lead to the same connection.
        copy = socket.socket(fileno=os.dup(connection.fileno()))
        with self.lock:
            self.sockets.append(copy)
        if self.late:
            self.cut()

    def cut(self) -> None:
        """This will end all reading and writing, also of a server that sends a byte now and then."""
        self.late = True
        with self.lock:
            for connection in self.sockets:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was faster

    def check(self) -> None:
        """This will raise TimeoutError when the line was cut: to a reader that looks like the end of the answer."""
        if self.late:
            raise TimeoutError

    def close(self) -> None:
        with self.lock:
            for connection in self.sockets:
                connection.close()
            self.sockets.clear()

    def reason(self, error: Exception) -> object:
        """This will say in a few words why there is no answer."""
        if self.late or isinstance(error, requests.Timeout | TimeoutError | urllib3.exceptions.TimeoutError):
            return _("it took too long")
        if isinstance(error, requests.TooManyRedirects):
            return _("it redirects too often")
        if isinstance(error, requests.exceptions.SSLError):
            return _("its certificate is not valid")
        if "NameResolutionError" in repr(error):
            return _("there is no such host")
        return _("no connection, or it broke off")


def _session(line: _Line) -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy and no .netrc of the machine
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    adapter = _Adapter(line)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


class _Adapter(HTTPAdapter):
    def __init__(self, line: _Line) -> None:
        self.line = line
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        self.poolmanager = _Pools(self.line)


class _Pools(urllib3.PoolManager):
    def __init__(self, line: _Line) -> None:
        super().__init__(num_pools=1 + REDIRECTS, maxsize=1)
        self.line = line

    def _new_pool(self, scheme: str, host: str, port: int, request_context: Any = None) -> Any:
        pool: Any = super()._new_pool(scheme, host, port, request_context)
        pool.ConnectionCls = partial(_CONNECTIONS[scheme], line=self.line)
        return pool


class _OnLine:
    """A connection of urllib3's that is made by a line."""

    def __init__(self, *args: Any, line: _Line, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line = line

    def _new_conn(self) -> socket.socket:
        connection: Any = self
        try:
            return self.line.connect(connection._dns_host, connection.port)
        except socket.gaierror as error:
            raise NameResolutionError(connection.host, connection, error) from error
        except OSError as error:
            raise NewConnectionError(connection, str(error)) from error


class _HTTPConnection(_OnLine, HTTPConnection):
    pass


class _HTTPSConnection(_OnLine, HTTPSConnection):
    pass


_CONNECTIONS = {"http": _HTTPConnection, "https": _HTTPSConnection}
