"""The blacklist (黑名单).

All on one page: https://developers.weixin.qq.com/doc/offiaccount/User_Management/Manage_blacklist.html
"""

from __future__ import annotations

from collections.abc import Sequence

from wxcore.wechat.answers import OpenidPage, openid_page, require_openids
from wxcore.wechat.transport import Transport

BATCH = 20  # openids in one change


class Blacklist:
    """Followers whose messages the account does not want."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list_openids(self, begin_openid: str = "") -> OpenidPage:
        """This will be up to 1,000 openids that come after `begin_openid`."""
        call = "/cgi-bin/tags/members/getblacklist"
        return openid_page(self._transport.post(call, {"begin_openid": begin_openid}, replayable=True))

    def add(self, openids: Sequence[str]) -> None:
        """This will blacklist 1 to 20 followers. Raises InvalidRequest, InvalidOpenid."""
        self._change("/cgi-bin/tags/members/batchblacklist", openids)

    def remove(self, openids: Sequence[str]) -> None:
        """This will take 1 to 20 followers off the blacklist. Raises InvalidRequest, InvalidOpenid."""
        self._change("/cgi-bin/tags/members/batchunblacklist", openids)

    def _change(self, call: str, openids: Sequence[str]) -> None:
        self._transport.post(call, {"openid_list": require_openids(call, openids, at_most=BATCH)}, replayable=True)
