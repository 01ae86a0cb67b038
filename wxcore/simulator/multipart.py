"""multipart/form-data, read as strictly as WeChat does: the file is the field `media`, and it has a plain filename."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from wxcore.simulator.errors import WeChatError

BOUNDARY = re.compile(r'boundary=(?:"([^"]+)"|([^;\s]+))')
NAME = re.compile(r'\bname="([^"]*)"')
# Not `filename*=`: the form of RFC 2231, which some HTTP libraries choose for Chinese names, is not understood.
FILENAME = re.compile(r'\bfilename="([^"]*)"')
ESCAPES = {"%22": '"', "%0D": "", "%0A": ""}


@dataclass
class Form:
    """The file of a form with its name, and the further text fields."""

    filename: str
    content: bytes
    fields: dict[str, str] = field(default_factory=dict)


def read_form(content_type: str, body: bytes, *, allowed: tuple[str, ...] = ()) -> Form:
    """This will be the form in `body`.

    Raises 41005 without a file, 44001 for an empty one, 47001 for a field that is neither the file nor `allowed`.
    """
    found = BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or found is None:
        raise WeChatError(41005)
    form: Form | None = None
    fields: dict[str, str] = {}
    for head, content in _parts(body, (found[1] or found[2]).encode("latin-1")):
        name, filename = NAME.search(head), FILENAME.search(head)
        if name is None:
            raise WeChatError(47001)
        if name[1] == "media" and form is None:
            if filename is None or not filename[1]:
                raise WeChatError(41005)
            form = Form(_unescape(filename[1]), content, fields)
        elif name[1] in allowed and filename is None:
            fields[name[1]] = content.decode("utf-8", "replace")
        else:
            raise WeChatError(47001, f"data format error, unknown form field {name[1]}")
    if form is None:
        raise WeChatError(41005)
    if not form.content:
        raise WeChatError(44001)
    return form


def _parts(body: bytes, boundary: bytes) -> list[tuple[str, bytes]]:
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise WeChatError(41005)
    parts = []
    for piece in pieces[1:-1]:
        head, separator, content = piece.partition(b"\r\n\r\n")
        if not separator:
            raise WeChatError(41005)
        parts.append((head.decode("utf-8", "replace"), content))
    return parts


def _unescape(name: str) -> str:
    for escape, character in ESCAPES.items():
        name = name.replace(escape, character)
    return name
