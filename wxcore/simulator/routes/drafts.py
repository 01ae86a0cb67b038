"""The draft box (草稿箱).

https://developers.weixin.qq.com/doc/service/api/draftbox/
"""

from __future__ import annotations

from typing import Any

from wxcore.simulator.drafts import Draft
from wxcore.simulator.errors import WeChatError
from wxcore.simulator.routes.articles import DRAFT, read_draft, read_drafts
from wxcore.simulator.routes.registry import OK, Call, paged, route

BOX = "/cgi-bin/draft"
ID = {"media_id": str}


@route("POST", f"{BOX}/add", {"articles": [DRAFT]}, right="")
def add(call: Call) -> dict[str, Any]:
    """A new draft of 1 to 8 articles."""
    articles = read_drafts(call, call.body.get("articles") or [])
    return {"media_id": call.owner.drafts.add(call.owner.new_media_id(permanent=True), articles, call.now).media_id}


@route("POST", f"{BOX}/get", ID, right="")
def get(call: Call) -> dict[str, Any]:
    """The articles of a draft, as WeChat keeps them."""
    return {"news_item": _shown(call, _find(call))}


@route("POST", f"{BOX}/update", {"media_id": str, "index": int, "articles": DRAFT}, right="")
def update(call: Call) -> dict[str, Any]:
    """Another text for one article, counted from 0."""
    draft, index = _find(call), call.body.get("index", 0)
    if not 0 <= index < len(draft.articles):
        raise WeChatError(40114)
    if not call.body.get("articles"):
        raise WeChatError(44003)
    article = read_draft(call, call.body["articles"], alone=len(draft.articles) == 1)
    call.owner.drafts.update(draft.media_id, index, article, call.now)
    return OK


@route("POST", f"{BOX}/delete", ID, right="")
def delete(call: Call) -> dict[str, Any]:
    """A draft less, for good."""
    call.owner.drafts.leave(_find(call).media_id)
    return OK


@route("GET", f"{BOX}/count", right="")
def count(call: Call) -> dict[str, Any]:
    """How many drafts there are."""
    return {"total_count": len(call.owner.drafts)}


@route("POST", f"{BOX}/batchget", {"offset": int, "count": int, "no_content": int}, right="")
def batch_get(call: Call) -> dict[str, Any]:
    """A page of drafts, the latest change first."""

    def line(draft: Draft) -> dict[str, Any]:
        articles = _shown(call, draft, with_content=not call.body.get("no_content"))
        return {
            "media_id": draft.media_id,
            "content": {"news_item": articles, "create_time": int(draft.created), "update_time": int(draft.updated)},
            "update_time": int(draft.updated),
        }

    return paged(call, call.owner.drafts.all(), line)


@route("POST", f"{BOX}/switch", {}, right="", optional_body=True)
def switch(call: Call) -> dict[str, Any]:
    """Whether the draft box is on; it is, for everybody."""
    return OK | {"is_open": 1}


def _find(call: Call) -> Draft:
    if not call.body.get("media_id"):
        raise WeChatError(41006)
    return call.owner.drafts.get(call.body["media_id"])


def _shown(call: Call, draft: Draft, *, with_content: bool = True) -> list[dict[str, Any]]:
    return [article.shown(call.origin, with_content=with_content) for article in draft.articles]
