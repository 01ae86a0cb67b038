"""Publishing (发布): articles get an address and nobody is told.

https://developers.weixin.qq.com/doc/offiaccount/Publish/Publish.html
"""

from __future__ import annotations

import builtins
from dataclasses import dataclass

from wxcore.wechat.answers import (
    child,
    integer,
    integers,
    objects,
    optional_integer,
    required_integer,
    required_text,
    text,
)
from wxcore.wechat.drafts import DraftArticle, articles_in
from wxcore.wechat.transport import Transport

MAX_PAGE = 20


@dataclass(frozen=True, slots=True)
class PublishJob:
    """WeChat has queued the draft, which says nothing about its publication. `msg_data_id` is for its comments."""

    publish_id: str
    msg_data_id: int | None


@dataclass(frozen=True, slots=True)
class PublishResult:
    """How far a publication is.

    `status`: 0 published, 1 in progress, 2 originality check failed, 3 failed, 4 rejected by review, 5 published and
    deleted since, 6 published and banned since. `urls` are in the order of the articles and, like `article_id`, there
    at 0 only; `failed` are the numbers of articles, from 1, at 2 and 4.
    """

    publish_id: str
    status: int
    article_id: str
    urls: tuple[str, ...]
    failed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PublishedItem:
    """One publication of the list. `update_time` is in epoch seconds."""

    article_id: str
    articles: tuple[DraftArticle, ...]
    update_time: int


@dataclass(frozen=True, slots=True)
class PublishedPage:
    """One page of the account's publications, of which there are `total`. What was mass-sent is not among them."""

    total: int
    items: tuple[PublishedItem, ...]


class Publishing:
    """What the account publishes."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def submit(self, media_id: str) -> PublishJob:
        """This will queue a draft for publication; it leaves the box with success.

        Raises InvalidMediaId, ApiError 53500 to 53505.
        """
        call = "/cgi-bin/freepublish/submit"
        data = self._transport.post(call, {"media_id": media_id})
        return PublishJob(required_text(data, "publish_id", call=call), optional_integer(data.get("msg_data_id")))

    def get(self, publish_id: str) -> PublishResult:
        """This will be how far it is. Raises ApiError 53502 for an id of another account."""
        call = "/cgi-bin/freepublish/get"
        data = self._transport.post(call, {"publish_id": publish_id}, replayable=True)
        items = objects(child(data, "article_detail"), "item")
        items.sort(key=lambda item: integer(item.get("idx"), default=0))
        return PublishResult(
            publish_id=text(data, "publish_id") or publish_id,
            status=required_integer(data, "publish_status", call=call),
            article_id=text(data, "article_id"),
            urls=tuple(url for item in items if (url := text(item, "article_url"))),
            failed=integers(data.get("fail_idx")),
        )

    def delete(self, article_id: str, index: int = 0) -> None:
        """This will delete a published article for good; `index` counts from 1, 0 deletes all of them.

        Raises ApiError 53600.
        """
        self._transport.post("/cgi-bin/freepublish/delete", {"article_id": article_id, "index": index})

    def article(self, article_id: str) -> builtins.list[DraftArticle]:
        """This will be the published articles. Raises ApiError 53600."""
        body = {"article_id": article_id}
        return articles_in(self._transport.post("/cgi-bin/freepublish/getarticle", body, replayable=True))

    def list(self, offset: int = 0, count: int = MAX_PAGE, with_content: bool = False) -> PublishedPage:
        """This will be 1 to 20 publications, the newest first, their bodies left out unless asked for."""
        call = "/cgi-bin/freepublish/batchget"
        body = {"offset": offset, "count": count, "no_content": int(not with_content)}
        data = self._transport.post(call, body, replayable=True)
        items = [
            PublishedItem(
                article_id=required_text(item, "article_id", call=call),
                articles=tuple(articles_in(child(item, "content"))),
                update_time=integer(item.get("update_time"), default=0),
            )
            for item in objects(data, "item")
        ]
        return PublishedPage(required_integer(data, "total_count", call=call), tuple(items))
