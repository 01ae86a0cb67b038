"""The blacklist (黑名单).

https://developers.weixin.qq.com/doc/service/api/usermanage/blacklist/
"""

from __future__ import annotations

from typing import Any

from wxcore.simulator.routes.registry import OK, Call, route
from wxcore.simulator.routes.tags import listed

PAGE = 1000
BATCH = 20


@route("POST", "/cgi-bin/tags/members/getblacklist", {"begin_openid": str}, optional_body=True)
def get_blacklist(call: Call) -> dict[str, Any]:
    """Who is on it, 1,000 a page."""
    people = call.owner.followers
    openids = people.page(int(people.blacklist), after=call.body.get("begin_openid", ""), limit=PAGE)
    data = {"data": {"openid": openids}} if openids else {}
    return {
        "total": len(people.blacklist),
        "count": len(openids),
        **data,
        "next_openid": openids[-1] if openids else "",
    }


@route("POST", "/cgi-bin/tags/members/batchblacklist", {"openid_list": [str]})
def batch_blacklist(call: Call) -> dict[str, Any]:
    """Up to 20 followers onto it."""
    for number in listed(call, BATCH):
        call.owner.followers.blacklist.add(number)
    return OK


@route("POST", "/cgi-bin/tags/members/batchunblacklist", {"openid_list": [str]})
def batch_unblacklist(call: Call) -> dict[str, Any]:
    """Up to 20 followers off it."""
    for number in listed(call, BATCH):
        call.owner.followers.blacklist.discard(number)
    return OK
