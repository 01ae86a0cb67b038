"""`manage.py demo_data`: an account bound to the simulator, its followers, a login, ready campaigns."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from campaigns.management import demo_content, demo_history, seeds
from campaigns.models import Campaign
from followers import services
from followers.models import Sync
from wxcore.models import Membership, OfficialAccount

SLUG = "demo"
APPID = "wxdemo0123456789ab"
ORIGINAL_ID = "gh_demo01234567"
LOGIN = "demo"
STAFF = ("editor", "approver", "operator", "analyst")
TAGS = [{"name": "VIP会员", "share": 0.08}, {"name": "北京", "share": 0.2}, {"name": "新朋友", "share": 0.3}]
NAME = "双十二会员日预告"
TEXT = (
    "【双十二会员日】12月12日全场满300减60，会员折上9折！\n"
    "当天20点直播间抽取10位免单，记得准时来～\n"
    '<a href="https://example.com/1212">点这里看活动详情</a>'
)


class Command(BaseCommand):
    help = "Create the demo account, bound to a running simulator. What exists already is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--simulator", required=True, help="its URL")
        parser.add_argument("--site", required=True, help="our own URL, where the simulator posts callbacks")
        parser.add_argument("--followers", type=int, default=5000)
        parser.add_argument("--history", action="store_true", help="with a campaign that was sent last week")

    def handle(self, *args: Any, simulator: str, site: str, followers: int, history: bool, **options: Any) -> None:
        account, created = self._account(simulator)
        self._bind(account, simulator, site, followers)
        self._login()
        if created and history:
            demo_history.create(account, simulator=simulator)
        if created:
            self._staff(account)
            demo_content.create(account)
            Campaign.objects.create(account=account, name=NAME, text=TEXT)
            seeds.plant(account)
        if not Sync.objects.filter(account=account).exists():
            services.request_sync(account, now=timezone.now())

    def _account(self, simulator: str) -> tuple[OfficialAccount, bool]:
        account, created = OfficialAccount.objects.get_or_create(
            slug=SLUG,
            defaults={
                "name": "示例服务号",
                "appid": APPID,
                "original_id": ORIGINAL_ID,
                "secret": secrets.token_hex(16),
                "token": secrets.token_hex(12),
                "api_base_url": simulator,
                "allow_self_approval": True,
            },
        )
        if account.api_base_url != simulator:
            account.api_base_url = simulator
            account.save(update_fields=["api_base_url", "updated_at"])
        return account, created

    def _bind(self, account: OfficialAccount, simulator: str, site: str, followers: int) -> None:
        """The simulator forgets everything when it stops; the same seed makes the same followers."""
        for verb, body in introduction(account, site, followers).items():
            self._tell(simulator, verb, body)

    def _tell(self, simulator: str, verb: str, body: dict[str, Any]) -> None:
        try:
            response = requests.post(f"{simulator}/_sim/{verb}", json=body, timeout=30)
        except requests.RequestException as error:
            raise CommandError(f"The simulator at {simulator} does not answer ({type(error).__name__}).") from None
        if not response.ok:
            raise CommandError(f"The simulator refused {verb}: {response.text}")

    def _staff(self, account: OfficialAccount) -> None:
        """Somebody of each role, whose password is their name: they have nothing but this account."""
        for role in Group.objects.filter(name__in=STAFF):
            user, made = User.objects.get_or_create(username=role.name, defaults={"is_staff": True})
            if made:
                user.set_password(role.name)
                user.save(update_fields=["password"])
                Membership.objects.create(account=account, user=user, role=role)

    def _login(self) -> None:
        """The password is made once and kept beside the database, for `run` to print."""
        path = login_file()
        if not User.objects.filter(username=LOGIN).exists():
            password = secrets.token_urlsafe(9)
            User.objects.create_superuser(LOGIN, password=password)
            path.touch(mode=0o600)
            path.write_text(json.dumps({"username": LOGIN, "password": password}))


def introduction(account: OfficialAccount, site: str, followers: int) -> dict[str, dict[str, Any]]:
    """This will be what the simulator is told of the account, by the door below /_sim/ that takes it."""
    known = {
        "appid": account.appid,
        "secret": str(account.secret),
        "name": account.name,
        "kind": account.kind,
        "verified": account.is_verified,
        "original_id": account.original_id,
        "callback_url": site + account.callback_path,
        "token": str(account.token),
        "mode": account.message_mode,
        "encoding_aes_key": str(account.aes_key),
    }
    people = {
        "appid": account.appid,
        "count": followers,
        "tags": TAGS,
        "refusing_share": 0.01,
        "told_share": 0.3,
        "recent_share": 0.08,
    }
    return {"accounts": known, "followers": people}


def login_file() -> Path:
    return settings.DATA_DIR / "demo-login.json"
