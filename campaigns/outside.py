"""Requests to addresses that somebody typed or pasted: never to one inside our network, never for long, never for much.

`wxcore/outside.py` connects; here is what pictures and links need.

    fetch("https://…/a.png", max_bytes=10 * MB)     the content of a picture
    reachable("https://…")                          nothing, or an error that says what is wrong with a link
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests
from django.utils.translation import gettext_lazy as _

from wxcore import outside
from wxcore.errors import OperatorError, Retry
from wxcore.outside import PUBLIC, Policy

__all__ = ["Fetched", "Policy", "fetch", "reachable"]

REDIRECTS = 3
SECONDS = 15
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
    asked = outside.Request(method, url, seconds, _HEADERS, redirects=REDIRECTS)
    try:
        with outside.answer(asked, policy) as response:
            yield response
    except outside.Refused:
        raise OutsideRefused(shown=_shown(url)) from None
    except outside.Unreachable as error:
        raise _unreachable(url, error.reason) from None


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
