"""Followers, as the simulator knows them."""

from __future__ import annotations

import pytest

from tests.simulator_control import Control
from tests.wechat.conftest import APPID
from tests.wechat.host import Host, Reply
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import InvalidOpenid, InvalidRequest
from wxcore.wechat.users import UserInfo, user_info


def test_all_openids_are_listed_page_after_page(control: Control, simulated: WeChat, openids: list[str]) -> None:
    page = simulated.users.list_openids()
    assert (page.total, set(page.openids)) == (5, set(openids))
    after = simulated.users.list_openids(page.openids[-2])
    assert after.openids == page.openids[-1:]


def test_the_page_after_the_last_is_empty(simulated: WeChat) -> None:
    page = simulated.users.list_openids(simulated.users.list_openids().openids[-1])
    assert (page.openids, page.next_openid) == ((), "")


def test_a_follower_is_described(simulated: WeChat, openids: list[str]) -> None:
    user = simulated.users.get(openids[0])
    assert (user.openid, user.subscribed, user.tag_ids) == (openids[0], True, (100,))
    assert user.subscribe_time > 1_000_000_000
    assert user.subscribe_scene.startswith("ADD_SCENE_")


def test_many_are_described_at_once(simulated: WeChat, openids: list[str]) -> None:
    users = simulated.users.batchget(openids)
    assert [user.openid for user in users] == openids
    assert users[0] == simulated.users.get(openids[0])


def test_who_left_is_only_an_openid(control: Control, simulated: WeChat, openids: list[str]) -> None:
    control.unfollow(APPID, openids[0])
    user = simulated.users.get(openids[0])
    assert (user.subscribed, user.subscribe_time, user.tag_ids) == (False, None, ())


def test_a_stranger_is_an_invalid_openid(simulated: WeChat) -> None:
    with pytest.raises(InvalidOpenid):
        simulated.users.get("o" * 28)


def test_a_remark_is_kept(simulated: WeChat, openids: list[str]) -> None:
    simulated.users.update_remark(openids[0], "老客户 👍")
    assert simulated.users.get(openids[0]).remark == "老客户 👍"


@pytest.mark.parametrize("count", [0, 101])
def test_none_or_too_many_are_refused_before_anything_is_sent(host: Host, wechat: WeChat, count: int) -> None:
    with pytest.raises(InvalidRequest):
        wechat.users.batchget([f"o{number}" for number in range(count)])
    assert host.requests == []


def test_numbers_may_be_text_and_fields_may_be_missing() -> None:
    data = {"subscribe": "1", "openid": "o1", "subscribe_time": "1382694957", "tagid_list": ["128", 2], "qr_scene": 0}
    assert user_info(data) == UserInfo("o1", True, 1382694957, tag_ids=(128, 2))
    assert user_info({"openid": "o1"}) == UserInfo("o1", False)
    assert user_info(data | {"qr_scene": 98765}).qr_scene == "98765"
    assert user_info(data | {"subscribe_time": None, "tagid_list": None}).subscribe_time is None


@pytest.mark.parametrize("data", [None, [], ["o1"], "o1", {}, {"openid": None}])
def test_a_page_of_another_shape_is_empty(host: Host, wechat: WeChat, data: object) -> None:
    host.will("/cgi-bin/user/get", {"total": 1, "count": 0, "data": data, "next_openid": None})
    page = wechat.users.list_openids()
    assert (page.total, page.openids, page.next_openid) == (1, (), "")


def test_a_page_whose_data_is_missing_is_the_last(host: Host, wechat: WeChat) -> None:
    host.will("/cgi-bin/user/get", Reply.of({"total": "7", "count": 0, "next_openid": "o1"}))
    page = wechat.users.list_openids("o1")
    assert (page.total, page.openids, page.next_openid) == (7, (), "")
