"""A body as WeChat takes it, and as WeChat keeps it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from campaigns import limits
from campaigns.bodies.cleaning import Rules, clean
from campaigns.bodies.errors import BodyTooHeavy, BodyTooLong, EmptyBody, ForeignPicture
from campaigns.bodies.reading import is_empty
from wxcore.errors import OperatorError

_OF_WECHAT = re.compile(r"https?://(?:mp\.weixin\.qq\.com|v\.qq\.com)(?:[/?#]|\Z)", re.IGNORECASE)

IsHosted = Callable[[str], bool]


def for_wechat(html: str, hosted: Mapping[str, str], *, is_hosted: IsHosted) -> str:
    """This will be the body to upload: clean, each picture at its address at WeChat.

    `hosted` has the addresses that were uploaded, by their address in the body; `is_hosted` tells which need no upload.
    Raises ForeignPicture for one that is neither, BodyTooLarge, BodyTooDeep.
    """

    def at_wechat(url: str) -> str:
        if url in hosted:
            return hosted[url]
        if not is_hosted(url):
            raise ForeignPicture(url)
        return url

    return clean(html, Rules(picture=at_wechat))


def as_kept(html: str, is_hosted: IsHosted) -> str:
    """This will be what readers see: without foreign pictures, and links to elsewhere as text.

    Accounts with the right to WeChat Pay may keep such links; nobody can ask WeChat which do.
    """
    return clean(
        html,
        Rules(
            picture=lambda url: url if is_hosted(url) else None, link=lambda url: url if _OF_WECHAT.match(url) else None
        ),
    )


def check(html: str) -> list[OperatorError]:
    """This will be what WeChat would refuse of a body as it is uploaded: EmptyBody, BodyTooLong, BodyTooHeavy.

    It raises nothing: BodyTooLarge and BodyTooDeep are among the answers.
    """
    found: list[OperatorError] = []
    try:
        if is_empty(html):
            found.append(EmptyBody(fields={"body": "empty"}))
    except OperatorError as unreadable:
        found.append(unreadable)
    if len(html) >= limits.CONTENT_CHARS:
        found.append(BodyTooLong(length=len(html), limit=limits.CONTENT_CHARS, fields={"body": "too long"}))
    size = len(html.encode())
    if size >= limits.CONTENT_BYTES:
        found.append(BodyTooHeavy(size=size, limit=limits.CONTENT_BYTES, fields={"body": "too heavy"}))
    return found
