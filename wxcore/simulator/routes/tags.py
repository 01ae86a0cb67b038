"""Tags (标签管理).

https://developers.weixin.qq.com/doc/service/api/usermanage/tagmanage/
"""

from __future__ import annotations

from typing import Any

from wxcore.simulator.errors import WeChatError
from wxcore.simulator.routes.registry import OK, Call, integer, route

BATCH = 50
NUMBER = (int, str)
MEMBERS = {"openid_list": [str], "tagid": NUMBER}


@route("POST", "/cgi-bin/tags/create", {"tag": {"name": str}})
def create_tag(call: Call) -> dict[str, Any]:
    """A new tag."""
    tag = call.owner.tags.create(call.body.get("tag", {}).get("name", ""))
    return {"tag": {"id": tag.id, "name": tag.name}}


@route("GET", "/cgi-bin/tags/get")
def get_tags(call: Call) -> dict[str, Any]:
    """Every tag with its number of followers."""
    return {"tags": [tag.summary() for tag in call.owner.tags.all()]}


@route("POST", "/cgi-bin/tags/update", {"tag": {"id": NUMBER, "name": str}})
def update_tag(call: Call) -> dict[str, Any]:
    """Another name for a tag."""
    tag = call.body.get("tag", {})
    call.owner.tags.rename(integer(tag.get("id"), 45159), tag.get("name", ""))
    return OK


@route("POST", "/cgi-bin/tags/delete", {"tag": {"id": NUMBER}})
def delete_tag(call: Call) -> dict[str, Any]:
    """A tag goes, with all its memberships."""
    call.owner.tags.delete(integer(call.body.get("tag", {}).get("id"), 45159))
    return OK


@route("POST", "/cgi-bin/user/tag/get", {"tagid": NUMBER, "next_openid": str})
def get_tag_members(call: Call) -> dict[str, Any]:
    """The followers with a tag, 10,000 a page."""
    tag = call.owner.tags.get(integer(call.body.get("tagid"), 45159))
    openids = call.owner.followers.page(int(tag.members), after=call.body.get("next_openid", ""))
    data = {"data": {"openid": openids}} if openids else {}
    return {"count": len(openids), **data, "next_openid": openids[-1] if openids else ""}


@route("POST", "/cgi-bin/tags/members/batchtagging", MEMBERS)
def batch_tag(call: Call) -> dict[str, Any]:
    """A tag for up to 50 followers, all or none."""
    call.owner.tags.tag(integer(call.body.get("tagid"), 45159), listed(call, BATCH))
    return OK


@route("POST", "/cgi-bin/tags/members/batchuntagging", MEMBERS)
def batch_untag(call: Call) -> dict[str, Any]:
    """A tag taken from up to 50 followers."""
    call.owner.tags.untag(integer(call.body.get("tagid"), 45159), listed(call, BATCH))
    return OK


@route("POST", "/cgi-bin/tags/getidlist", {"openid": str})
def get_tags_of_user(call: Call) -> dict[str, Any]:
    """One follower's tags."""
    number = call.owner.followers.numbers([call.openid()])[0]
    return {"tagid_list": call.owner.tags.of(number)}


def listed(call: Call, limit: int) -> list[int]:
    """This will be the followers of `openid_list`. Raises 40032 for its size, 49003 for a stranger, 40003."""
    openids = call.body.get("openid_list", [])
    if not 1 <= len(openids) <= limit:
        raise WeChatError(40032)
    return call.owner.followers.numbers(openids, foreign=49003)
