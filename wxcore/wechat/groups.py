"""Groups (分组): what tags were before, one for each follower. Kept because old accounts and old code still speak it.

https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wxcore.wechat.answers import child, integer, objects, require_openids, required_integer
from wxcore.wechat.transport import Transport

BATCH = 50  # openids in one move


@dataclass(frozen=True, slots=True)
class GroupInfo:
    """A group: WeChat's id, its name, how many followers are in it (0 in the answer of `create`)."""

    id: int
    name: str
    count: int = 0


class Groups:
    """The groups of the account. Each became a tag with the same id: new code uses tags."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> builtins.list[GroupInfo]:
        """This will be all groups."""
        call = "/cgi-bin/groups/get"
        return [_group(item, call) for item in objects(self._transport.get(call), "groups")]

    def create(self, name: str) -> GroupInfo:
        """This will make a group. Raises ApiError."""
        call = "/cgi-bin/groups/create"
        return _group(child(self._transport.post(call, {"group": {"name": name}}), "group"), call)

    def update(self, group_id: int, name: str) -> None:
        """This will rename a group. Raises ApiError."""
        self._transport.post("/cgi-bin/groups/update", {"group": {"id": group_id, "name": name}}, replayable=True)

    def delete(self, group_id: int) -> None:
        """This will delete a group; its followers fall back to "ungrouped". Raises ApiError."""
        self._transport.post("/cgi-bin/groups/delete", {"group": {"id": group_id}})

    def of_follower(self, openid: str) -> int:
        """This will be the id of one follower's group. Raises InvalidOpenid."""
        call = "/cgi-bin/groups/getid"
        return required_integer(self._transport.post(call, {"openid": openid}, replayable=True), "groupid", call=call)

    def move_one(self, openid: str, group_id: int) -> None:
        """This will move one follower to the group. Raises InvalidOpenid, UnknownTag."""
        body = {"openid": openid, "to_groupid": group_id}
        self._transport.post("/cgi-bin/groups/members/update", body, replayable=True)

    def move(self, openids: Sequence[str], group_id: int) -> None:
        """This will move 1 to 50 followers to the group. Raises InvalidRequest, InvalidOpenid, UnknownTag."""
        call = "/cgi-bin/groups/members/batchupdate"
        body = {"openid_list": require_openids(call, openids, at_most=BATCH), "to_groupid": group_id}
        self._transport.post(call, body, replayable=True)


def _group(data: Mapping[str, Any], call: str) -> GroupInfo:
    return GroupInfo(
        required_integer(data, "id", call=call), str(data.get("name") or ""), integer(data.get("count"), default=0)
    )
