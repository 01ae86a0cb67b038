"""Our menus against WeChat's: what was changed behind our back is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from callbacks import menus, menusync
from callbacks.models import Menu
from callbacks.tasks import check_menus
from followers.models import Tag
from tests.callbacks.menus.conftest import CLICK, TREE, VIEW
from tests.conftest import APPID
from tests.simulator_control import Control


@pytest.fixture
def published(menu: Menu) -> Menu:
    return menus.publish(menu, by=None, now=timezone.now())


def compare(menu: Menu) -> Menu:
    menusync.compare(menu, now=timezone.now())
    return menu


def test_what_is_the_same_does_not_differ(published: Menu) -> None:
    assert not compare(published).differs


def test_a_change_in_the_console_is_seen(published: Menu, control: Control) -> None:
    control.post("/menu", appid=APPID, button=[{"type": "text", "name": "地址", "value": "北京"}])
    assert compare(published).differs
    assert published.live == [{"type": "text", "name": "地址", "value": "北京"}]


@pytest.mark.parametrize("button", [None, TREE])
def test_one_that_is_gone_or_switched_off_differs(published: Menu, control: Control, button: object) -> None:
    control.post("/menu", appid=APPID, button=button, is_open=False)
    assert compare(published).differs
    assert published.live is None


def test_one_that_is_there_before_ours_differs(menu: Menu, control: Control) -> None:
    assert not compare(menu).differs
    control.post("/menu", appid=APPID, button=[CLICK])
    assert compare(menu).differs


def test_what_is_only_saved_does_not_differ(published: Menu) -> None:
    menus.save(published, [CLICK], seen_version=0)
    assert not compare(published).differs


def test_publishing_again_ends_the_difference(published: Menu, control: Control) -> None:
    control.post("/menu", appid=APPID, button=[CLICK])
    compare(published)
    assert not menus.publish(published, by=None, now=timezone.now()).differs
    assert compare(published).live == TREE


def test_one_for_a_tag_that_was_deleted_there_differs(published: Menu, vip: Tag, control: Control) -> None:
    conditional = menus.publish(menus.create(published.account, tag=vip, buttons=[VIEW]), by=None, now=timezone.now())
    assert not compare(conditional).differs
    control.post("/menu", appid=APPID, button=None)
    assert compare(conditional).differs


def test_menus_for_tags_that_are_not_here_are_counted(published: Menu, vip: Tag, control: Control) -> None:
    conditional = menus.publish(menus.create(published.account, tag=vip, buttons=[VIEW]), by=None, now=timezone.now())
    Menu.objects.filter(pk=conditional.pk).delete()
    assert menusync.compare(published, now=timezone.now()) == 1


def test_the_task_compares_once_a_day(published: Menu, control: Control) -> None:
    control.post("/menu", appid=APPID, button=[CLICK])
    check_menus()
    published.refresh_from_db()
    assert not published.differs
    Menu.objects.update(checked_at=timezone.now() - dt.timedelta(days=2))
    check_menus()
    published.refresh_from_db()
    assert published.differs


def test_a_wechat_that_refuses_is_asked_again_tomorrow(published: Menu, control: Control) -> None:
    Menu.objects.update(checked_at=None)
    control.fault("/cgi-bin/get_current_selfmenu_info", errcode=48001)
    assert menusync.check_due(timezone.now()) == 1
    published.refresh_from_db()
    assert published.error_code == "wechat_not_authorized"
    assert menusync.check_due(timezone.now()) == 0
