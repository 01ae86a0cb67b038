"""HTTP/1.1 on a socket: keep-alive, no Nagle, bounded bodies, one thread a connection.

The standard library's request handler parses headers as if they were e-mail, which costs more than our answers do.
"""

from __future__ import annotations

import contextlib
import json
import socket
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BufferedIOBase
from typing import Any
from urllib.parse import parse_qsl, unquote

MAX_LINE = 16_384
MAX_HEADERS = 100
MAX_BODY = 12 * 1024 * 1024
IDLE = 120.0
REASONS = {
    200: "OK",
    206: "Partial Content",
    400: "Bad Request",
    404: "Not Found",
    413: "Content Too Large",
    416: "Range Not Satisfiable",
    500: "Internal Server Error",
}


class BadRequestError(Exception):
    """The bytes are no request that we read; the connection cannot go on."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Request:
    """One request; header names are lower case, of repeated query keys the last one counts."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    ip: str


@dataclass
class Reply:
    """One answer. `drop` cuts the connection instead; `after` runs when the answer is on its way, or cut."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json; encoding=utf-8"
    drop: bool = False
    after: list[Callable[[], object]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: Any, status: int = 200) -> Reply:
        """This will be `value` as raw UTF-8, the way WeChat writes it."""
        return cls(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), status)

    def head(self, *, close: bool) -> bytes:
        """This will be the status line and the headers."""
        headers = {"Cache-Control": "no-store", **self.headers}
        lines = (
            f"HTTP/1.1 {self.status} {REASONS.get(self.status, 'Answer')}",
            f"Content-Type: {self.content_type}",
            f"Content-Length: {len(self.body)}",
            "X-Content-Type-Options: nosniff",
            f"Connection: {'close' if close else 'keep-alive'}",
            *(f"{name}: {value}" for name, value in headers.items()),
        )
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")


class Server(socketserver.ThreadingTCPServer):
    """Listens, and hands every request to `app`, in a thread for each connection."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def __init__(self, address: tuple[str, int], app: Callable[[Request], Reply]) -> None:
        self.app = app
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__(address, _Connection)

    def track(self, connection: socket.socket, *, opened: bool) -> None:
        """This will know of a connection, so that `disconnect` reaches it."""
        with self._guard:
            (self._open.add if opened else self._open.discard)(connection)

    def disconnect(self) -> None:
        """This will cut every open connection."""
        with self._guard:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """This will keep quiet: a client that goes away in the middle is an ordinary thing here."""


class _Connection(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    timeout = IDLE
    server: Server

    def setup(self) -> None:
        super().setup()
        self.server.track(self.connection, opened=True)

    def finish(self) -> None:
        self.server.track(self.connection, opened=False)
        with contextlib.suppress(OSError):
            super().finish()

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while self._serve_one():
                pass

    def _serve_one(self) -> bool:
        try:
            request = read_request(self.rfile, ip=self.client_address[0], proceed=self._proceed)
        except BadRequestError as error:
            reply = Reply(str(error).encode(), error.status, "text/plain; charset=utf-8")
            self.wfile.write(reply.head(close=True) + reply.body)
            return False
        if request is None:
            return False
        reply = self.server.app(request)
        close = request.headers.get("connection", "").lower() == "close"
        try:
            if not reply.drop:
                self.wfile.write(reply.head(close=close) + (b"" if request.method == "HEAD" else reply.body))
        finally:
            for action in reply.after:
                action()
        return not (close or reply.drop)

    def _proceed(self) -> None:
        self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def read_request(stream: BufferedIOBase, *, ip: str, proceed: Callable[[], None]) -> Request | None:
    """This will be the next request of a connection, None at its end. Raises BadRequestError."""
    line = _line(stream)
    if not line:
        return None
    try:
        method, target, version = line.split(" ")
    except ValueError:
        raise BadRequestError(400, "not a request line") from None
    headers = _headers(stream)
    if headers.get("expect", "").lower() == "100-continue":
        proceed()
    if version == "HTTP/1.0":
        headers.setdefault("connection", "close")
    path, _, query = target.partition("?")
    return Request(
        method, unquote(path), dict(parse_qsl(query, keep_blank_values=True)), headers, _body(stream, headers), ip
    )


def _line(stream: BufferedIOBase) -> str:
    line = stream.readline(MAX_LINE + 1)
    if len(line) > MAX_LINE:
        raise BadRequestError(400, "line too long")
    return line.decode("latin-1").rstrip("\r\n")


def _headers(stream: BufferedIOBase) -> dict[str, str]:
    headers: dict[str, str] = {}
    while line := _line(stream):
        name, colon, value = line.partition(":")
        if not colon or len(headers) >= MAX_HEADERS:
            raise BadRequestError(400, "bad headers")
        headers[name.lower()] = value.strip()
    return headers


def _body(stream: BufferedIOBase, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() == "chunked":
        return _chunks(stream)
    length = headers.get("content-length", "0")
    if not length.isdecimal():
        raise BadRequestError(400, "bad Content-Length")
    if int(length) > MAX_BODY:
        raise BadRequestError(413, "body too large")
    return _exactly(stream, int(length))


def _chunks(stream: BufferedIOBase) -> bytes:
    body = bytearray()
    while True:
        try:
            size = int(_line(stream).partition(";")[0], 16)
        except ValueError:
            raise BadRequestError(400, "bad chunk") from None
        if size < 0 or len(body) + size > MAX_BODY:
            raise BadRequestError(413, "body too large")
        if size == 0:
            _headers(stream)
            return bytes(body)
        body += _exactly(stream, size)
        _line(stream)


def _exactly(stream: BufferedIOBase, length: int) -> bytes:
    body = stream.read(length) if length else b""
    if len(body) < length:
        raise BadRequestError(400, "body cut short")
    return body
