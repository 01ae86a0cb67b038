"""The only module that touches the network: one request in, WeChat's answer or an error out.

    Http        one request: pool, timeouts, size cap, encoding; never repeats what may have been carried out
    Transport   a call of one account: adds the access token and the few repetitions that are safe

The URL of a call carries the access token, and so does every exception of `requests`. That is why nothing here is
raised while one of those is being handled: the error that leaves has neither a cause nor a context.
"""

from __future__ import annotations

import json
import logging
import random
import re
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

import orjson
import requests
import urllib3
from requests.adapters import HTTPAdapter

from wxcore.errors import OperatorError, by_language
from wxcore.wechat.errors import (
    ApiError,
    BadAnswer,
    Busy,
    ConnectionFailed,
    InvalidRequest,
    NoAnswer,
    TokenRejected,
    TooFast,
    TransportError,
    WeChatError,
    api_error,
)
from wxcore.wechat.tokens import AccessTokens

Json = dict[str, Any]

MAX_ANSWER_BYTES = 16 * 1024 * 1024
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
TOKEN_PATHS = {"/cgi-bin/token", "/cgi-bin/stable_token"}

# Seconds to wait before each repetition; when the row is used up, the error goes to the caller.
RETRY_DELAYS: dict[type[WeChatError], tuple[float, ...]] = {
    TokenRejected: (0.0,),  # a new token either works at once or the fault is another
    Busy: (1.0, 5.0),  # most of WeChat's hiccups are over within seconds; a person may be waiting for the page
    TooFast: (2.0, 25.0, 50.0),  # the quota is counted by the minute: even shortened, together they reach the next one
}

_ERRCODE = re.compile(r"-?[0-9]{1,18}")
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
        return _decode(path, self._send(method, path, query, _encode(path, body)))

    def close(self) -> None:
        self._adapter.close()

    def _send(self, method: str, path: str, query: Mapping[str, str] | None, body: bytes | None) -> bytes:
        failure: TransportError
        try:
            # The adapter follows no redirect and keeps no cookie: an answer leaves nothing for the next request.
            request = self._request(method, path, query, body)
            with self._adapter.send(request, timeout=self._timeout, **self._surroundings) as response:
                if response.status_code == 200:
                    return self._read(path, response)
                failure = BadAnswer(path, f"HTTP {response.status_code}")
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            failure = _translate(path, error)
        raise failure

    def _request(
        self, method: str, path: str, query: Mapping[str, str] | None, body: bytes | None
    ) -> requests.PreparedRequest:
        request = self._blank.copy()
        request.method = method
        request.url = self.base_url + path + (f"?{urlencode(query)}" if query else "")
        if body is not None:
            request.headers["Content-Type"] = "application/json"
            request.prepare_body(body, None)
        return request

    def _read(self, path: str, response: requests.Response) -> bytes:
        """The read timeout counts from packet to packet; a server that drips must not hold the thread for ever."""
        deadline = time.monotonic() + self._timeout[1]
        answer = bytearray()
        for chunk in _chunks(response):
            answer += chunk
            if len(answer) > MAX_ANSWER_BYTES:
                raise BadAnswer(path, f"more than {MAX_ANSWER_BYTES} bytes")
            if time.monotonic() > deadline:
                raise NoAnswer(path, "too slow")
        return bytes(answer)


class Transport:
    """The calls of one account: `get` and `post` are what every resource is made of."""

    def __init__(self, http: Http, tokens: AccessTokens, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._http = http
        self.tokens = tokens
        self._sleep = sleep

    def get(self, path: str, **query: str) -> Json:
        """This will ask WeChat. Raises WeChatError, and TokenUnavailable when no token can be had."""
        return self._call("GET", path, query, None, replayable=True)

    def post(self, path: str, body: Json | None = None, *, replayable: bool = False) -> Json:
        """This will post `body`. `replayable` says that doing it twice does no harm. Raises like `get`."""
        return self._call("POST", path, {}, body or {}, replayable=replayable)

    def close(self) -> None:
        self._http.close()

    def _call(self, method: str, path: str, query: dict[str, str], body: Json | None, *, replayable: bool) -> Json:
        """1. With the stored token. 2. When WeChat refuses it, once with a new one. 3. Later, when that is harmless."""
        met: Counter[type[WeChatError]] = Counter()
        rejected: str | None = None
        while True:
            token = self.tokens.get(rejected=rejected)
            try:
                return self._http.call(method, path, query={"access_token": token, **query}, body=body)
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


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """What has arrived, as it arrives: `iter_content` would wait until a whole chunk is there."""
    while chunk := response.raw.read1(64 * 1024, decode_content=True):
        yield chunk


def _encode(path: str, body: Json | None) -> bytes | None:
    """Raw characters: WeChat shows the escapes of ASCII-only JSON literally to the follower."""
    if body is None:
        return None
    try:
        return orjson.dumps(body)
    except orjson.JSONEncodeError:
        broken = InvalidRequest(
            path,
            by_language(en="The text contains half a character.", zh="文本中含有不完整的字符。"),
            by_language(en="Remove broken emoji and try again.", zh="请删除损坏的表情符号后重试。"),
        )
    raise broken


def _decode(path: str, answer: bytes) -> Json:
    """Always as UTF-8: WeChat's Content-Type names no charset, and a guess turns Chinese into noise."""
    data: object = None
    try:
        data = _loads(answer)
        problem = "not an object"
    except (ValueError, RecursionError):
        problem = "not JSON"
    if not isinstance(data, dict):
        raise BadAnswer(path, problem)
    given = str(data.get("errcode", 0))
    if not _ERRCODE.fullmatch(given):
        raise BadAnswer(path, "errcode is not a number")
    errcode = int(given)  # sent as a string by some endpoints
    if errcode:
        raise api_error(path, errcode, data, token_call=path in TOKEN_PATHS)
    return data


def _loads(answer: bytes) -> object:
    """A quick parser for what is right, a patient one for a byte order mark or raw control characters in a text."""
    try:
        return orjson.loads(answer)
    except orjson.JSONDecodeError:
        return json.loads(answer.decode("utf-8-sig"), strict=False)


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
