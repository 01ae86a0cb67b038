"""The access token in the database: one for all processes, and worthless when the credentials change."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.models import User

from tests.e2e import databases
from tests.simulator_control import Control
from tests.wechat.token_store_contract import LEASE, TokenStoreContract
from wxcore import accounts, attention
from wxcore.errors import OperatorError
from wxcore.models import OfficialAccount
from wxcore.tokens import DatabaseTokenStore
from wxcore.wechat.tokens import StoredToken

TOKEN_CALL = "/cgi-bin/stable_token"
PROCESS = """
import sys
import django
django.setup()
from wxcore import accounts
from wxcore.models import OfficialAccount
account = OfficialAccount.objects.get()
print("ready", flush=True)
sys.stdin.readline()
with accounts.connect(account) as wechat:
    print(wechat.users.list_openids().total)
"""


@pytest.mark.django_db(transaction=True)
class TestDatabaseTokenStore(TokenStoreContract):
    @pytest.fixture
    def store(self, account: OfficialAccount) -> DatabaseTokenStore:
        return DatabaseTokenStore(account)


@pytest.mark.django_db
def test_a_refused_secret_stays_on_record_until_there_is_a_token(
    wechat_account: OfficialAccount, admin_user: User
) -> None:
    right, wechat_account.secret = wechat_account.secret, "wrong" * 6
    wechat_account.save()
    with pytest.raises(OperatorError), accounts.connect(wechat_account) as wechat:
        wechat.diagnostics.check_token()

    (item,) = attention.found(admin_user)
    assert item.kind == "token_trouble"
    assert "AppSecret" in item.message + item.fix

    wechat_account.secret = right
    wechat_account.save()
    with accounts.connect(wechat_account) as wechat:
        wechat.diagnostics.check_token()
    assert attention.found(admin_user) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secret", "another"),
        ("appid", "wxanother00000001"),
        ("token_endpoint", "token"),
        ("api_base_url", "https://api.weixin.qq.com"),
    ],
)
def test_a_changed_account_discards_the_token(account: OfficialAccount, name: str, value: str) -> None:
    before = DatabaseTokenStore(account)
    before.claim(holder="a", lease_seconds=LEASE)
    before.save(StoredToken("old", 4_000_000_000.0), holder="a")
    setattr(account, name, value)

    after = DatabaseTokenStore(account)

    assert after.load() is None
    assert after.claim(holder="b", lease_seconds=LEASE)
    assert before.load() is None


@pytest.mark.django_db
def test_who_still_has_the_old_secret_cannot_store_its_token(account: OfficialAccount) -> None:
    before = DatabaseTokenStore(account)
    before.claim(holder="a", lease_seconds=LEASE)
    account.secret = "another"
    after = DatabaseTokenStore(account)
    after.claim(holder="b", lease_seconds=LEASE)

    before.save(StoredToken("old", 4_000_000_000.0), holder="a")

    assert after.load() is None


@pytest.mark.django_db
def test_one_token_serves_many_connections(wechat_account: OfficialAccount, control: Control) -> None:
    for _ in range(3):
        with accounts.connect(wechat_account) as wechat:
            wechat.tags.list()

    assert control.calls()["counts"][TOKEN_CALL] == 1


@pytest.mark.django_db(transaction=True)
def test_eight_processes_fetch_one_token(wechat_account: OfficialAccount, control: Control) -> None:
    environment = os.environ | {
        "DATABASE_URL": databases.url(),
        "DJANGO_SETTINGS_MODULE": "wxcore.settings",
    }
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started = [
        subprocess.Popen([sys.executable, "-c", PROCESS], cwd=settings.BASE_DIR, env=environment, **pipes)
        for _ in range(8)
    ]
    try:
        assert [process.stdout.readline() for process in started] == ["ready\n"] * 8
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [process.communicate(timeout=30)[0] for process in started] == ["0\n"] * 8
    finally:
        for process in started:
            process.kill()
            process.wait()
    counts = control.calls()["counts"]
    assert (counts[TOKEN_CALL], counts["/cgi-bin/user/get"]) == (1, 8)
