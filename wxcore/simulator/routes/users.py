"""Users (用户管理).

https://developers.weixin.qq.com/doc/service/api/usermanage/userinfo/
"""

from __future__ import annotations

from typing import Any

from wxcore.simulator.errors import WeChatError
from wxcore.simulator.routes.registry import OK, Call, route

BATCH = 100
MAX_REMARK = 30
BATCH_SHAPE = {"user_list": [{"openid": str, "lang": str}]}


@route("GET", "/cgi-bin/user/get")
def get_users(call: Call) -> dict[str, Any]:
    """Openids in the order of following, 10,000 a page; the page after the last has no `data`."""
    people = call.owner.followers
    following = int(people.following)
    openids = people.page(following, after=call.request.query.get("next_openid", ""))
    answer: dict[str, Any] = {"total": following.bit_count(), "count": len(openids)}
    if openids:
        answer["data"] = {"openid": openids}
    return {**answer, "next_openid": openids[-1] if openids else ""}


@route("GET", "/cgi-bin/user/info")
def get_user(call: Call) -> dict[str, Any]:
    """One follower; for who has left only that."""
    return profiles(call, [call.owner.followers.number(call.openid())])[0]


@route("POST", "/cgi-bin/user/info/batchget", BATCH_SHAPE)
def batch_get_users(call: Call) -> dict[str, Any]:
    """Up to 100 followers, in the order of the question."""
    asked = call.body.get("user_list", [])
    if not 1 <= len(asked) <= BATCH:
        raise WeChatError(40032)
    numbers = call.owner.followers.find([user.get("openid", "") for user in asked])
    known = [number for number in numbers if number is not None]
    if len(known) < len(numbers):
        raise WeChatError(40003)
    return {"user_info_list": profiles(call, known)}


@route("POST", "/cgi-bin/user/info/updateremark", {"openid": str, "remark": str})
def update_remark(call: Call) -> dict[str, Any]:
    """The account's own name for a follower."""
    number = call.owner.followers.number(call.openid())
    if number not in call.owner.followers.following:
        raise WeChatError(43004)
    remark = call.body.get("remark", "")
    if len(remark) >= MAX_REMARK:
        raise WeChatError(40092)
    call.owner.followers.remarks[number] = remark
    return OK


def profiles(call: Call, numbers: list[int]) -> list[dict[str, Any]]:
    """This will be what `user/info` tells about each number, with tags."""
    found = call.owner.followers.profiles(numbers, with_unionid=call.owner.options.open_platform)
    for number, profile in zip(numbers, found, strict=True):
        if profile["subscribe"]:
            tag_ids = call.owner.tags.of(number)
            profile["groupid"] = tag_ids[0] if tag_ids else 0
            profile["tagid_list"] = tag_ids
    return found
