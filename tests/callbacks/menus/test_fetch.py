"""Fetching WeChat's menu in the place of ours."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import override

from callbacks import livemenu, menus, menusync
from callbacks.menusync import Fetched
from callbacks.models import Menu
from campaigns import library
from followers.models import Tag
from tests.callbacks.menus.conftest import CLICK, TREE, VIEW
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.simulator import samples

CONSOLE = [
    {"type": "text", "name": "地址", "value": "北京市朝阳区"},
    {"name": "更多", "sub_button": [{"type": "img", "name": "海报", "value": "MEDIA"}]},
]


def fetch(menu: Menu, *, seen: int = 0, by: User | None = None) -> Fetched:
    return menusync.fetch(menu, by_id=by.pk if by else None, now=timezone.now(), seen_version=seen)


def test_a_menu_of_the_console_becomes_ours(menu: Menu, control: Control, admin_user: User) -> None:
    control.post("/menu", appid=APPID, button=CONSOLE)
    fetched = fetch(menu, by=admin_user)
    assert menu.buttons == [
        {"name": "地址", "type": "click", "key": "menu-1"},
        {"name": "更多", "sub_button": [{"name": "海报", "type": "media_id", "media_id": "MEDIA"}]},
    ]
    [note] = fetched.notes
    with override("en"):
        assert "menu-1" in str(note.text)
        assert "北京市朝阳区" in str(note.text)
    assert not menu.differs
    assert menu.versions.get().published_by == admin_user


def test_what_was_published_comes_back_with_our_own_ids(menu: Menu) -> None:
    asset = library.store_bytes(menu.account, samples.picture(1), name="海报.jpg").asset
    ours = [{"name": "海报", "type": "media_id", "asset": asset.pk}]
    menus.publish(menus.save(menu, ours, seen_version=0), by=None, now=timezone.now())
    menus.save(menu, [CLICK], seen_version=1)
    fetch(menu, seen=2)
    assert menu.buttons == ours
    assert not menus.is_unpublished(menu)


def test_where_there_is_none_nothing_is_lost(menu: Menu) -> None:
    with pytest.raises(menusync.NothingLive):
        fetch(menu)
    menu.refresh_from_db()
    assert menu.buttons == TREE


def test_somebody_elses_change_is_not_overwritten(menu: Menu, control: Control) -> None:
    control.post("/menu", appid=APPID, button=CONSOLE)
    menus.save(menu, [VIEW], seen_version=0)
    with pytest.raises(menus.MenuChanged):
        fetch(menu)


def test_menus_for_tags_come_along(menu: Menu, vip: Tag) -> None:
    now = timezone.now()
    menus.publish(menu, by=None, now=now)
    conditional = menus.publish(menus.create(menu.account, tag=vip, buttons=[VIEW]), by=None, now=now)
    Menu.objects.filter(pk=conditional.pk).delete()
    assert fetch(menu).added == 1
    found = Menu.objects.get(tag=vip)
    assert (found.buttons, found.menu_id, found.published) == ([VIEW], conditional.menu_id, [VIEW])


def test_one_for_a_tag_is_fetched_by_itself(menu: Menu, vip: Tag) -> None:
    now = timezone.now()
    menus.publish(menu, by=None, now=now)
    conditional = menus.publish(menus.create(menu.account, tag=vip, buttons=[VIEW]), by=None, now=now)
    menus.save(conditional, [CLICK], seen_version=0)
    fetch(conditional, seen=1)
    assert conditional.buttons == [VIEW]


def test_types_that_nobody_knows_are_kept_as_keys() -> None:
    live = [{"type": "finder", "name": "视频号"}, {"type": "video", "name": "片", "value": "https://v.qq.com/x"}]
    ours, notes = livemenu.adopt(live, assets={}, publications={})
    assert ours == [
        {"name": "视频号", "type": "click", "key": "menu-1"},
        {"name": "片", "type": "view", "url": "https://v.qq.com/x"},
    ]
    assert [note.path for note in notes] == [(0,), (1,)]


def test_differences_stand_side_by_side() -> None:
    lines = livemenu.differences(TREE, [CLICK, TREE[1] | {"sub_button": [CLICK]}, VIEW])
    changed = [(line.path, line.before, line.after) for line in lines if not line.is_same]
    assert changed == [
        ((1, 0), VIEW, CLICK),
        ((1, 1), TREE[1]["sub_button"][1], None),
        ((2,), None, VIEW),
    ]
