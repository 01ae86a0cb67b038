"""Followers (用户管理)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from wxcore.wechat.answers import (
    OpenidPage,
    integer,
    integers,
    objects,
    openid_page,
    optional_integer,
    require_openids,
)
from wxcore.wechat.transport import Transport

BATCH = 100  # openids in one batchget


class UserInfo(NamedTuple):
    """What WeChat tells of one person. Who does not follow has only an openid, and `subscribed` is False.

    `subscribe_time` is in epoch seconds. There is no name and no picture: WeChat stopped giving them on 2021-12-27.
    `sex` (1 male, 2 female, 0 unknown), `country`, `province` and `city` are empty since that day too.
    """

    openid: str
    subscribed: bool
    subscribe_time: int | None = None
    language: str = ""
    unionid: str = ""
    remark: str = ""
    tag_ids: tuple[int, ...] = ()
    subscribe_scene: str = ""
    qr_scene: str = ""
    qr_scene_str: str = ""
    sex: int = 0
    country: str = ""
    province: str = ""
    city: str = ""


class Users:
    """The followers of the account."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    # https://developers.weixin.qq.com/doc/offiaccount/User_Management/Getting_a_User_List.html
    def list_openids(self, next_openid: str = "") -> OpenidPage:
        """This will be up to 10,000 openids that come after `next_openid`, in WeChat's order."""
        return openid_page(self._transport.get("/cgi-bin/user/get", next_openid=next_openid))

    # https://developers.weixin.qq.com/doc/offiaccount/User_Management/Get_users_basic_information_UnionID.html
    def get(self, openid: str) -> UserInfo:
        """This will be one person. Raises InvalidOpenid."""
        return user_info(self._transport.get("/cgi-bin/user/info", openid=openid, lang="zh_CN"))

    # https://developers.weixin.qq.com/doc/offiaccount/User_Management/Get_users_basic_information_UnionID.html
    def batchget(self, openids: Sequence[str]) -> list[UserInfo]:
        """This will be 1 to 100 people in one request. Raises InvalidRequest for more or none, InvalidOpenid."""
        call = "/cgi-bin/user/info/batchget"
        given = require_openids(call, openids, at_most=BATCH)
        body = {"user_list": [{"openid": openid, "lang": "zh_CN"} for openid in given]}
        return [
            user_info(item) for item in objects(self._transport.post(call, body, replayable=True), "user_info_list")
        ]

    # https://developers.weixin.qq.com/doc/offiaccount/User_Management/Configuring_user_notes.html
    def update_remark(self, openid: str, remark: str) -> None:
        """This will set our own name for a follower, under 30 characters; "" removes it."""
        body = {"openid": openid, "remark": remark}
        self._transport.post("/cgi-bin/user/info/updateremark", body, replayable=True)


def user_info(data: Mapping[str, Any]) -> UserInfo:
    """This will read one person. A synchronisation reads hundreds of thousands of these."""
    get = data.get
    subscribed = integer(get("subscribe"), default=0) == 1
    openid = str(get("openid") or "")
    unionid = str(get("unionid") or "")
    if not subscribed:
        return UserInfo(openid, False, unionid=unionid)
    scene = get("qr_scene")
    return UserInfo(
        openid,
        True,
        optional_integer(get("subscribe_time")),
        str(get("language") or ""),
        unionid,
        str(get("remark") or ""),
        integers(get("tagid_list")),
        str(get("subscribe_scene") or ""),
        "" if scene in (None, 0, "0") else str(scene),  # WeChat sends 0 for "came by no QR code"
        str(get("qr_scene_str") or ""),
        integer(get("sex"), default=0),
        str(get("country") or ""),
        str(get("province") or ""),
        str(get("city") or ""),
    )
