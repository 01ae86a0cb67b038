"""The bodies of requests and answers: JSON, and files in both directions. Pure functions."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

import orjson
from urllib3 import encode_multipart_formdata

from wxcore.errors import by_language
from wxcore.wechat.errors import BadAnswer, InvalidRequest, api_error

Json = dict[str, Any]

TOKEN_PATHS = {"/cgi-bin/token", "/cgi-bin/stable_token"}

_ERRCODE = re.compile(r"-?[0-9]{1,18}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_TEXTUAL = ("text/", "application/json", "application/xml", "application/xhtml")


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a request. A `streamed` one goes out in pieces."""

    content: bytes
    content_type: str
    streamed: bool = False


@dataclass(frozen=True, slots=True)
class Download:
    """A file that WeChat answered with. `content_type` and `filename` are as sent, "" when WeChat names none."""

    content: bytes = field(repr=False)
    content_type: str
    filename: str


def as_json(path: str, data: Json) -> bytes:
    """This will be the data as UTF-8 JSON, in raw characters: WeChat shows followers the escapes of ASCII-only JSON.

    Raises InvalidRequest for half a character.
    """
    try:
        return orjson.dumps(data)
    except orjson.JSONEncodeError:
        broken = InvalidRequest(
            path,
            by_language(en="The text contains half a character.", zh="文本中含有不完整的字符。"),
            by_language(en="Remove broken emoji and try again.", zh="请删除损坏的表情符号后重试。"),
        )
    raise broken


def file_body(path: str, filename: str, content: bytes, content_type: str, fields: Mapping[str, str]) -> Body:
    """This will be a multipart body: the text `fields`, then the file as `media`.

    The filename goes out as raw UTF-8: WeChat does not find the file under the `filename*` of RFC 5987.
    Raises InvalidRequest for a name that is no text.
    """
    try:
        body, form_type = encode_multipart_formdata([*fields.items(), ("media", (filename, content, content_type))])
        return Body(body, form_type, streamed=True)
    except UnicodeEncodeError:
        broken = InvalidRequest(
            path,
            by_language(en="The name of the file contains half a character.", zh="文件名中含有不完整的字符。"),
            by_language(en="Rename the file and try again.", zh="请重命名文件后重试。"),
        )
    raise broken


def read_json(path: str, answer: bytes) -> Json:
    """This will be the object in an answer. Raises BadAnswer, and ApiError for an errcode other than 0.

    Always as UTF-8: WeChat's Content-Type names no charset, and a guess turns Chinese into noise.
    """
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


def read_file(path: str, answer: bytes, headers: Mapping[str, str]) -> Download | Json:
    """This will be the file, or the object where WeChat answers with one. Raises like `read_json`.

    WeChat's errors come with any Content-Type, but no picture, voice or video begins with a brace.
    """
    content_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    disposition = headers.get("Content-Disposition", "")
    if answer.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return read_json(path, answer)
    if not answer:
        raise BadAnswer(path, "empty file")
    if not disposition and content_type.startswith(_TEXTUAL):
        raise BadAnswer(path, "not a file")
    return Download(answer, content_type, _filename(disposition))


def _loads(answer: bytes) -> object:
    """A quick parser for what is right, a patient one for a byte order mark or raw control characters in a text."""
    try:
        return orjson.loads(answer)
    except orjson.JSONDecodeError:
        return json.loads(answer.decode("utf-8-sig"), strict=False)


def _filename(disposition: str) -> str:
    """The name alone: a path in it is not ours to follow. HTTP reads raw UTF-8 as Latin-1, which is undone here."""
    with contextlib.suppress(ValueError):  # it was Latin-1, or is decoded already
        disposition = disposition.encode("latin-1").decode("utf-8")
    header = Message()
    header["Content-Disposition"] = _CONTROL.sub("", disposition)
    name = header.get_filename("")
    return name.replace("\\", "/").rpartition("/")[2].strip()
