"""The menu: what is refused, who sees which, and what the console changes."""

import pytest

from tests.simulator.conftest import APPID

CREATE, ADD, SELFMENU = "/cgi-bin/menu/create", "/cgi-bin/menu/addconditional", "/cgi-bin/get_current_selfmenu_info"
CLICK = {"type": "click", "name": "今日优惠", "key": "today"}
VIEW = {"type": "view", "name": "商城", "url": "https://shop.example.com/"}
VIPS = {"tag_id": "100"}


def code(answer):
    return answer.get("errcode", 0)


def create(caller, *buttons):
    return caller.post(CREATE, {"button": list(buttons)})


def with_sub_buttons(*leaves):
    return {"name": "更多", "sub_button": list(leaves)}


@pytest.fixture
def vip(control, caller):
    """The openid of the only one with tag 100."""
    control.followers(APPID, 3)
    caller.post("/cgi-bin/tags/create", {"tag": {"name": "VIP"}})
    openid = control.openids(APPID)[0]
    caller.post("/cgi-bin/tags/members/batchtagging", {"openid_list": [openid], "tagid": 100})
    return openid


def test_one_is_made_and_read_back(caller):
    assert code(create(caller, CLICK, with_sub_buttons(VIEW))) == 0
    menu = caller.get("/cgi-bin/menu/get")["menu"]
    assert menu["button"][0] == CLICK | {"sub_button": []}
    assert menu["button"][1]["sub_button"] == [VIEW | {"sub_button": []}]
    assert isinstance(menu["menuid"], int)


def test_the_live_one_lists_what_is_below_a_button(caller):
    create(caller, CLICK, with_sub_buttons(VIEW))
    assert caller.get(SELFMENU) == {
        "is_menu_open": 1,
        "selfmenu_info": {"button": [CLICK, {"name": "更多", "sub_button": {"list": [VIEW]}}]},
    }


def test_where_there_is_none_it_says_so(caller):
    assert code(caller.get("/cgi-bin/menu/get")) == 46003
    assert caller.get(SELFMENU)["is_menu_open"] == 0


@pytest.mark.parametrize(
    ("buttons", "expected"),
    [
        ([], 40016),
        ([CLICK] * 4, 40016),
        ([CLICK | {"type": "tap"}], 40017),
        ([{"name": "无类型"}], 40017),
        ([CLICK | {"name": ""}], 40018),
        ([CLICK | {"name": "六个汉字太长"}], 40018),
        ([CLICK | {"key": "k" * 129}], 40019),
        ([VIEW | {"url": "https://e.cn/" + "u" * 1020}], 40020),
        ([VIEW | {"url": "ftp://e.cn/"}], 40055),
        ([with_sub_buttons(*[CLICK] * 6)], 40023),
        ([with_sub_buttons(with_sub_buttons(CLICK))], 40022),
        ([with_sub_buttons(CLICK | {"type": "tap"})], 40024),
        ([with_sub_buttons(CLICK | {"name": "字" * 21})], 40025),
        ([with_sub_buttons(CLICK | {"name": "字" * 20})], 0),
        ([with_sub_buttons(CLICK | {"key": ""})], 40026),
        ([with_sub_buttons(VIEW | {"url": ""})], 40027),
        ([with_sub_buttons(VIEW | {"url": "javascript:1"})], 40054),
        ([{"type": "media_id", "name": "图", "media_id": "nobody's"}], 40007),
        ([{"type": "article_id", "name": "文", "article_id": "nobody's"}], 53600),
        ([{"type": "miniprogram", "name": "小程序", "url": "https://e.cn/", "appid": "wx1", "pagepath": "p"}], 0),
    ],
)
def test_what_wechat_would_refuse_is_refused(caller, buttons, expected):
    assert code(create(caller, *buttons)) == expected


def test_material_of_a_button_cannot_be_deleted(caller):
    media_id = caller.cover()
    assert code(create(caller, {"type": "media_id", "name": "海报", "media_id": media_id})) == 0
    assert code(caller.post("/cgi-bin/material/del_material", {"media_id": media_id})) == 48005


def test_a_conditional_one_is_seen_by_who_wears_the_tag(control, caller, vip):
    create(caller, CLICK)
    added = caller.post(ADD, {"button": [VIEW], "matchrule": VIPS})
    assert control.get(f"/followers/{vip}/menu")["menuid"] == added["menuid"]
    assert caller.post("/cgi-bin/menu/trymatch", {"user_id": vip})["button"][0]["name"] == "商城"
    other = control.openids(APPID)[1]
    assert caller.post("/cgi-bin/menu/trymatch", {"user_id": other})["button"][0]["name"] == "今日优惠"


def test_the_latest_rule_wins_and_goes_again(control, caller, vip):
    create(caller, CLICK)
    first = caller.post(ADD, {"button": [VIEW], "matchrule": VIPS})["menuid"]
    second = caller.post(ADD, {"button": [CLICK], "matchrule": VIPS})["menuid"]
    assert control.get(f"/followers/{vip}/menu")["menuid"] == second
    assert code(caller.post("/cgi-bin/menu/delconditional", {"menuid": second})) == 0
    assert control.get(f"/followers/{vip}/menu")["menuid"] == first
    assert code(caller.post("/cgi-bin/menu/delconditional", {"menuid": second})) == 65301


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"button": [VIEW]}, 65304),
        ({"button": [VIEW], "matchrule": {"sex": "1"}}, 65320),
        ({"button": [VIEW], "matchrule": {"tag_id": "999"}}, 45159),
        ({"button": [VIEW], "matchrule": {"client_platform_type": "4"}}, 40035),
        ({"button": [], "matchrule": VIPS}, 65307),
        (
            {"button": [with_sub_buttons(*[VIEW | {"url": f"https://{n}.cn/"} for n in "abcd"])], "matchrule": VIPS},
            65316,
        ),
    ],
)
def test_a_conditional_one_that_makes_no_sense_is_refused(caller, vip, body, expected):
    create(caller, CLICK)
    assert code(caller.post(ADD, body)) == expected


def test_a_conditional_one_needs_a_default_one(caller, vip):
    assert code(caller.post(ADD, {"button": [VIEW], "matchrule": VIPS})) == 65303


def test_deleting_deletes_the_conditional_ones_too(control, caller, vip):
    create(caller, CLICK)
    caller.post(ADD, {"button": [VIEW], "matchrule": VIPS})
    assert code(caller.get("/cgi-bin/menu/delete")) == 0
    assert control.get("/menu", appid=APPID)["conditional"] == []
    assert control.get(f"/followers/{vip}/menu")["button"] == []


def test_a_menu_of_the_console_is_only_seen_as_the_live_one(control, caller):
    control.post("/menu", appid=APPID, button=[{"type": "text", "name": "地址", "value": "北京"}])
    assert code(caller.get("/cgi-bin/menu/get")) == 46003
    assert caller.get(SELFMENU)["selfmenu_info"]["button"] == [{"type": "text", "name": "地址", "value": "北京"}]


def test_an_unverified_subscription_account_has_none(control, caller):
    control.account(APPID, kind="subscription", verified=False)
    assert code(create(caller, CLICK)) == 48001


@pytest.mark.parametrize(("openid", "expected"), [("nobody", 65302), (None, 65315)])
def test_a_match_is_tried_for_followers_only(control, caller, vip, openid, expected):
    create(caller, CLICK)
    control.unfollow(APPID, vip)
    assert code(caller.post("/cgi-bin/menu/trymatch", {"user_id": openid or vip})) == expected
