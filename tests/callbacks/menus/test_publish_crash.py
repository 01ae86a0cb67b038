"""A publishing whose end nobody saw: never twice, and what WeChat has is what the row says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from callbacks import menus, menusync
from callbacks.models import Menu
from followers.models import Tag
from tests.callbacks.menus.conftest import CLICK, TREE, VIEW, AtWeChat
from tests.simulator_control import Control
from wxcore.wechat.errors import NoAnswer

ADD, DELETE, CREATE = (f"/cgi-bin/menu/{verb}" for verb in ("addconditional", "delconditional", "create"))
LATER = dt.timedelta(hours=1)


class Killed(BaseException):
    """The worker is gone: nothing that it would have done is done."""


@pytest.fixture
def conditional(menu: Menu, vip: Tag) -> Menu:
    """A menu for a tag, published, and then changed."""
    publish(menu)
    made = publish(menus.create(menu.account, tag=vip, buttons=[VIEW]))
    return menus.save(made, [CLICK], seen_version=0)


def publish(menu: Menu, *, later: dt.timedelta = dt.timedelta()) -> Menu:
    return menus.publish(menu, by=None, now=timezone.now() + later)


def die(monkeypatch: pytest.MonkeyPatch, menu: Menu, step: str) -> None:
    """This will publish until `step`, and leave the row as a dead worker does: claimed."""

    def dead(*_args: Any, **_more: Any) -> None:
        raise Killed

    def leave(*_args: Any) -> None:
        """A dead worker gives nothing back."""

    with monkeypatch.context() as patched:
        patched.setattr(menus, step, dead)
        patched.setattr(menus.holding, "__exit__", leave)
        with pytest.raises(Killed):
            publish(menu)


@pytest.mark.parametrize("step", ["_request", "_delete_conditional", "_record"])
def test_whoever_comes_after_a_dead_worker_leaves_one_menu(
    monkeypatch: pytest.MonkeyPatch, conditional: Menu, at_wechat: AtWeChat, step: str
) -> None:
    die(monkeypatch, conditional, step)
    with pytest.raises(menus.MenuBusy):
        publish(conditional)
    publish(conditional, later=LATER)
    assert at_wechat()["conditional"] == {conditional.menu_id: [CLICK]}
    assert [version.buttons for version in conditional.versions.all()] == [[CLICK], [VIEW]]
    assert conditional.pending is None


@pytest.mark.parametrize(("step", "published"), [("_request", [VIEW]), ("_delete_conditional", [CLICK])])
def test_a_comparison_ends_what_a_dead_worker_began(
    monkeypatch: pytest.MonkeyPatch, conditional: Menu, at_wechat: AtWeChat, step: str, published: list[Any]
) -> None:
    die(monkeypatch, conditional, step)
    assert menusync.check_due(timezone.now() + LATER) == 1
    conditional.refresh_from_db()
    assert at_wechat()["conditional"] == {conditional.menu_id: published}
    assert (conditional.published, conditional.pending) == (published, None)


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_lost_answer_adds_no_second_menu(conditional: Menu, at_wechat: AtWeChat, control: Control, drop: str) -> None:
    control.fault(ADD, drop=drop)
    with pytest.raises(NoAnswer):
        publish(conditional)
    conditional.refresh_from_db()
    assert conditional.error_code
    publish(conditional)
    assert at_wechat()["conditional"] == {conditional.menu_id: [CLICK]}
    assert conditional.error_code == ""
    assert conditional.versions.count() == 2


def test_an_old_menu_that_could_not_be_deleted_is_deleted_later(
    conditional: Menu, at_wechat: AtWeChat, control: Control
) -> None:
    control.fault(DELETE, errcode=45009)
    with pytest.raises(Exception, match="45009"):
        publish(conditional)
    assert len(at_wechat()["conditional"]) == 2
    menusync.check(conditional.account, now=timezone.now())
    conditional.refresh_from_db()
    assert at_wechat()["conditional"] == {conditional.menu_id: [CLICK]}
    assert conditional.published == [CLICK]


def test_a_lost_answer_about_everybodys_menu_is_found_out(menu: Menu, at_wechat: AtWeChat, control: Control) -> None:
    control.fault(CREATE, drop="after")
    with pytest.raises(NoAnswer):
        publish(menu)
    menusync.check(menu.account, now=timezone.now())
    menu.refresh_from_db()
    assert at_wechat()["buttons"] == menu.published == TREE
    assert not menu.differs
    assert menu.versions.count() == 1
