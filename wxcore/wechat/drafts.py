"""The draft box (草稿箱): articles that are not sent yet.

A draft leaves the box when it is mass-sent or published, and its media_id dies then.
https://developers.weixin.qq.com/doc/offiaccount/Draft_Box/Add_draft.html
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wxcore.wechat.answers import child, flag, integer, objects, required_integer, required_text, text
from wxcore.wechat.transport import Transport

MAX_PAGE = 20


@dataclass(frozen=True, slots=True)
class DraftArticle:
    """One article, as a draft, as old news or as published. `content` is HTML.

    WeChat's to tell, and never sent, are `url` (the page; in a draft a link that expires), `thumb_url` and
    `article_type`: "newspic" is a picture message that somebody made in the console, without HTML.
    """

    title: str
    author: str = ""
    digest: str = ""
    content: str = ""
    content_source_url: str = ""
    thumb_media_id: str = ""
    need_open_comment: bool = False
    only_fans_can_comment: bool = False
    show_cover_pic: bool = False
    url: str = ""
    thumb_url: str = ""
    article_type: str = "news"

    def payload(self) -> dict[str, Any]:
        """This will be the article as `draft/add` and `draft/update` take it."""
        return {
            "title": self.title,
            "author": self.author,
            "digest": self.digest,
            "content": self.content,
            "content_source_url": self.content_source_url,
            "thumb_media_id": self.thumb_media_id,
            "need_open_comment": int(self.need_open_comment),
            "only_fans_can_comment": int(self.only_fans_can_comment),
        }

    def news_payload(self) -> dict[str, Any]:
        """This will be the article as the old `media/uploadnews` takes it."""
        return self.payload() | {"show_cover_pic": int(self.show_cover_pic)}


@dataclass(frozen=True, slots=True)
class DraftItem:
    """One draft of the list. `update_time` is in epoch seconds."""

    media_id: str
    articles: tuple[DraftArticle, ...]
    update_time: int


@dataclass(frozen=True, slots=True)
class DraftPage:
    """One page of the box, which holds `total` drafts."""

    total: int
    items: tuple[DraftItem, ...]


class Drafts:
    """The draft box of the account."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def add(self, articles: Sequence[DraftArticle]) -> str:
        """This will put 1 to 8 articles into the box together and be their media_id.

        Covers are permanent images or thumbs. Raises InvalidMediaId, ApiError 44003, 45003, 45004, 45008, 45110,
        45166, 88000.
        """
        call = "/cgi-bin/draft/add"
        data = self._transport.post(call, {"articles": [article.payload() for article in articles]})
        return required_text(data, "media_id", call=call)

    def get(self, media_id: str) -> builtins.list[DraftArticle]:
        """This will be the articles as WeChat keeps them, which may have lost a part. Raises InvalidMediaId."""
        return articles_in(self._transport.post("/cgi-bin/draft/get", {"media_id": media_id}, replayable=True))

    def update(self, media_id: str, index: int, article: DraftArticle) -> None:
        """This will replace the article at `index`, from 0. Raises InvalidMediaId, ApiError 40114, and like `add`."""
        body = {"media_id": media_id, "index": index, "articles": article.payload()}
        self._transport.post("/cgi-bin/draft/update", body, replayable=True)

    def delete(self, media_id: str) -> None:
        """This will delete a draft for good. Raises InvalidMediaId."""
        self._transport.post("/cgi-bin/draft/delete", {"media_id": media_id})

    def count(self) -> int:
        """This will be how many drafts the box holds."""
        call = "/cgi-bin/draft/count"
        return required_integer(self._transport.get(call), "total_count", call=call)

    def list(self, offset: int = 0, count: int = MAX_PAGE, with_content: bool = False) -> DraftPage:
        """This will be 1 to 20 drafts, the last changed first, their bodies left out unless asked for."""
        call = "/cgi-bin/draft/batchget"
        body = {"offset": offset, "count": count, "no_content": int(not with_content)}
        data = self._transport.post(call, body, replayable=True)
        items = [
            DraftItem(
                media_id=required_text(item, "media_id", call=call),
                articles=tuple(articles_in(child(item, "content"))),
                update_time=integer(item.get("update_time"), default=0),
            )
            for item in objects(data, "item")
        ]
        return DraftPage(required_integer(data, "total_count", call=call), tuple(items))


def articles_in(data: Mapping[str, Any]) -> list[DraftArticle]:
    """This will be the articles under `news_item`, in their order."""
    return [
        DraftArticle(
            title=text(item, "title"),
            author=text(item, "author"),
            digest=text(item, "digest"),
            content=text(item, "content"),
            content_source_url=text(item, "content_source_url"),
            thumb_media_id=text(item, "thumb_media_id"),
            need_open_comment=flag(item, "need_open_comment"),
            only_fans_can_comment=flag(item, "only_fans_can_comment"),
            show_cover_pic=flag(item, "show_cover_pic"),
            url=text(item, "url"),
            thumb_url=text(item, "thumb_url"),
            article_type=text(item, "article_type") or "news",
        )
        for item in objects(data, "news_item")
    ]
