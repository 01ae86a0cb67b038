"""Tags (用户标签).

All on one page: https://developers.weixin.qq.com/doc/offiaccount/User_Management/User_Tag_Management.html
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wxcore.wechat.answers import (
    OpenidPage,
    child,
    integer,
    integers,
    objects,
    openid_page,
    require_openids,
    required_integer,
)
from wxcore.wechat.transport import Transport

BATCH = 50  # openids in one tagging or untagging


@dataclass(frozen=True, slots=True)
class TagInfo:
    """A tag: WeChat's id, its name, how many followers have it (0 in the answer of `create`)."""

    id: int
    name: str
    count: int = 0


class Tags:
    """The tags of the account and who has them. WeChat's own tags 0, 1 and 2 cannot be changed."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self) -> builtins.list[TagInfo]:
        """This will be all tags, at most 100."""
        call = "/cgi-bin/tags/get"
        return [_tag(item, call) for item in objects(self._transport.get(call), "tags")]

    def create(self, name: str) -> TagInfo:
        """This will make a tag. Raises ApiError 45157 (name taken), 45158 (too long), 45056 (100 exist)."""
        call = "/cgi-bin/tags/create"
        return _tag(child(self._transport.post(call, {"tag": {"name": name}}), "tag"), call)

    def update(self, tag_id: int, name: str) -> None:
        """This will rename a tag. Raises ApiError 45058 for WeChat's own tags."""
        self._transport.post("/cgi-bin/tags/update", {"tag": {"id": tag_id, "name": name}}, replayable=True)

    def delete(self, tag_id: int) -> None:
        """This will delete a tag. Raises ApiError 45057 when more than 100,000 followers have it."""
        self._transport.post("/cgi-bin/tags/delete", {"tag": {"id": tag_id}})

    def members(self, tag_id: int, next_openid: str = "") -> OpenidPage:
        """This will be up to 10,000 openids with that tag. `total` counts this page only. Raises UnknownTag."""
        body = {"tagid": tag_id, "next_openid": next_openid}
        return openid_page(self._transport.post("/cgi-bin/user/tag/get", body, replayable=True))

    def tag(self, openids: Sequence[str], tag_id: int) -> None:
        """This will give the tag to 1 to 50 followers.

        Raises InvalidRequest, UnknownTag, InvalidOpenid, ApiError 45059 (20 tags on one follower).
        """
        self._change("/cgi-bin/tags/members/batchtagging", openids, tag_id)

    def untag(self, openids: Sequence[str], tag_id: int) -> None:
        """This will take the tag from 1 to 50 followers. Raises like `tag`."""
        self._change("/cgi-bin/tags/members/batchuntagging", openids, tag_id)

    def of_follower(self, openid: str) -> tuple[int, ...]:
        """This will be the ids of one follower's tags. Raises InvalidOpenid."""
        data = self._transport.post("/cgi-bin/tags/getidlist", {"openid": openid}, replayable=True)
        return integers(data.get("tagid_list"))

    def _change(self, call: str, openids: Sequence[str], tag_id: int) -> None:
        body = {"openid_list": require_openids(call, openids, at_most=BATCH), "tagid": tag_id}
        self._transport.post(call, body, replayable=True)


def _tag(data: Mapping[str, Any], call: str) -> TagInfo:
    return TagInfo(
        required_integer(data, "id", call=call), str(data.get("name") or ""), integer(data.get("count"), default=0)
    )
