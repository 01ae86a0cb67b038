"""The only module that touches the network: one request in, WeChat's answer or an error out.

    Http        one request: pool, timeouts, size cap, encoding; never repeats what may have been carried out
    Transport   a call of one account: adds the access token and the few repetitions that are safe

The URL of a call carries the access token, and so does every exception of `requests`. That is why nothing here is
raised while one of those is being handled: the error that leaves has neither a cause nor a context.
"""

from __future__ import annotations

import io
import logging
import random
import re
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from wxcore.errors import OperatorError, by_language
from wxcore.wechat.encoding import Body, Download, Json, as_json, file_body, read_file, read_json
from wxcore.wechat.errors import (
    ApiError,
    BadAnswer,
    Busy,
    ConnectionFailed,
    NoAnswer,
    TokenRejected,
    TooFast,
    TransportError,
    WeChatError,
)
from wxcore.wechat.tokens import AccessTokens

__all__ = ["Download", "Http", "InsecureURL", "Json", "Transport", "checked_host", "should_retry"]

T = TypeVar("T")

MAX_ANSWER_BYTES = 16 * 1024 * 1024
MAX_FILE_BYTES = 12 * 1024 * 1024  # WeChat keeps none above 10 MB
FILE_PATIENCE = 2  # so many read timeouts may a whole file take in either direction; a lease must outlast them
LOOPBACK = {"localhost", "127.0.0.1", "::1"}

# Seconds to wait before each repetition; when the row is used up, the error goes to the caller.
RETRY_DELAYS: dict[type[WeChatError], tuple[float, ...]] = {
    TokenRejected: (0.0,),  # a new token either works at once or the fault is another
    Busy: (1.0, 5.0),  # most of WeChat's hiccups are over within seconds; a person may be waiting for the page
    TooFast: (2.0, 25.0, 50.0),  # the quota is counted by the minute: even shortened, together they reach the next one
}

_QUERY = re.compile(r"\?[^\s'\"]*")
# TLS failures of the handshake, when no byte of the request has left yet. Any other may have come after it.
_HANDSHAKE = re.compile(
    r"CERTIFICATE_VERIFY_FAILED|WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|HANDSHAKE_FAILURE|UNKNOWN_CA"
)


class _WithoutQuery(logging.Filter):
    """urllib3 logs whole URLs, at DEBUG each request and at WARNING each retry."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _QUERY.sub("?***", record.getMessage()), ()
        return True


for _name in ("urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_name).addFilter(_WithoutQuery())


class InsecureURL(OperatorError):
    """The base URL would carry the secret and the token in clear, or is no URL at all."""

    code = "wechat_insecure_url"
    message = by_language(en="The API address must begin with https://.", zh="接口地址必须以 https:// 开头。")
    fix = by_language(
        en="Use https://api.weixin.qq.com; http:// is allowed only for this machine (127.0.0.1, localhost).",
        zh="请使用 https://api.weixin.qq.com；http:// 仅允许用于本机（127.0.0.1、localhost）。",
    )


def should_retry(error: WeChatError, attempt: int, *, replayable: bool) -> bool:
    """This will say whether to make the call again after it met this kind of error for the `attempt`-th time.

    `replayable` says that doing it twice does no harm. A mass send is not: what WeChat may have carried out is repeated
    only by the caller, who knows its clientmsgid.
    """
    if attempt > len(RETRY_DELAYS.get(type(error), ())):
        return False
    if isinstance(error, TokenRejected):
        return True  # refused at the door, so nothing was carried out, whatever the call
    return replayable


class Http:
    """One pool of connections to one API host. Safe to use from many threads."""

    def __init__(self, base_url: str, *, timeout: tuple[float, float], pool_size: int) -> None:
        self.base_url = base_url.rstrip("/")
        self._timeout = timeout
        self._adapter = HTTPAdapter(pool_maxsize=pool_size, pool_block=True, max_retries=_gateway_retry())
        self._blank, self._surroundings = _prepare(self.base_url)

    def call(self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: Json | None = None) -> Json:
        """This will make one request and be the object that WeChat answered with, its errcode absent or 0.

        `path` begins with a slash, `body` goes out as UTF-8 JSON. Raises TransportError, ApiError, InvalidRequest.
        """
        return read_json(path, self._send(method, path, query, _json(path, body))[0])

    def upload(self, path: str, body: Body, *, query: Mapping[str, str]) -> Json:
        """This will post a file, which has more time than a call, and read the answer like `call`."""
        return read_json(path, self._send("POST", path, query, body)[0])

    def download(self, path: str, *, query: Mapping[str, str], body: Json | None = None) -> Download | Json:
        """This will ask for a file, with a POST when there is a `body`; some calls answer with an object instead."""
        method = "GET" if body is None else "POST"
        answer, headers = self._send(method, path, query, _json(path, body), file_wanted=True)
        return read_file(path, answer, headers)

    def close(self) -> None:
        self._adapter.close()

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: Body | None,
        *,
        file_wanted: bool = False,
    ) -> tuple[bytes, Mapping[str, str]]:
        failure: TransportError
        try:
            # The adapter follows no redirect and keeps no cookie: an answer leaves nothing for the next request.
            request = self._request(method, path, query, body)
            with self._adapter.send(request, timeout=self._timeout, **self._surroundings) as response:
                if response.status_code == 200:
                    return self._read(path, response, file_wanted), response.headers
                failure = BadAnswer(path, f"HTTP {response.status_code}")
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            failure = _translate(path, error)
        raise failure

    def _request(
        self, method: str, path: str, query: Mapping[str, str] | None, body: Body | None
    ) -> requests.PreparedRequest:
        request = self._blank.copy()
        request.method = method
        request.url = self.base_url + path + (f"?{urlencode(query)}" if query else "")
        if body is not None:
            request.headers["Content-Type"] = body.content_type
            content = _Stream(body.content, FILE_PATIENCE * self._timeout[1]) if body.streamed else body.content
            request.prepare_body(content, None)
        return request

    def _read(self, path: str, response: requests.Response, file_wanted: bool) -> bytes:
        """The read timeout counts from packet to packet; a server that drips must not hold the thread for ever."""
        most, patience = (MAX_FILE_BYTES, FILE_PATIENCE) if file_wanted else (MAX_ANSWER_BYTES, 1)
        deadline = time.monotonic() + patience * self._timeout[1]
        answer = bytearray()
        for chunk in _chunks(response):
            answer += chunk
            if len(answer) > most:
                raise BadAnswer(path, f"more than {most} bytes")
            if time.monotonic() > deadline:
                raise NoAnswer(path, "too slow")
        return bytes(answer)


class _Stream(io.BytesIO):
    """A body that is sent in pieces: in one, all of it would have to be gone within the timeout of a connection."""

    def __init__(self, content: bytes, seconds: float) -> None:
        super().__init__(content)
        self._deadline = time.monotonic() + seconds

    def read(self, size: int | None = -1, /) -> bytes:
        if time.monotonic() > self._deadline:
            raise TimeoutError
        return super().read(size)


class Transport:
    """The calls of one account: `get`, `post`, `upload` and `download` are what every resource is made of."""

    def __init__(self, http: Http, tokens: AccessTokens, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._http = http
        self.tokens = tokens
        self._sleep = sleep

    def get(self, path: str, **query: str) -> Json:
        """This will ask WeChat. Raises WeChatError, and TokenUnavailable when no token can be had."""
        return self._call(lambda token: self._http.call("GET", path, query=token | query), replayable=True)

    def post(self, path: str, body: Json | None = None, *, replayable: bool = False) -> Json:
        """This will post `body`. `replayable` says that doing it twice does no harm. Raises like `get`."""
        return self._call(
            lambda token: self._http.call("POST", path, query=token, body=body or {}), replayable=replayable
        )

    def upload(
        self,
        path: str,
        *,
        filename: str,
        content: bytes,
        content_type: str,
        fields: Mapping[str, str] = MappingProxyType({}),
        **query: str,
    ) -> Json:
        """This will post a file as the multipart field `media`, after the text `fields`; never twice.

        Raises like `get`, and InvalidRequest for a filename that is no text.
        """
        body = file_body(path, filename, content, content_type, fields)
        return self._call(lambda token: self._http.upload(path, body, query=token | query), replayable=False)

    def download(self, path: str, body: Json | None = None, **query: str) -> Download | Json:
        """This will be a file of at most 12 MB, or the object where WeChat answers with one. Raises like `get`.

        With a `body` the call is a POST. It must be one that only reads.
        """
        return self._call(lambda token: self._http.download(path, query=token | query, body=body), replayable=True)

    def close(self) -> None:
        self._http.close()

    def _call(self, make: Callable[[dict[str, str]], T], *, replayable: bool) -> T:
        """1. With the stored token. 2. When WeChat refuses it, once with a new one. 3. Later, when that is harmless."""
        met: Counter[type[WeChatError]] = Counter()
        rejected: str | None = None
        while True:
            token = self.tokens.get(rejected=rejected)
            try:
                return make({"access_token": token})
            except ApiError as error:
                met[type(error)] += 1
                if not should_retry(error, met[type(error)], replayable=replayable):
                    raise
                rejected = token if isinstance(error, TokenRejected) else None
                delay = RETRY_DELAYS[type(error)][met[type(error)] - 1]
            # With jitter, so that many threads told to slow down do not come back together.
            self._sleep(delay * random.uniform(0.8, 1.2))  # noqa: S311 - nothing secret depends on it


def _prepare(base_url: str) -> tuple[requests.PreparedRequest, dict[str, Any]]:
    """This will be a request without a path, and how to send it: proxies, and TLS verification always on.

    A session works this out anew for each request, which would cost a third of a call. Raises InsecureURL.
    """
    with requests.Session() as session:
        session.headers["User-Agent"] = "qunfa"
        # A proxy of the environment is for the internet, not for a simulator on this machine.
        session.trust_env = checked_host(base_url) not in LOOPBACK
        try:
            blank = session.prepare_request(requests.Request("GET", base_url))
        except requests.RequestException:
            raise InsecureURL from None
        vars(blank)["_cookies"] = None  # else every copy of the request would copy an empty jar
        return blank, dict(session.merge_environment_settings(base_url, {}, stream=True, verify=True, cert=None))


def checked_host(base_url: str) -> str:
    """This will be the host of an API address. Raises InsecureURL for one that would give the secret away."""
    try:
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        secure = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)
        valid = bool(host) and not (parts.query or parts.fragment or parts.username or parts.password)
        valid = valid and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = secure = False
        host = ""
    if not (secure and valid):
        raise InsecureURL
    return host


def _gateway_retry() -> urllib3.Retry:
    """A gateway that cannot reach WeChat's servers is asked again, but for a GET only: it changes nothing there."""
    return urllib3.Retry(
        total=2,
        connect=0,
        read=0,
        redirect=0,
        other=0,
        status=2,
        status_forcelist=(502, 503, 504),
        allowed_methods=("GET",),
        backoff_factor=0.2,
        raise_on_status=False,
        respect_retry_after_header=False,  # a stranger's header must not park a thread
    )


def _json(path: str, data: Json | None) -> Body | None:
    return None if data is None else Body(as_json(path, data), "application/json")


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """What has arrived, as it arrives: `iter_content` would wait until a whole chunk is there."""
    while chunk := response.raw.read1(64 * 1024, decode_content=True):
        yield chunk


def _translate(path: str, error: BaseException) -> TransportError:
    """This will be our error for one of the HTTP library's, found by looking at what is inside of it."""
    for inner in _inside(error):
        match inner:
            case requests.exceptions.InvalidURL() | urllib3.exceptions.LocationParseError():
                return ConnectionFailed(path, "bad address")
            case urllib3.exceptions.NameResolutionError():
                return ConnectionFailed(path, "name not found")
            case (
                urllib3.exceptions.NewConnectionError()
                | urllib3.exceptions.ProxyError()
                | requests.exceptions.ProxyError()
            ):
                return ConnectionFailed(path, "connection refused")
            case urllib3.exceptions.ConnectTimeoutError():  # after its subclasses above
                return ConnectionFailed(path, "connect timeout")
            case ssl.SSLError() if _HANDSHAKE.search(str(inner)):
                return ConnectionFailed(path, "TLS")
            case urllib3.exceptions.DecodeError():
                return BadAnswer(path, "broken compression")
            case urllib3.exceptions.ReadTimeoutError():
                return NoAnswer(path, "read timeout")
    return NoAnswer(path, "connection lost")


def _inside(error: BaseException) -> Iterator[BaseException]:
    """The error, then what it wraps: as `reason`, as an argument or as cause. Bounded, because they may be circular.

    Not `__context__`: it may belong to something that our caller was just handling.
    """
    queue, seen = [error], 0
    while queue and seen < 20:
        current = queue.pop(0)
        seen += 1
        yield current
        wrapped = [getattr(current, "reason", None), current.__cause__, *current.args]
        queue += [item for item in wrapped if isinstance(item, BaseException)]
