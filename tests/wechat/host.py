"""A host that answers whatever a test tells it to, also what WeChat never would: half a body, HTML, silence."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

TOKEN = "TOKEN-" + "x" * 600


@dataclass(frozen=True)
class Part:
    """One part of a multipart body."""

    headers: dict[str, str]
    content: bytes


@dataclass(frozen=True)
class Request:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body.decode("utf-8"))

    def parts(self) -> dict[str, Part]:
        """The parts of a multipart body, split by hand: a library would forgive what WeChat does not."""
        boundary = self.headers["Content-Type"].partition("multipart/form-data; boundary=")[2].encode()
        first, *parts, last = (b"\r\n" + self.body).split(b"\r\n--" + boundary)
        assert (first, last) == (b"", b"--\r\n")
        found = {}
        for part in parts:
            head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
            headers = dict(line.split(": ", 1) for line in head.decode("utf-8").split("\r\n"))
            found[headers["Content-Disposition"].split('"')[1]] = Part(headers, content)
        return found


@dataclass(frozen=True)
class Reply:
    """One answer. `missing` bytes are announced and never sent; `silent` never answers; `drop` hangs up at once;
    `drip` waits so many seconds after each byte; `chunked` does not say how long it is.
    """

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    missing: int = 0
    silent: bool = False
    drop: bool = False
    drip: float = 0.0
    chunked: bool = False

    @classmethod
    def of(cls, data: object, **kwargs: Any) -> Reply:
        return cls(json.dumps(data, ensure_ascii=False).encode("utf-8"), **kwargs)


class Host:
    """Serves on a free port of 127.0.0.1. A call without a planned reply succeeds; `revoked` tokens are refused.

    `sip` waits so many seconds after each 64 KB of a request.
    """

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.replies: dict[str, deque[Reply]] = {}
        self.tokens_given = 0
        self.revoked: set[str] = set()
        self.sip = 0.0
        self._lock = threading.Lock()
        self._closing = threading.Event()
        host = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host._answer(self)

            def do_POST(self) -> None:
                host._answer(self)

            def log_message(self, *args: object) -> None:
                """Quiet."""

        class Server(ThreadingHTTPServer):
            request_queue_size = 128  # with the usual 5 a burst of threads waits a second for its second SYN

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def will(self, path: str, *replies: Reply | dict[str, Any]) -> None:
        """This will answer the next calls of `path` in that order; then with success again."""
        self.replies[path] = deque(reply if isinstance(reply, Reply) else Reply.of(reply) for reply in replies)

    def calls(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path == path]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        length = int(handler.headers.get("Content-Length") or 0)
        body = self._read(handler, length)
        if len(body) < length:
            handler.close_connection = True
            return
        query = {key: values[0] for key, values in parse_qs(parts.query, keep_blank_values=True).items()}
        with self._lock:
            self.requests.append(Request(handler.command, parts.path, query, dict(handler.headers), body))
            planned = self.replies.get(parts.path)
            if query.get("access_token") in self.revoked:
                reply = Reply.of({"errcode": 40001, "errmsg": "invalid credential"})
            else:
                reply = planned.popleft() if planned else self._usual(parts.path)
        if reply.silent:
            self._closing.wait(30)
        if reply.silent or reply.drop:
            handler.close_connection = True
            return
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if reply.chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        else:
            handler.send_header("Content-Length", str(len(reply.body) + reply.missing))
        handler.end_headers()
        self._write(handler, reply)
        handler.close_connection = bool(reply.missing)

    def _read(self, handler: BaseHTTPRequestHandler, length: int) -> bytes:
        if not self.sip:
            return handler.rfile.read(length)
        body = bytearray()
        with contextlib.suppress(ConnectionResetError):
            while len(body) < length and (piece := handler.rfile.read(min(64 * 1024, length - len(body)))):
                body += piece
                self._closing.wait(self.sip)
        return bytes(body)

    def _write(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        pieces = [reply.body]
        if reply.drip:
            pieces = [reply.body[at : at + 1] for at in range(len(reply.body))]
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a client may lose patience
            for piece in pieces:
                handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if reply.chunked else piece)
                if self._closing.wait(reply.drip):
                    return
            if reply.chunked and not reply.missing:
                handler.wfile.write(b"0\r\n\r\n")

    def _usual(self, path: str) -> Reply:
        if path not in ("/cgi-bin/token", "/cgi-bin/stable_token"):
            return Reply.of({"errcode": 0, "errmsg": "ok"})
        self.tokens_given += 1
        return Reply.of({"access_token": f"{TOKEN}{self.tokens_given}", "expires_in": 7200})
