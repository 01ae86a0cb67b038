"""The file of a media asset, and its thumbnail, as an answer to a browser or a player."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags

from campaigns import thumbnails
from campaigns.mediafiles import BrokenFile
from campaigns.models import MediaAsset

CHUNK = 64 * 1024
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
# The bytes behind an address never change, but somebody's permission may.
CACHING = "private, max-age=3600"


def file(request: HttpRequest, asset: MediaAsset) -> HttpResponseBase:
    """This will be the file as it was stored, whole or the part that a player asks for. Raises Http404."""
    etag = f'"{asset.sha256}"'
    if not asset.file:
        raise Http404
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _marked(HttpResponseNotModified(), etag)
    try:
        opened = asset.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    part = _range(request, asset.size, etag)
    response = FileResponse(opened, content_type=asset.mime) if part is None else _partial(opened, part, asset)
    response.headers["Content-Disposition"] = content_disposition_header(False, asset.name) or "inline"
    response.headers["Accept-Ranges"] = "bytes"
    return _marked(response, etag)


def thumb(request: HttpRequest, asset: MediaAsset) -> HttpResponseBase:
    """This will be a small picture of the picture. Raises Http404 for what has none."""
    etag = f'"{asset.sha256}-thumb"'
    if not thumbnails.has_thumbnail(asset):
        raise Http404
    if etag in parse_etags(request.headers.get("If-None-Match", "")):
        return _marked(HttpResponseNotModified(), etag)
    try:
        opened = thumbnails.thumbnail(asset)
    except (FileNotFoundError, BrokenFile):
        raise Http404 from None
    return _marked(FileResponse(opened, content_type="image/jpeg"), etag)


def _marked(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = CACHING
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """The first byte that is asked for and the one after the last; None for the whole file. Empty if there is none."""
    match = RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or match[0] == "bytes=-" or request.headers.get("If-Range", etag) != etag:
        return None
    first, last = match[1], match[2]
    if not first:
        return max(0, size - int(last)), size
    start, end = int(first), min(size, int(last) + 1) if last else size
    # A range that ends before it begins is no range (RFC 9110, 14.1.1).
    return None if last and int(last) < start else (start, end)


def _partial(file: IO[bytes], part: tuple[int, int], asset: MediaAsset) -> HttpResponseBase:
    start, end = part
    if start >= end:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{asset.size}"})
    response = StreamingHttpResponse(_Slice(file, start, end), status=206, content_type=asset.mime)
    response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{asset.size}"
    response.headers["Content-Length"] = str(end - start)
    return response


class _Slice:
    """A part of a file that a response reads, and closes."""

    def __init__(self, file: IO[bytes], start: int, end: int) -> None:
        self.file = file
        self.left = end - start
        file.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        while self.left and (chunk := self.file.read(min(CHUNK, self.left))):
            self.left -= len(chunk)
            yield chunk

    def close(self) -> None:
        self.file.close()
