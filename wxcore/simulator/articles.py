"""An article (图文), as the draft box, a mass message and a publication share it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from wxcore.simulator.files import File

DIGEST = 54  # characters of the text that stand in for a missing digest
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Article:
    """One article. `key` is the end of its page's address; `pictures` are those of a picture message (newspic)."""

    title: str
    content: str
    author: str = ""
    digest: str = ""
    content_source_url: str = ""
    thumb_media_id: str = ""
    article_type: str = "news"
    show_cover_pic: int = 0
    need_open_comment: int = 0
    only_fans_can_comment: int = 0
    cover: File | None = None
    picture_ids: tuple[str, ...] = ()
    pictures: tuple[File, ...] = ()
    extra: dict[str, Any] = field(default_factory=dict)
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    def shown(self, origin: str, *, with_content: bool = True, key: str = "") -> dict[str, Any]:
        """This will be the article as draft/get tells it; `origin` is the address of this simulator."""
        told: dict[str, Any] = {
            "article_type": self.article_type,
            "title": self.title,
            "author": self.author,
            "digest": self.digest,
            "content_source_url": self.content_source_url,
            "thumb_media_id": self.thumb_media_id,
            "show_cover_pic": self.show_cover_pic,
            "need_open_comment": self.need_open_comment,
            "only_fans_can_comment": self.only_fans_can_comment,
            "url": f"{origin}/s/{key or self.key}",
            "thumb_url": f"{origin}{self.cover.path}" if self.cover else "",
            **self.extra,
        }
        if with_content:
            told["content"] = self.content
        if self.article_type == "newspic":
            told["image_info"] = {"image_list": [{"image_media_id": media_id} for media_id in self.picture_ids]}
        return told


def digest_of(content: str) -> str:
    """This will be the beginning of an article's text, which WeChat shows when no digest was given."""
    return " ".join(unescape(TAG.sub("", content)).split())[:DIGEST]
