"""The one way to addresses that somebody typed: never to one inside our network, never for long.

Which address a name leads to is asked once, checked, and connected to; there is no second look-up that could answer
differently. Redirects are followed here, if at all, and each is checked like the first address.
"""

from __future__ import annotations

import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
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

SILENCE = 5  # seconds


class Refused(Exception):
    """The address is none that requests may go to."""


class Unreachable(Exception):
    """There is no answer, and `reason` says in a few words why."""

    def __init__(self, reason: object) -> None:
        super().__init__()
        self.reason = reason


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


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked. `seconds` is for everything: looking up, connecting, redirects, reading; `silence` for each."""

    method: str
    url: str
    seconds: float
    headers: Mapping[str, str]
    body: bytes | None = None
    redirects: int = 0
    silence: float | tuple[float, float] = SILENCE


@contextmanager
def answer(asked: Request, policy: Policy) -> Iterator[requests.Response]:
    """This will be the answer after redirects, its body not yet read. Failures while it is read are translated too.

    Raises Refused, Unreachable.
    """
    line = _Line(policy, time.monotonic() + asked.seconds)
    timer = threading.Timer(max(asked.seconds, 0), line.cut)
    timer.daemon = True
    timer.start()
    try:
        with _session(line) as session:
            response = _follow(session, asked, policy)
            with response:
                line.check()
                yield response
                line.check()
    except (requests.RequestException, HTTPError, OSError, ValueError) as error:
        raise Unreachable(line.reason(error)) from None
    finally:
        timer.cancel()
        line.close()


def _follow(session: requests.Session, asked: Request, policy: Policy) -> requests.Response:
    url = asked.url
    for hop in range(asked.redirects + 1):
        check(url, policy)
        response = session.request(
            asked.method,
            url,
            headers=dict(asked.headers),
            data=asked.body,
            allow_redirects=False,
            timeout=asked.silence,
            stream=True,
        )
        target = session.get_redirect_target(response)
        if not target or (hop == 0 and not asked.redirects):
            return response
        response.close()
        url = urljoin(url, target)
    raise requests.TooManyRedirects


def check(url: str, policy: Policy) -> None:
    """This will refuse what is no plain address of the web; the address behind the name is checked when connecting.

    Raises Refused.
    """
    try:
        parts = urlsplit(url)
        port = {"http": 80, "https": 443}.get(parts.scheme, 0) if parts.port is None else parts.port
    except ValueError:
        raise Refused from None
    plain = parts.scheme in ("http", "https") and parts.hostname and parts.username is None and parts.password is None
    if not plain or not policy.ports(port) or re.search(r"[\s\\\x00-\x1f]", url):
        raise Refused


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
            raise Refused
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
        super().__init__(num_pools=4, maxsize=1)
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
