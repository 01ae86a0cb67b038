"""What every test may ask for: an account at the simulator, followers, a campaign, people who log in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from callbacks.inbox import forget_mailboxes
from campaigns.models import Audience, Campaign
from followers.models import Follower, Tag, Tagging
from tests.simulator_control import Control
from wxcore import live
from wxcore.models import OfficialAccount
from wxcore.webhooks import forget_subscribers

pytest_plugins = ["tests.plugins_browser", "tests.plugins_simulator"]

APPID = "wx0123456789abcdef"
SECRET = "0123456789abcdef0123456789abcdef"
TOKEN = "callbacktoken"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    yield
    forget_mailboxes()
    forget_subscribers()


@pytest.fixture(autouse=True)
def _no_reader_left() -> Iterator[None]:
    """The reader of the live streams lingers, and would ask the database of the next test."""
    yield
    reader = live.hub._thread
    if reader is not None:
        live.hub.stop()
        reader.join(10)
        live.hub._stopping = False


@pytest.fixture(autouse=True)
def _cheap_passwords(settings: Any) -> None:
    """A real hash is slow on purpose, and nearly every test makes somebody who logs in."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now()


@pytest.fixture
def account(db: None) -> OfficialAccount:
    """A verified service account whose WeChat nobody can reach."""
    return OfficialAccount.objects.create(
        name="测试服务号",
        slug="test",
        appid=APPID,
        secret=SECRET,
        token=TOKEN,
        original_id="gh_test00000001",
        api_base_url="http://127.0.0.1:9",
        allow_self_approval=True,
    )


@pytest.fixture
def wechat_account(account: OfficialAccount, control: Control) -> OfficialAccount:
    """The account, known to the running simulator; its callback goes nowhere."""
    account.api_base_url = control.url
    account.save()
    control.account(APPID, secret=SECRET, kind="service", verified=True, token=TOKEN, original_id=account.original_id)
    return account


@pytest.fixture
def make_followers(account: OfficialAccount) -> Callable[..., list[Follower]]:
    """`make_followers(3, tag=...)`: followers with readable openids."""

    def make(count: int, *, tag: Tag | None = None, **fields: Any) -> list[Follower]:
        start = Follower.objects.count()
        defaults = {"account": account, "confirmed_at": timezone.now(), "subscribed": True} | fields
        followers = Follower.objects.bulk_create(
            Follower(openid=f"oTest{start + number:023d}", **defaults) for number in range(count)
        )
        if tag is not None:
            Tagging.objects.bulk_create(
                Tagging(tag=tag, follower=follower, confirmed_at=timezone.now()) for follower in followers
            )
        return followers

    return make


@pytest.fixture
def tag(account: OfficialAccount) -> Tag:
    return Tag.objects.create(account=account, tag_id=127, name="VIP", count=2)


@pytest.fixture
def campaign(account: OfficialAccount) -> Campaign:
    """A draft to everybody."""
    return Campaign.objects.create(account=account, name="新品", text="你好，群发 👋", audience=Audience.ALL)


@pytest.fixture
def admin_user(db: None) -> User:
    return User.objects.create_superuser("boss", password="boss-password")


@pytest.fixture
def staff_user(db: None) -> User:
    """May log in, and nothing else."""
    return User.objects.create_user("staff", password="staff-password", is_staff=True)


@pytest.fixture
def admin_client(admin_user: User) -> Client:
    client = Client()
    client.force_login(admin_user)
    return client


@pytest.fixture
def api(admin_user: User) -> APIClient:
    client = APIClient()
    client.force_login(admin_user)
    return client
