"""Deleting a menu at WeChat, and here."""

from __future__ import annotations

import pytest
from django.utils import timezone

from callbacks import menus
from callbacks.models import Menu
from followers.models import Tag
from tests.callbacks.menus.conftest import CLICK, TREE, VIEW, AtWeChat
from tests.simulator_control import Control
from wxcore.wechat.errors import ApiError


@pytest.fixture
def conditional(menu: Menu, vip: Tag) -> Menu:
    menus.publish(menu, by=None, now=timezone.now())
    return menus.publish(menus.create(menu.account, tag=vip, buttons=[VIEW]), by=None, now=timezone.now())


def test_with_everybodys_menu_all_go_and_ours_stay(menu: Menu, conditional: Menu, at_wechat: AtWeChat) -> None:
    menus.take_down(menu, now=timezone.now())
    conditional.refresh_from_db()
    assert at_wechat() == {"buttons": [], "conditional": {}}
    assert (menu.published, menu.buttons) == (None, TREE)
    assert (conditional.published, conditional.menu_id, conditional.buttons) == (None, "", [VIEW])


def test_one_for_a_tag_goes_alone(menu: Menu, conditional: Menu, at_wechat: AtWeChat) -> None:
    menus.take_down(conditional, now=timezone.now())
    assert at_wechat() == {"buttons": TREE, "conditional": {}}


def test_one_that_wechat_no_longer_has_goes_too(conditional: Menu, control: Control) -> None:
    control.fault("/cgi-bin/menu/delconditional", errcode=65301)
    menus.remove(conditional, now=timezone.now())
    assert not Menu.objects.filter(pk=conditional.pk).exists()


def test_a_refusal_leaves_all_as_it_was(menu: Menu, conditional: Menu, control: Control) -> None:
    control.fault("/cgi-bin/menu/delete", errcode=45009)
    with pytest.raises(ApiError):
        menus.remove(menu, now=timezone.now())
    menu.refresh_from_db()
    assert menu.published == TREE
    assert menu.error_message


def test_one_that_was_never_published_goes_without_asking_wechat(menu: Menu, control: Control) -> None:
    menus.remove(menus.save(menu, [CLICK], seen_version=0), now=timezone.now())
    assert not Menu.objects.exists()
    assert "/cgi-bin/menu/delete" not in control.calls()["counts"]
