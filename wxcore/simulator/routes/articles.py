"""Articles as draft/add, draft/update and media/uploadnews take them, and what WeChat says to bad ones."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from wxcore.simulator.articles import Article, digest_of
from wxcore.simulator.bodies import keep
from wxcore.simulator.errors import WeChatError
from wxcore.simulator.routes.registry import Call

FLAG = int
MAX_ARTICLES = 8
MAX_TITLE = {"current": 32, "old": 64}
MAX_AUTHOR = {"current": 16, "old": 8}
MAX_DIGEST = 128
CONTENT_BELOW = 20_000  # characters, tags included
CONTENT_BYTES_BELOW = 1024 * 1024
MAX_URL = 1024
MAX_PICTURES = 20
MEDIA_TAG = re.compile(r"<(img|iframe|mp-)", re.IGNORECASE)
WECHATS_HOSTS = (".qpic.cn", ".qlogo.cn")

COMMON = {
    "title": str,
    "author": str,
    "digest": str,
    "content": str,
    "content_source_url": str,
    "thumb_media_id": str,
    "need_open_comment": FLAG,
    "only_fans_can_comment": FLAG,
}
NEWS = {**COMMON, "show_cover_pic": FLAG}
CROP = {"ratio": str, "x1": str, "y1": str, "x2": str, "y2": str}
DRAFT = {
    **COMMON,
    "article_type": str,
    "pic_crop_235_1": str,
    "pic_crop_1_1": str,
    "image_info": {"image_list": [{"image_media_id": str}]},
    "cover_info": {"crop_percent_list": [CROP]},
    "product_info": {"footer_product_info": {"product_key": str}},
}


def read_drafts(call: Call, given: list[dict[str, Any]]) -> list[Article]:
    """This will be the articles of a draft. Raises 44003 for none, 45008 for more than 8, and what `_read` raises."""
    _check_count(given)
    return [read_draft(call, one, alone=len(given) == 1) for one in given]


def read_draft(call: Call, given: dict[str, Any], *, alone: bool) -> Article:
    """This will be one article of a draft; its cover must be permanent. Raises 40007, 40215 and what `_read` raises."""
    kind = given.get("article_type", "news")
    if kind == "newspic":
        return _read(call, given, alone=alone, permanent=True, pictures=_pictures(call, given))
    if kind != "news":
        raise WeChatError(47001, "data format error, article_type is news or newspic")
    return _read(call, given, alone=alone, permanent=True)


def read_news(call: Call, given: list[dict[str, Any]]) -> list[Article]:
    """This will be the articles of uploadnews, whose covers may be temporary. Raises like `read_drafts`."""
    _check_count(given)
    return [_read(call, one, alone=len(given) == 1, permanent=None) for one in given]


def _check_count(given: list[dict[str, Any]]) -> None:
    if not given:
        raise WeChatError(44003)
    if len(given) > MAX_ARTICLES:
        raise WeChatError(45008)


def _read(
    call: Call,
    given: dict[str, Any],
    *,
    alone: bool,
    permanent: bool | None,
    pictures: list[str] | None = None,
) -> Article:
    _check_fields(call, given)
    shelf = call.owner.shelf
    content = keep(given["content"], lambda url: _is_ours(call, url))
    if not digest_of(content) and not MEDIA_TAG.search(content):
        raise WeChatError(45166)
    cover = given.get("thumb_media_id", "") if pictures is None else pictures[0]
    return Article(
        **{key: given[key] for key in COMMON if key in given and key not in ("content", "digest")},
        content=content,
        digest=given.get("digest") or (digest_of(content) if alone else ""),
        article_type="news" if pictures is None else "newspic",
        show_cover_pic=given.get("show_cover_pic", 0),
        cover=shelf.find(cover, call.now, "image", "thumb", permanent=permanent).file,
        picture_ids=tuple(pictures or ()),
        pictures=tuple(file for one in pictures or () if (file := shelf.find(one, call.now).file)),
        extra={key: given[key] for key in ("pic_crop_235_1", "pic_crop_1_1", "product_info") if given.get(key)},
    )


def _check_fields(call: Call, given: dict[str, Any]) -> None:
    """Raises 40062, 45003, 45110, 45004, 44004, 45002, 45005, 41039, 88000; `_read` also 45166: nothing is left."""
    limits = call.owner.options.media_limits
    content = given.get("content", "")
    url = given.get("content_source_url", "")
    checks = (
        (not given.get("title", "").strip(), 40062),
        (len(given.get("title", "")) > MAX_TITLE[limits], 45003),
        (len(given.get("author", "")) > MAX_AUTHOR[limits], 45110),
        (len(given.get("digest", "")) > MAX_DIGEST, 45004),
        (not content.strip(), 44004),
        (len(content) >= CONTENT_BELOW or len(content.encode()) >= CONTENT_BYTES_BELOW, 45002),
        (len(url.encode()) > MAX_URL, 45005),
        (bool(url) and urlsplit(url).scheme not in ("http", "https"), 41039),
        (bool(given.get("need_open_comment")) and not call.owner.options.may_comment, 88000),
    )
    for wrong, code in checks:
        if wrong:
            raise WeChatError(code)


def _pictures(call: Call, given: dict[str, Any]) -> list[str]:
    media_ids = [one.get("image_media_id", "") for one in given.get("image_info", {}).get("image_list", [])]
    if not 1 <= len(media_ids) <= MAX_PICTURES:
        raise WeChatError(40215)
    for media_id in media_ids:
        call.owner.shelf.find(media_id, call.now, "image", "thumb", permanent=True)
    return media_ids


def _is_ours(call: Call, url: str) -> bool:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme not in ("http", "https"):
        return False
    if f"{parts.scheme}://{parts.netloc}" == call.origin:
        pieces = parts.path.split("/")
        return len(pieces) > 2 and pieces[1].startswith("mmbiz_") and call.world.files.get(pieces[2]) is not None
    return host.endswith(WECHATS_HOSTS)
