"""Secrets are encrypted at rest, survive a change of keys, and appear nowhere."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet
from django.db import connection
from django.db.models import Model
from pytest_django import Settings

from tests.conftest import APPID, SECRET, TOKEN
from tests.simulator_control import Control
from wxcore import accounts
from wxcore.fields import SecretUnreadable
from wxcore.logs import RedactingFormatter
from wxcore.models import AccessToken, OfficialAccount
from wxcore.wechat.errors import WeChatError

pytestmark = pytest.mark.django_db

AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


@pytest.fixture
def secretive(wechat_account: OfficialAccount) -> OfficialAccount:
    """The account with both keys, as the database gives it."""
    wechat_account.aes_key = wechat_account.previous_aes_key = AES_KEY
    wechat_account.save()
    return OfficialAccount.objects.get()


def rows(model: type[Model]) -> str:
    """This will be a table as it lies on the disk."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608 - no value is pasted in
        return repr(cursor.fetchall())


def test_the_database_holds_no_clear_text(secretive: OfficialAccount) -> None:
    stored = rows(OfficialAccount)

    assert APPID in stored
    assert [text for text in (SECRET, TOKEN, AES_KEY) if text in stored] == []


def test_an_access_token_is_encrypted_too(secretive: OfficialAccount) -> None:
    with accounts.connect(secretive) as wechat:
        wechat.tags.list()

    assert AccessToken.objects.get().value not in rows(AccessToken)


def test_they_come_back_as_they_were(secretive: OfficialAccount) -> None:
    assert (secretive.secret, secretive.token, secretive.aes_key) == (SECRET, TOKEN, AES_KEY)


def test_they_do_not_show_in_a_repr(secretive: OfficialAccount) -> None:
    told = repr(secretive) + repr(vars(secretive)) + str(secretive)

    assert [text for text in (SECRET, TOKEN, AES_KEY) if text in told] == []


def test_a_new_key_reads_what_the_old_one_wrote(secretive: OfficialAccount, settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), *settings.ENCRYPTION_KEYS]

    assert OfficialAccount.objects.get().secret == SECRET


def test_saving_moves_to_the_new_key(secretive: OfficialAccount, settings: Settings) -> None:
    new = Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [new, *settings.ENCRYPTION_KEYS]
    OfficialAccount.objects.get().save()

    settings.ENCRYPTION_KEYS = [new]

    assert OfficialAccount.objects.get().secret == SECRET


def test_a_lost_key_is_said_and_not_guessed(secretive: OfficialAccount, settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

    account = OfficialAccount.objects.get()

    with pytest.raises(SecretUnreadable, match="ENCRYPTION_KEYS"):
        _ = account.secret


def test_an_unreadable_secret_survives_the_saving_of_other_columns(
    secretive: OfficialAccount, settings: Settings
) -> None:
    good = settings.ENCRYPTION_KEYS
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    account = OfficialAccount.objects.get()
    account.name = "renamed"
    account.save(update_fields=["name"])

    settings.ENCRYPTION_KEYS = good
    assert OfficialAccount.objects.get(name="renamed").secret == SECRET


def refuse(control: Control) -> None:
    control.account(APPID, secret="changed")


def rate(control: Control) -> None:
    control.fault("/cgi-bin/tags/get", errcode=48001)


def hang_up(control: Control) -> None:
    control.fault("*", drop="before", times=9)


@pytest.mark.parametrize("spoil", [refuse, rate, hang_up])
@pytest.mark.parametrize("endpoint", ["stable_token", "token"])
def test_a_failing_call_tells_nothing(
    secretive: OfficialAccount,
    control: Control,
    caplog: pytest.LogCaptureFixture,
    spoil: Callable[[Control], None],
    endpoint: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    secretive.token_endpoint = endpoint
    spoil(control)

    with pytest.raises(WeChatError) as caught, accounts.connect(secretive) as wechat:
        wechat.tags.list()

    told = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + str(caught.value) + caplog.text
    tokens = [token.value for token in AccessToken.objects.exclude(value="")] if spoil is rate else []
    assert [text for text in (SECRET, TOKEN, AES_KEY, *tokens) if text in told] == []


@pytest.mark.parametrize(
    "text",
    [
        "GET /cgi-bin/user/get?access_token=92_abc&next_openid= HTTP/1.1",
        '{"grant_type": "client_credential", "secret": "92_abc"}',
        "{'appsecret': '92_abc'}",
        "AppSecret=92_abc",
        "EncodingAESKey: 92_abc",
        "password=92_abc",
    ],
)
def test_a_log_line_hides_what_names_itself_a_secret(text: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "x", 1, "said %s", (text,), None)

    line = RedactingFormatter("%(message)s").format(record)

    assert "92_abc" not in line
    assert "***" in line


def test_a_log_hides_secrets_in_a_traceback(account: OfficialAccount) -> None:
    try:
        raise ValueError("https://api.weixin.qq.com/cgi-bin/token?appid=wx1&secret=92_abc")
    except ValueError as error:
        record = logging.LogRecord("x", logging.ERROR, "x", 1, "broke", (), (type(error), error, error.__traceback__))

    line = RedactingFormatter("%(message)s").format(record)

    assert "appid=wx1&secret=***" in line


def test_the_site_logs_through_that_formatter(settings: Settings) -> None:
    formatters = {handler.get("formatter") for handler in settings.LOGGING["handlers"].values()}

    assert [settings.LOGGING["formatters"][name]["()"] for name in formatters] == ["wxcore.logs.RedactingFormatter"]
