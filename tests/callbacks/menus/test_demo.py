"""The demo account's menu, which the simulator forgets when it stops."""

from __future__ import annotations

from django.core.management import call_command

from callbacks.management.commands.demo_menu import BUTTONS
from callbacks.models import Menu
from tests.callbacks.menus.conftest import AtWeChat
from tests.conftest import APPID
from tests.simulator_control import Control
from wxcore.models import OfficialAccount


def test_it_is_published_again_after_every_start(
    wechat_account: OfficialAccount, control: Control, at_wechat: AtWeChat
) -> None:
    wechat_account.slug = "demo"
    wechat_account.save()
    call_command("demo_menu")
    control.post("/menu", appid=APPID, button=None)
    call_command("demo_menu")
    assert at_wechat()["buttons"] == BUTTONS
    assert not Menu.objects.get().differs


def test_without_the_demo_account_nothing_happens(wechat_account: OfficialAccount) -> None:
    call_command("demo_menu")
    assert not Menu.objects.exists()
