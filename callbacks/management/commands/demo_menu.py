"""`manage.py demo_menu`: the demo account's menu, published at the running simulator."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from callbacks import menus
from callbacks.models import Menu
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount

BUTTONS: list[dict[str, Any]] = [
    {
        "name": "会员福利",
        "sub_button": [
            {"name": "今日优惠", "type": "click", "key": "today"},
            {"name": "会员中心", "type": "view", "url": "https://example.com/member"},
            {"name": "领取优惠券", "type": "view", "url": "https://example.com/coupons"},
        ],
    },
    {"name": "商城", "type": "view", "url": "https://example.com/shop"},
    {
        "name": "联系我们",
        "sub_button": [
            {"name": "在线客服", "type": "click", "key": "service"},
            {"name": "附近门店", "type": "location_select", "key": "stores"},
            {"name": "扫码查真伪", "type": "scancode_waitmsg", "key": "genuine"},
            {"name": "晒单有礼", "type": "pic_photo_or_album", "key": "share"},
        ],
    },
]


class Command(BaseCommand):
    help = "Make the demo account's menu, and publish it: the simulator forgets it when it stops."

    def handle(self, *args: Any, **options: Any) -> None:
        account = OfficialAccount.objects.filter(slug="demo").first()
        if account is None:
            return
        menu = Menu.objects.filter(account=account, is_conditional=False).first()
        if menu is None:
            menu = menus.create(account, tag=None, buttons=BUTTONS)
        elif menu.published is None:
            return  # somebody took it down
        try:
            menus.publish(menu, by=None, now=timezone.now())
        except OperatorError as error:
            self.stderr.write(str(error))  # the menu stays to be published by hand
