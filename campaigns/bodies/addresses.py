"""Addresses that may stand in an article."""

from __future__ import annotations

import re

_IGNORED = re.compile(r"[\t\n\r]")
_ENDS = "".join(map(chr, range(33)))
_WEB = re.compile(r"https?://[^\s/\\?#]", re.IGNORECASE)
_OURS = re.compile(r"/(?![/\\])")
DATA = re.compile(r"data:(image/(?:png|jpe?g|gif|webp|bmp))(;[\w=.-]+)*;base64,", re.IGNORECASE)


def web_address(url: str) -> str | None:
    """This will be an address of the web as browsers read it, `//host` with https; None for everything else."""
    url = _IGNORED.sub("", url.strip(_ENDS))
    if url.startswith("//"):
        url = f"https:{url}"
    return url if _WEB.match(url) else None


def picture_address(url: str) -> str | None:
    """This will be the address of a picture on the web, on this site (a path), or inside the text (data:), or None."""
    found = web_address(url)
    if found:
        return found
    url = _IGNORED.sub("", url.strip(_ENDS))
    return url if _OURS.match(url) or DATA.match(url) else None


def video_address(url: str) -> str | None:
    """This will be the address of a player of WeChat's own, None for every other."""
    found = re.match(r"https?://((?:v\.qq\.com|mp\.weixin\.qq\.com)/.*)", web_address(url) or "")
    return f"https://{found[1]}" if found else None
