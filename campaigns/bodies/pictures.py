"""The pictures of a body."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from campaigns.bodies.addresses import DATA
from campaigns.bodies.cleaning import Rules, clean
from campaigns.bodies.markup import changed, tokens
from campaigns.outside import NotAPicture, OutsideTooLarge

_NO_BASE64 = re.compile(rb"\s+")


def pictures(html: str) -> list[str]:
    """This will be the addresses of all pictures, backgrounds too, each once, in the order of the text."""
    found: dict[str, None] = {}

    def note(url: str) -> str:
        found[url] = None
        return url

    for _token in changed(tokens(html), Rules(picture=note).apply):
        pass
    return list(found)


def replace_pictures(html: str, mapping: Mapping[str, str | None]) -> str:
    """This will be the cleaned body with other addresses of pictures. None removes one; what is not named stays."""
    return clean(html, Rules(picture=lambda url: mapping.get(url, url)))


def data_picture(url: str, *, max_bytes: int) -> bytes:
    """This will be the content of a picture that stands in the text as `data:image/…;base64,…`.

    Raises NotAPicture, and OutsideTooLarge before anything is decoded.
    """
    found = DATA.match(url)
    if not found:
        raise NotAPicture
    if len(url) - found.end() > max_bytes * 4:  # every character may be written as %XX
        raise OutsideTooLarge(limit=max_bytes)
    # What is no ASCII is no base64 either; half of a surrogate pair could not even be encoded.
    encoded = _NO_BASE64.sub(b"", unquote_to_bytes(url[found.end() :].encode("ascii", "replace")))
    if len(encoded) // 4 * 3 > max_bytes + 2:
        raise OutsideTooLarge(limit=max_bytes)
    try:
        content = base64.b64decode(encoded + b"=" * (-len(encoded) % 4), validate=True)
    except binascii.Error:
        raise NotAPicture from None
    if not content:
        raise NotAPicture
    if len(content) > max_bytes:
        raise OutsideTooLarge(limit=max_bytes)
    return content
