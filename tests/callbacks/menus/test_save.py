"""Saving a menu: finished or not, and never over somebody else's."""

from __future__ import annotations

import pytest

from callbacks import menus
from callbacks.buttons import MalformedMenu
from callbacks.models import Menu
from followers.models import Tag
from tests.callbacks.menus.conftest import CLICK, TREE, VIEW
from wxcore.models import OfficialAccount


def test_the_buttons_are_kept_and_the_version_goes_on(menu: Menu) -> None:
    menus.save(menu, [CLICK], seen_version=0)
    assert (menu.buttons, menu.version) == ([CLICK], 1)


def test_an_unfinished_menu_is_kept(menu: Menu) -> None:
    menus.save(menu, [{"name": ""}], seen_version=0)
    assert menu.buttons == [{"name": ""}]


def test_what_is_unchanged_makes_no_version(menu: Menu) -> None:
    assert menus.save(menu, TREE, seen_version=0).version == 0


def test_the_repetition_of_a_save_changes_nothing(menu: Menu) -> None:
    menus.save(menu, [CLICK], seen_version=0)
    assert menus.save(menu, [CLICK], seen_version=0).version == 1


def test_somebody_elses_change_is_not_overwritten(menu: Menu) -> None:
    menus.save(Menu.objects.get(pk=menu.pk), [VIEW], seen_version=0)
    with pytest.raises(menus.MenuChanged):
        menus.save(menu, [CLICK], seen_version=0)
    assert Menu.objects.get(pk=menu.pk).buttons == [VIEW]


def test_nonsense_leaves_all_as_it_was(menu: Menu) -> None:
    with pytest.raises(MalformedMenu):
        menus.save(menu, "buttons", seen_version=0)


def test_one_for_a_tag_begins_as_everybodys(menu: Menu, tag: Tag) -> None:
    conditional = menus.create(menu.account, tag=tag)
    assert conditional.is_conditional
    assert conditional.buttons == TREE


def test_there_is_one_for_everybody_and_one_for_a_tag(account: OfficialAccount, tag: Tag) -> None:
    for wanted in (None, tag):
        menus.create(account, tag=wanted)
        with pytest.raises(menus.MenuExists):
            menus.create(account, tag=wanted)
