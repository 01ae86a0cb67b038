"""Fixtures of the simulator's own tests: an account, a plain client, and a callback URL that listens."""

from __future__ import annotations

import contextlib
import json
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import requests

from tests.simulator_control import Control
from wxcore.simulator import samples
from wxcore.simulator.app import Simulator

APPID = "wx0123456789abcdef"
SECRET = "a-secret-that-no-answer-may-show"


class Caller:
    """Calls WeChat's paths the way a careful client does, and shows the bare JSON."""

    def __init__(self, url: str, appid: str = APPID, secret: str = SECRET) -> None:
        self.url, self.appid, self.secret = url, appid, secret
        self.session = requests.Session()
        self.session.trust_env = False
        self.token = ""

    def request(self, method: str, path: str, **kwargs: Any) -> requests.Response:
        return self.session.request(method, self.url + path, timeout=kwargs.pop("timeout", 10), **kwargs)

    def fetch_token(self, **extra: Any) -> dict[str, Any]:
        given = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret, **extra}
        return self.request("POST", "/cgi-bin/stable_token", json=given).json()

    def fetch_old_token(self, **changed: Any) -> dict[str, Any]:
        given = {"grant_type": "client_credential", "appid": self.appid, "secret": self.secret, **changed}
        return self.request("GET", "/cgi-bin/token", params=given).json()

    def _query(self) -> dict[str, str]:
        self.token = self.token or self.fetch_token()["access_token"]
        return {"access_token": self.token}

    def get(self, path: str, **query: Any) -> dict[str, Any]:
        return self.request("GET", path, params=self._query() | query).json()

    def post(self, path: str, body: Any = None, **kwargs: Any) -> dict[str, Any]:
        raw = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        return self.request("POST", path, params=self._query(), data=raw, **kwargs).json()

    def post_raw(self, path: str, raw: bytes) -> dict[str, Any]:
        return self.request("POST", path, params=self._query(), data=raw).json()

    def upload(self, path: str, content: bytes, filename: str = "file", **query: Any) -> dict[str, Any]:
        """This will post a file as the form field `media`; `fields` are further fields of the form."""
        fields, files = query.pop("fields", None), {"media": (filename, content)}
        return self.request("POST", path, params=self._query() | query, files=files, data=fields).json()

    def download(self, method: str, path: str, *, body: Any = None, **query: Any) -> requests.Response:
        return self.request(method, path, params=self._query() | query, json=body)

    def cover(self) -> str:
        """This will be the media_id of a permanent picture."""
        return self.upload("/cgi-bin/material/add_material", samples.picture(0), "cover.jpg", type="image")["media_id"]

    def draft(self, *articles: dict[str, Any]) -> str:
        """This will be the media_id of a draft of these articles, or of one ordinary one."""
        cover = self.cover()
        given = [
            {"title": "标题", "content": "<p>正文</p>", "thumb_media_id": cover, **one} for one in articles or [{}]
        ]
        answer = self.post("/cgi-bin/draft/add", {"articles": given})
        assert "media_id" in answer, answer
        return answer["media_id"]

    def sendall(self, text: str = "hello", **body: Any) -> dict[str, Any]:
        given = {"filter": {"is_to_all": True}, "msgtype": "text", "text": {"content": text}, **body}
        return self.post("/cgi-bin/message/mass/sendall", given)

    def send(self, openids: list[str], text: str = "hello", **body: Any) -> dict[str, Any]:
        given = {"touser": openids, "msgtype": "text", "text": {"content": text}, **body}
        return self.post("/cgi-bin/message/mass/send", given)


class Listener:
    """A callback URL: keeps what it got, and answers what `answers` says, in order, then `success`."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str]] = []
        self.answers: list[tuple[int, str]] = []
        self.answer: Callable[[str, str], str] = lambda target, body: "success"
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, text = listener.answers.pop(0) if listener.answers else (200, listener.answer(self.path, body))
                listener.got.append((self.path, body))
                with contextlib.suppress(OSError):  # who waited no longer is gone
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(text.encode())))
                    self.end_headers()
                    self.wfile.write(text.encode())

            def do_GET(self) -> None:
                text = listener.answer(self.path, "").encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *args: Any) -> None:
                """Says nothing: the tests look at `got`."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/callback"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def account(control: Control) -> str:
    """The appid of a verified service account."""
    control.account(APPID, secret=SECRET, kind="service", verified=True)
    return APPID


@pytest.fixture
def caller(simulator: Simulator, account: str) -> Caller:
    """A client of that account."""
    return Caller(simulator.url)


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads take turns a thousand times as often, so that what must not be interrupted is."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A callback URL on a free port."""
    listening = Listener()
    yield listening
    listening.server.shutdown()
    listening.server.server_close()
