"""`manage.py account`: accounts from the shell."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.conftest import APPID, SECRET
from tests.simulator_control import Control
from wxcore.models import Kind, OfficialAccount

pytestmark = pytest.mark.django_db

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WECHAT_SECRET", SECRET)
    monkeypatch.setenv("WECHAT_TOKEN", "callbacktoken")
    monkeypatch.setenv("WECHAT_AES_KEY", AES_KEY)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("account", *arguments, stdout=out)
    return out.getvalue()


def test_add_stores_an_account(db: None) -> None:
    told = run("add", "shop", "--appid", APPID, "--kind", "subscription", "--unverified", "--name", "小店")

    account = OfficialAccount.objects.get()
    assert (account.slug, account.name, account.kind, account.is_verified) == ("shop", "小店", Kind.SUBSCRIPTION, False)
    assert (account.secret, account.token, account.aes_key) == (SECRET, "callbacktoken", "")
    assert "/wechat/shop/" in told


def test_add_takes_the_key_of_safe_mode() -> None:
    run("add", "shop", "--appid", APPID, "--mode", "safe")

    assert OfficialAccount.objects.get().aes_key == AES_KEY


def test_add_shows_no_secret() -> None:
    told = run("add", "shop", "--appid", APPID, "--mode", "safe") + run("list")

    assert [text for text in (SECRET, "callbacktoken", AES_KEY) if text in told] == []


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        (("shop", "--appid", "gh_1"), "appid"),
        (("no slug!", "--appid", APPID), "slug"),
        (("shop", "--appid", APPID, "--api-base-url", "http://api.weixin.qq.com"), "api_base_url"),
    ],
)
def test_add_names_what_is_wrong(arguments: tuple[str, ...], field: str) -> None:
    with pytest.raises(CommandError, match=field):
        run("add", *arguments)

    assert not OfficialAccount.objects.exists()


@pytest.mark.parametrize(
    ("variable", "value", "field"),
    [
        ("WECHAT_TOKEN", "a b", "token"),
        ("WECHAT_TOKEN", "x" * 33, "token"),
        ("WECHAT_AES_KEY", "short", "aes_key"),
        ("WECHAT_AES_KEY", AES_KEY + "=", "aes_key"),
    ],
)
def test_add_refuses_what_would_fail_at_every_push(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, field: str
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(CommandError, match=field):
        run("add", "shop", "--appid", APPID, "--mode", "safe")


def test_add_refuses_a_slug_that_is_taken(account: OfficialAccount) -> None:
    with pytest.raises(CommandError, match="slug"):
        run("add", account.slug, "--appid", "wx9999999999999999")


def test_list_shows_every_account(account: OfficialAccount) -> None:
    OfficialAccount.objects.create(
        name="旧号", slug="old", appid="wxold000000000001", secret="s", token="t", is_active=False
    )

    first, second = run("list").splitlines()

    assert first.startswith("old")
    assert first.endswith("(switched off)")
    assert (second.split()[0], account.appid in second) == ("test", True)


def test_list_says_how_to_begin() -> None:
    assert "manage.py account add" in run("list")


def test_list_needs_no_secret_and_check_says_when_it_cannot_be_read(account: OfficialAccount) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE wxcore_officialaccount SET secret = 'written with a lost key'")

    assert "test" in run("list")
    with pytest.raises(CommandError, match="attention"):
        run("check", "test")


def test_check_of_a_healthy_account(wechat_account: OfficialAccount, control: Control) -> None:
    control.followers(APPID, 7)

    told = run("check", "test")

    assert (told.count("ok "), "ERROR" in told) == (4, False)
    assert "7" in told
    assert "/wechat/test/" in told


def test_check_of_all_goes_on_after_a_bad_one(wechat_account: OfficialAccount) -> None:
    OfficialAccount.objects.create(
        name="A", slug="a", appid="wxa0000000000001", secret="s", token="t", api_base_url="http://127.0.0.1:9"
    )
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("account", "check", stdout=out)

    assert "(test)" in out.getvalue()
    assert out.getvalue().index("(a)") < out.getvalue().index("(test)")


def test_check_of_a_slug_that_nobody_has(account: OfficialAccount) -> None:
    with pytest.raises(CommandError, match="nobody"):
        run("check", "nobody")
