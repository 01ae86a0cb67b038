"""Publishing a menu: what reaches WeChat, what stays here, and what keeps from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from callbacks import menus
from callbacks.menuchecks import MenuUnfinished
from callbacks.models import Menu
from campaigns import library
from campaigns.services import AccountInactive
from followers.models import Tag
from tests.callbacks.menus.conftest import CLICK, TREE, VIEW, AtWeChat
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.simulator import samples
from wxcore.wechat.errors import ApiError

Publish = Callable[..., Menu]


@pytest.fixture
def publish(admin_user: User) -> Publish:
    return lambda menu, **given: menus.publish(menu, by=admin_user, now=timezone.now(), **given)


def test_followers_see_it(menu: Menu, publish: Publish, at_wechat: AtWeChat, admin_user: User) -> None:
    publish(menu, seen_version=0)
    assert at_wechat()["buttons"] == menu.published == menu.live == TREE
    assert not menu.differs
    assert not menus.is_unpublished(menu)
    version = menu.versions.get()
    assert (version.number, version.buttons, version.published_by) == (1, TREE, admin_user)


def test_each_publishing_is_a_version(menu: Menu, publish: Publish) -> None:
    publish(menu)
    publish(menus.save(menu, [CLICK], seen_version=0))
    assert list(menu.versions.values_list("number", "buttons")) == [(2, [CLICK]), (1, TREE)]


def test_a_version_comes_back_into_the_editor(menu: Menu, publish: Publish, at_wechat: AtWeChat) -> None:
    publish(menu)
    publish(menus.save(menu, [CLICK], seen_version=0))
    menus.roll_back(menu, menu.versions.get(number=1), seen_version=1)
    assert menu.buttons == TREE
    assert menus.is_unpublished(menu)
    assert at_wechat()["buttons"] == [CLICK]


def test_a_file_is_uploaded_for_good(menu: Menu, publish: Publish, control: Control) -> None:
    asset = library.store_bytes(menu.account, samples.picture(1), name="海报.jpg").asset
    menus.save(menu, [{"name": "海报", "type": "media_id", "asset": asset.pk}], seen_version=0)
    publish(menu)
    [uploaded] = control.all_media(APPID)
    assert uploaded["permanent"]
    assert menu.published == [{"name": "海报", "type": "media_id", "media_id": uploaded["media_id"]}]


def test_a_file_that_wechat_lost_is_uploaded_again(menu: Menu, publish: Publish, control: Control) -> None:
    asset = library.store_bytes(menu.account, samples.picture(1), name="海报.jpg").asset
    menus.save(menu, [{"name": "海报", "type": "media_id", "asset": asset.pk}], seen_version=0)
    publish(menu)
    control.post("/menu", appid=APPID, button=None)
    control.forget(APPID, control.all_media(APPID)[0]["media_id"])
    publish(menu)
    assert menu.published[0]["media_id"] == control.all_media(APPID)[0]["media_id"]


@pytest.mark.parametrize(
    ("buttons", "field"),
    [
        ([], "buttons"),
        ([VIEW | {"url": ""}], "buttons[0].url"),
        ([{"name": "更多", "sub_button": [VIEW, CLICK | {"name": ""}]}], "buttons[0].sub_button[1].name"),
        ([{"name": "海报", "type": "media_id", "asset": 404}], "buttons[0].asset"),
        ([{"name": "文章", "type": "article_id", "publication": 404}], "buttons[0].publication"),
    ],
)
def test_an_unfinished_one_is_refused_before_wechat_is_asked(
    menu: Menu, publish: Publish, at_wechat: AtWeChat, buttons: list[dict[str, Any]], field: str
) -> None:
    menus.save(menu, buttons, seen_version=0)
    with pytest.raises(MenuUnfinished) as caught:
        publish(menu)
    assert field in caught.value.fields
    assert at_wechat()["buttons"] == []


def test_what_was_not_looked_at_is_not_published(menu: Menu, publish: Publish) -> None:
    menus.save(menu, [CLICK], seen_version=0)
    with pytest.raises(menus.MenuChanged):
        publish(menu, seen_version=0)


def test_wechats_refusal_stays_on_the_row(menu: Menu, publish: Publish, control: Control) -> None:
    control.fault("/cgi-bin/menu/create", errcode=45064)
    with pytest.raises(ApiError):
        publish(menu)
    menu.refresh_from_db()
    assert (menu.error_code, menu.pending, menu.lease_until) == ("wechat_api", None, None)
    assert menu.error_message
    publish(menu)
    assert menu.error_code == ""


def test_an_inactive_account_publishes_nothing(menu: Menu, publish: Publish) -> None:
    menu.account.is_active = False
    menu.account.save()
    with pytest.raises(AccountInactive):
        publish(menu)


def test_one_for_a_tag_is_seen_by_who_wears_it(
    menu: Menu, vip: Tag, publish: Publish, at_wechat: AtWeChat, control: Control
) -> None:
    publish(menu)
    conditional = publish(menus.create(menu.account, tag=vip, buttons=[VIEW]))
    assert at_wechat()["conditional"] == {conditional.menu_id: [VIEW]}
    seen = control.get(f"/followers/{control.openids(APPID)[0]}/menu")
    assert seen["menuid"] == conditional.menu_id


def test_a_new_one_for_a_tag_takes_the_place_of_the_old(
    menu: Menu, vip: Tag, publish: Publish, at_wechat: AtWeChat
) -> None:
    publish(menu)
    conditional = publish(menus.create(menu.account, tag=vip, buttons=[VIEW]))
    before = conditional.menu_id
    publish(menus.save(conditional, [CLICK], seen_version=0))
    assert at_wechat()["conditional"] == {conditional.menu_id: [CLICK]}
    assert conditional.menu_id != before


def test_one_for_a_tag_needs_one_for_everybody(menu: Menu, vip: Tag, publish: Publish) -> None:
    with pytest.raises(menus.NoDefaultMenu):
        publish(menus.create(menu.account, tag=vip))


def test_one_whose_tag_is_gone_is_nobodys(menu: Menu, vip: Tag, publish: Publish, at_wechat: AtWeChat) -> None:
    publish(menu)
    conditional = menus.create(menu.account, tag=vip, buttons=[VIEW])
    vip.delete()
    with pytest.raises(menus.MenuTagGone):
        publish(conditional)
    assert at_wechat() == {"buttons": TREE, "conditional": {}}


def test_conditional_ones_lead_to_three_sites(menu: Menu, vip: Tag, publish: Publish) -> None:
    publish(menu)
    leaves = [VIEW | {"url": f"https://{host}.cn/"} for host in "abcd"]
    conditional = menus.create(menu.account, tag=vip, buttons=[{"name": "站点", "sub_button": leaves}])
    with pytest.raises(MenuUnfinished, match=r"a\.cn, b\.cn, c\.cn, d\.cn"):
        publish(conditional)
