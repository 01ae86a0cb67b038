"""Menus, as the simulator keeps them."""

from __future__ import annotations

import pytest

from tests.simulator_control import Control
from tests.wechat.conftest import APPID
from tests.wechat.host import Host
from wxcore.wechat.client import WeChat
from wxcore.wechat.errors import ApiError, BadAnswer, UnknownMenu
from wxcore.wechat.menus import ConditionalMenu, LiveMenu, normal

CLICK = {"type": "click", "name": "今日优惠", "key": "today"}
VIEW = {"type": "view", "name": "商城", "url": "https://shop.example.com/"}
TREE = [CLICK, {"name": "更多", "sub_button": [VIEW, CLICK]}]


def test_one_is_made_and_read_back_as_it_was_sent(simulated: WeChat) -> None:
    simulated.menus.create(TREE)
    found = simulated.menus.get()
    assert found is not None
    assert found.buttons == TREE
    assert simulated.menus.live() == LiveMenu(is_open=True, buttons=TREE)


def test_where_there_is_none_nothing_is_found(simulated: WeChat) -> None:
    assert simulated.menus.get() is None
    assert simulated.menus.live() == LiveMenu(is_open=False)


def test_a_conditional_one_comes_and_goes(simulated: WeChat, openids: list[str]) -> None:
    simulated.menus.create([CLICK])
    menu_id = simulated.menus.add_conditional([VIEW], tag_id=100)
    found = simulated.menus.get()
    assert found is not None
    assert found.conditional == [ConditionalMenu(menu_id, [VIEW], {"tag_id": "100"})]
    assert found.conditional[0].tag_id == 100
    assert [simulated.menus.try_match(openid) for openid in (openids[0], openids[4])] == [[VIEW], [CLICK]]
    simulated.menus.delete_conditional(menu_id)
    with pytest.raises(UnknownMenu):
        simulated.menus.delete_conditional(menu_id)


def test_deleting_leaves_nothing(simulated: WeChat) -> None:
    simulated.menus.create([CLICK])
    simulated.menus.add_conditional([VIEW], tag_id=100)
    simulated.menus.delete()
    assert simulated.menus.get() is None


@pytest.mark.parametrize(
    ("buttons", "errcode"),
    [([], 40016), ([CLICK | {"type": "tap"}], 40017), ([CLICK | {"name": "六个汉字太长"}], 40018)],
)
def test_what_wechat_refuses_is_raised(simulated: WeChat, buttons: list[dict[str, str]], errcode: int) -> None:
    with pytest.raises(ApiError) as caught:
        simulated.menus.create(buttons)
    assert caught.value.errcode == errcode
    assert caught.value.fix


def test_without_a_default_one_there_is_no_conditional_one(simulated: WeChat) -> None:
    with pytest.raises(ApiError) as caught:
        simulated.menus.add_conditional([VIEW], tag_id=100)
    assert caught.value.errcode == 65303


def test_a_menu_of_the_console_is_seen_as_the_live_one(control: Control, simulated: WeChat) -> None:
    text = {"type": "text", "name": "地址", "value": "北京"}
    control.post("/menu", appid=APPID, button=[{"name": "更多", "sub_button": [text]}])
    assert simulated.menus.live().buttons == [{"name": "更多", "sub_button": [text]}]
    assert simulated.menus.get() is None


def test_a_rule_of_more_than_a_tag_is_not_a_tags_menu() -> None:
    assert ConditionalMenu("1", [], {"tag_id": "2", "client_platform_type": "1"}).tag_id is None
    assert ConditionalMenu("1", [], {"group_id": "2"}).tag_id == 2


def test_shapes_that_make_no_sense_are_read_all_the_same() -> None:
    odd = [{"name": 1, "sub_button": {"list": None}}, {"type": "view_limited", "media_id": "m", "sub_button": [7]}]
    assert normal(odd) == [{}, {"type": "media_id", "media_id": "m"}]


def test_a_conditional_one_without_an_id_is_a_bad_answer(host: Host, wechat: WeChat) -> None:
    host.will("/cgi-bin/menu/addconditional", {"errcode": 0})
    with pytest.raises(BadAnswer):
        wechat.menus.add_conditional([VIEW], tag_id=100)
