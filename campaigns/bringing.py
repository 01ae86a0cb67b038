"""Bringing a picture of another site into the library, because WeChat shows only its own."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.contrib.auth.models import AbstractBaseUser

from campaigns import bodies, library, limits, outside, pictures
from campaigns.models import MediaAsset, MediaKind
from wxcore.models import OfficialAccount


def bring(
    account: OfficialAccount, url: str, *, by: AbstractBaseUser | None, policy: outside.Policy | None = None
) -> MediaAsset:
    """This will be the picture at `url`, or inside a `data:` address, as a file of the account's library.

    The same picture is stored once; WebP becomes JPEG or PNG. Raises what `outside.fetch`, `bodies.data_picture`,
    `pictures.fit_article_picture` and `library.store_bytes` raise.
    """
    most = limits.MEDIA[account.media_limits][MediaKind.IMAGE].permanent_max_bytes
    if url.lower().startswith("data:"):
        content, name = bodies.data_picture(url, max_bytes=most), ""
    else:
        fetched = outside.fetch(url, max_bytes=most, policy=policy)
        content, name = fetched.content, _name(fetched.url)
    if content[8:12] == b"WEBP":
        # The web is full of them, and WeChat takes none.
        content, _mime = pictures.fit_article_picture(content)
    return library.store_bytes(account, content, kind=MediaKind.IMAGE, name=name, by=by).asset


def _name(url: str) -> str:
    return PurePosixPath(unquote(urlsplit(url).path)).name
