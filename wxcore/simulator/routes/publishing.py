"""Publishing (发布): articles with an address, without telling any follower.

https://developers.weixin.qq.com/doc/service/api/publish/
"""

from __future__ import annotations

from typing import Any

from wxcore.simulator.errors import WeChatError
from wxcore.simulator.publications import OK as PUBLISHED
from wxcore.simulator.publications import Publication
from wxcore.simulator.routes.registry import OK, Call, integer, paged, route

FREE = "/cgi-bin/freepublish"
RIGHT = "may_publish"


@route("POST", f"{FREE}/submit", {"media_id": str}, right=RIGHT)
def submit(call: Call) -> dict[str, Any]:
    """A draft queues for publication; it is in the box until that has succeeded."""
    if not call.body.get("media_id"):
        raise WeChatError(41006)
    draft = call.owner.drafts.get(call.body["media_id"])
    if draft.autosaved:
        raise WeChatError(53505)
    ids = call.world.jobs.ids
    publication = Publication(
        publish_id=ids.next_data_id(),
        msg_data_id=ids.next_data_id(),
        appid=call.owner.appid,
        media_id=draft.media_id,
        articles=draft.articles,
        created=call.now,
        origin=call.origin,
        outcome=call.world.publications.take_outcome(call.owner.appid),
    )
    call.world.publish(publication, call.owner)
    return OK | {"publish_id": str(publication.publish_id), "msg_data_id": publication.msg_data_id}


@route("POST", f"{FREE}/get", {"publish_id": (int, str)}, right=RIGHT)
def get(call: Call) -> dict[str, Any]:
    """What has become of a publication."""
    publish_id = integer(call.body.get("publish_id"), 53502)
    found = call.world.publications.get(publish_id, call.owner.appid)
    if found is None:
        raise WeChatError(53502)
    return found.told()


@route("POST", f"{FREE}/delete", {"article_id": str, "index": int}, right=RIGHT)
def delete(call: Call) -> dict[str, Any]:
    """The pages of a publication stop working: one, counted from 1, or all of them."""
    found, index = _find(call), call.body.get("index", 0)
    if not 0 <= index <= len(found.articles):
        raise WeChatError(40114)
    found.delete(index)
    return OK


@route("POST", f"{FREE}/getarticle", {"article_id": str}, right=RIGHT)
def get_article(call: Call) -> dict[str, Any]:
    """The articles of a publication."""
    return {"news_item": _shown(call, _find(call))}


@route("POST", f"{FREE}/batchget", {"offset": int, "count": int, "no_content": int}, right=RIGHT)
def batch_get(call: Call) -> dict[str, Any]:
    """A page of what was published and not deleted, newest first."""

    def line(found: Publication) -> dict[str, Any]:
        articles = _shown(call, found, with_content=not call.body.get("no_content"))
        told = int(found.finished or found.created)
        return {"article_id": found.article_id, "content": {"news_item": articles}, "update_time": told}

    return paged(call, call.world.publications.readable(call.owner.appid), line)


def _find(call: Call) -> Publication:
    for found in call.world.publications.readable(call.owner.appid):
        if found.article_id == call.body.get("article_id") and found.status == PUBLISHED:
            return found
    raise WeChatError(53600)


def _shown(call: Call, found: Publication, *, with_content: bool = True) -> list[dict[str, Any]]:
    return [
        article.shown(call.origin, with_content=with_content, key=found.key(index))
        | {"is_deleted": index in found.dead}
        for index, article in enumerate(found.articles, 1)
    ]
