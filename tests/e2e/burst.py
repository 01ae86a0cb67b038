"""WeChat in a hurry: thousands of pushes at once, each repeated until it is answered."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from tests.callbacks.sender import sign
from tests.wechat.pushes import HEAD
from wxcore.models import OfficialAccount

CONNECTIONS = 16
# WeChat gives up after three; a test on a busy machine waits longer for a web server to start.
DELIVERIES = 60
PAUSE = 1.0
TIMEOUT = 5.0


def text(number: int, openid: str, content: str = "几点开门") -> bytes:
    """This will be a message of its own for each number, sent a moment ago."""
    fields = f"<CreateTime>{int(time.time())}</CreateTime><MsgType>text</MsgType><MsgId>{number}</MsgId>"
    head = HEAD.replace("oU1", openid)
    return f"<xml>{head}{fields}<Content><![CDATA[{content}]]></Content></xml>".encode()


@dataclass
class Burst:
    """Posts to one account's callback over a few connections that stay open. `answers` are in the order of pushes."""

    site: str
    account: OfficialAccount
    answers: list[Future[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(CONNECTIONS)
        self._own = threading.local()

    def post(self, bodies: Iterable[bytes]) -> None:
        """This will begin to post; `wait` says how it went."""
        self.answers += [self._pool.submit(self.deliver, body) for body in bodies]

    def wait(self, seconds: float = 300) -> list[bytes]:
        """This will be all answers. Raises when a push was given up or the time is over."""
        until = time.monotonic() + seconds
        try:
            return [answer.result(until - time.monotonic()) for answer in self.answers]
        finally:
            self._pool.shutdown(cancel_futures=True)

    def deliver(self, body: bytes) -> bytes:
        """This will post until it is answered with 200, each time with the same query, as WeChat does."""
        stamp, nonce = str(int(time.time())), "1514711492"
        query = {"signature": sign(self.account.token, stamp, nonce), "timestamp": stamp, "nonce": nonce}
        path = f"{self.account.callback_path}?{urlencode(query)}"
        for _ in range(DELIVERIES):
            try:
                status, answer = self._attempt(path, body)
            except (OSError, http.client.HTTPException):
                self._own.connection = None
            else:
                if status == 200:
                    return answer
                assert status >= 500, answer
            time.sleep(PAUSE)
        raise AssertionError("given up")

    def _attempt(self, path: str, body: bytes) -> tuple[int, bytes]:
        connection = getattr(self._own, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection(urlsplit(self.site).netloc, timeout=TIMEOUT)
            self._own.connection = connection
        connection.request("POST", path, body, {"Content-Type": "text/xml"})
        response = connection.getresponse()
        return response.status, response.read()
