"""The menus in the admin: the editor's doors, what is asked before publishing, who may what."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from callbacks import menus
from callbacks.models import Menu, ReplyRule
from followers.models import Tag
from tests.callbacks.menus.conftest import CLICK, TREE, VIEW, AtWeChat
from tests.conftest import APPID
from tests.people import logged_in, member
from tests.simulator_control import Control
from wxcore.models import OfficialAccount

LIST = "/admin/callbacks/menu/"


def page(menu: Menu, name: str = "change") -> str:
    return f"{LIST}{menu.pk}/{name}/"


def post_json(client: Client, address: str, **given: Any) -> Any:
    return client.post(address, json.dumps(given), content_type="application/json")


def text(answer: Any) -> str:
    return answer.content.decode()


def test_without_a_menu_the_list_says_how_to_begin(admin_client: Client, account: OfficialAccount) -> None:
    assert "从微信拉取" in text(admin_client.get(LIST))


def test_a_new_one_opens_in_the_editor(admin_client: Client, account: OfficialAccount, tag: Tag) -> None:
    answer = admin_client.post(f"{LIST}add/", {"account": account.pk, "tag": tag.pk}, follow=True)
    assert answer.redirect_chain[-1][0] == page(Menu.objects.get(tag=tag))
    again = admin_client.post(f"{LIST}add/", {"account": account.pk, "tag": tag.pk})
    assert again.headers["Location"] == page(Menu.objects.get())


def test_a_tag_of_another_account_is_refused(admin_client: Client, account: OfficialAccount, tag: Tag) -> None:
    other = OfficialAccount.objects.create(name="别家", slug="other", appid="wx2", secret="s", token="token")
    admin_client.post(f"{LIST}add/", {"account": other.pk, "tag": tag.pk})
    assert not Menu.objects.exists()


def test_the_list_says_how_each_menu_stands(admin_client: Client, menu: Menu, vip: Tag) -> None:
    menus.publish(menu, by=None, now=timezone.now())
    menus.save(menu, [CLICK], seen_version=0)
    menus.create(menu.account, tag=vip, buttons=TREE)
    html = text(admin_client.get(LIST))
    assert all(words in html for words in ("使用中", "有未发布的修改", "未发布", "今日优惠 / 更多 (2)"))


def test_a_save_answers_what_is_wrong(admin_client: Client, menu: Menu) -> None:
    answer = post_json(admin_client, page(menu, "save"), version=0, buttons=[VIEW | {"url": ""}])
    told = answer.json()
    assert told["version"] == 1
    assert [(one["path"], one["field"], one["hint"]) for one in told["problems"]] == [([0], "url", False)]


def test_a_late_save_is_refused(admin_client: Client, menu: Menu) -> None:
    menus.save(menu, [CLICK], seen_version=0)
    answer = post_json(admin_client, page(menu, "save"), version=0, buttons=[VIEW])
    assert (answer.status_code, answer.json()["code"]) == (409, "menu_changed")


def test_the_rule_that_answers_is_known_to_the_page(admin_client: Client, menu: Menu) -> None:
    ReplyRule.objects.create(account=menu.account, name="SALE", trigger="menu", words="other\ntoday", text="九折")
    told = post_json(admin_client, page(menu, "save"), version=0, buttons=[CLICK]).json()
    assert told["problems"] == []
    assert "SALE" in text(admin_client.get(page(menu)))


def test_a_difference_is_told(admin_client: Client, menu: Menu, control: Control) -> None:
    menus.publish(menu, by=None, now=timezone.now())
    assert post_json(admin_client, page(menu, "compare")).json()["warning"] == ""
    control.post("/menu", appid=APPID, button=[CLICK])
    assert "不一致" in post_json(admin_client, page(menu, "compare")).json()["warning"]
    assert "不一致" in text(admin_client.get(page(menu)))


def test_before_publishing_the_change_is_shown(admin_client: Client, menu: Menu) -> None:
    menus.publish(menu, by=None, now=timezone.now())
    menus.save(menu, [CLICK | {"key": "sale"}, TREE[1]], seen_version=0)
    html = text(admin_client.get(page(menu, "publish")))
    assert all(words in html for words in ("today", "sale", "不变", "没有回复规则"))


def test_publishing_reaches_wechat_and_the_history(
    admin_client: Client, admin_user: User, menu: Menu, at_wechat: AtWeChat
) -> None:
    answer = admin_client.post(page(menu, "publish"), {"version": 0}, follow=True)
    assert "菜单已发布" in text(answer)
    assert at_wechat()["buttons"] == TREE
    html = text(admin_client.get(page(menu, "versions")))
    assert "版本 1" in html
    assert admin_user.username in html


def test_what_was_not_looked_at_is_not_published(admin_client: Client, menu: Menu, at_wechat: AtWeChat) -> None:
    menus.save(menu, [CLICK], seen_version=0)
    for version in ("0", "", "x", "99999999999"):
        admin_client.post(page(menu, "publish"), {"version": version})
    assert at_wechat()["buttons"] == []


def test_an_unfinished_one_has_no_button_to_publish(admin_client: Client, menu: Menu) -> None:
    menus.save(menu, [VIEW | {"url": ""}], seen_version=0)
    html = text(admin_client.get(page(menu, "publish")))
    assert "还没有填写网址" in html
    assert 'name="version"' not in html


def test_a_version_comes_back_into_the_editor(admin_client: Client, menu: Menu) -> None:
    menus.publish(menu, by=None, now=timezone.now())
    menus.save(menu, [CLICK], seen_version=0)
    restore = f"{LIST}{menu.pk}/versions/1/restore/"
    assert "编辑器中的菜单" in text(admin_client.get(restore))
    admin_client.post(restore)
    menu.refresh_from_db()
    assert menu.buttons == TREE


def test_fetching_says_what_to_finish(admin_client: Client, menu: Menu, control: Control) -> None:
    control.post("/menu", appid=APPID, button=[{"type": "text", "name": "地址", "value": "北京市朝阳区"}])
    html = text(admin_client.post(page(menu, "fetch"), follow=True))
    assert "北京市朝阳区" in html


def test_taking_down_and_deleting_ask_first(admin_client: Client, menu: Menu, at_wechat: AtWeChat) -> None:
    menus.publish(menu, by=None, now=timezone.now())
    assert "个性化菜单" in text(admin_client.get(page(menu, "take-down")))
    admin_client.post(page(menu, "take-down"))
    assert at_wechat()["buttons"] == []
    assert admin_client.get(page(menu, "delete")).status_code == 200
    admin_client.post(page(menu, "delete"))
    assert not Menu.objects.exists()


@pytest.mark.parametrize(
    ("role", "saves", "publishes"), [("editor", 200, 403), ("operator", 403, 302), ("analyst", 403, 403)]
)
def test_editors_write_and_operators_publish(menu: Menu, role: str, saves: int, publishes: int) -> None:
    client = logged_in(member(menu.account, role))
    assert client.get(page(menu)).status_code == 200
    assert post_json(client, page(menu, "save"), version=0, buttons=TREE).status_code == saves
    assert client.post(page(menu, "publish"), {"version": 0}).status_code == publishes


def test_an_editor_does_not_delete_what_followers_see(menu: Menu, at_wechat: AtWeChat) -> None:
    menus.publish(menu, by=None, now=timezone.now())
    client = logged_in(member(menu.account, "editor"))
    assert client.post(page(menu, "delete")).status_code == 403
    assert at_wechat()["buttons"] == TREE


def test_a_wechat_that_is_silent_is_said_and_not_waited_for(admin_client: Client, menu: Menu, control: Control) -> None:
    control.fault("/cgi-bin/get_current_selfmenu_info", errcode=48001, times=2)
    assert post_json(admin_client, page(menu, "compare")).status_code == 400
    with override("zh-hans"):
        assert "无法查询" in text(admin_client.get(page(menu, "publish")))
