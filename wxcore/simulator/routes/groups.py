"""Groups (分组), which tags replaced: the same ids, one for each follower.

https://developers.weixin.qq.com/doc/service/guide/product/user/tag.html
"""

from __future__ import annotations

from typing import Any

from wxcore.simulator.errors import WeChatError
from wxcore.simulator.routes.registry import OK, Call, integer, route
from wxcore.simulator.routes.tags import BATCH, NUMBER, listed

UNGROUPED = {"id": 0, "name": "未分组"}
BLACKLIST = {"id": 1, "name": "黑名单"}


@route("POST", "/cgi-bin/groups/create", {"group": {"name": str}})
def create_group(call: Call) -> dict[str, Any]:
    """A new group."""
    tag = call.owner.tags.create(call.body.get("group", {}).get("name", ""))
    return {"group": {"id": tag.id, "name": tag.name}}


@route("GET", "/cgi-bin/groups/get")
def get_groups(call: Call) -> dict[str, Any]:
    """Every group; 0 are those without one, 1 is the blacklist."""
    people, tags = call.owner.followers, call.owner.tags.all()
    ungrouped = int(people.following)
    for tag in tags:
        ungrouped &= ~int(tag.members)
    first = [UNGROUPED | {"count": ungrouped.bit_count()}, BLACKLIST | {"count": len(people.blacklist)}]
    return {"groups": first + [tag.summary() for tag in tags]}


@route("POST", "/cgi-bin/groups/getid", {"openid": str})
def get_group_of_user(call: Call) -> dict[str, Any]:
    """One follower's group."""
    tag_ids = call.owner.tags.of(call.owner.followers.numbers([call.openid()])[0])
    return {"groupid": tag_ids[0] if tag_ids else 0}


@route("POST", "/cgi-bin/groups/update", {"group": {"id": NUMBER, "name": str}})
def update_group(call: Call) -> dict[str, Any]:
    """Another name for a group."""
    group = call.body.get("group", {})
    call.owner.tags.rename(integer(group.get("id"), 40050), group.get("name", ""))
    return OK


@route("POST", "/cgi-bin/groups/members/update", {"openid": str, "to_groupid": NUMBER})
def move_user(call: Call) -> dict[str, Any]:
    """One follower into a group, out of every other."""
    return _move(call, call.owner.followers.numbers([call.openid()]))


@route("POST", "/cgi-bin/groups/members/batchupdate", {"openid_list": [str], "to_groupid": NUMBER})
def move_users(call: Call) -> dict[str, Any]:
    """Up to 50 followers into a group."""
    return _move(call, listed(call, BATCH))


@route("POST", "/cgi-bin/groups/delete", {"group": {"id": NUMBER}})
def delete_group(call: Call) -> dict[str, Any]:
    """A group goes; its followers have none then."""
    call.owner.tags.delete(integer(call.body.get("group", {}).get("id"), 40050))
    return OK


def _move(call: Call, numbers: list[int]) -> dict[str, Any]:
    group = integer(call.body.get("to_groupid"), 40050)
    if group == BLACKLIST["id"]:
        raise WeChatError(40050)
    if group:
        call.owner.tags.get(group, unknown=40050)
    for number in numbers:
        call.owner.tags.clear(number)
    if group:
        call.owner.tags.tag(group, numbers)
    return OK
