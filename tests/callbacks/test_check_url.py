"""WeChat checks the callback's address with a GET, and wants its own word back."""

from __future__ import annotations

import pytest

from tests.callbacks.sender import Sender
from wxcore.models import OfficialAccount

pytestmark = pytest.mark.django_db

ECHO = "4375120948345356249"


def test_the_word_comes_back_raw(wechat: Sender) -> None:
    answer = wechat.get()

    assert (answer.status_code, answer.content) == (200, ECHO.encode())
    assert answer["Content-Type"].startswith("text/plain")


def test_a_published_example_is_accepted(account: OfficialAccount, wechat: Sender, settings) -> None:
    settings.CALLBACK_MAX_AGE_SECONDS = 0
    OfficialAccount.objects.update(token="AAAAA")
    example = {"timestamp": "1714036504", "nonce": "1514711492"}

    answer = wechat.get(**example, signature="f464b24fc39322e44b38aa78f5edd27bd1441696")

    assert answer.content == ECHO.encode()


@pytest.mark.parametrize("signature", ["0" * 40, "é" * 40, "x", "F464B24FC39322E44B38AA78F5EDD27BD1441696"])
def test_a_wrong_signature_is_refused(wechat: Sender, signature: str) -> None:
    answer = wechat.get(signature=signature)

    assert (answer.status_code, answer.content) == (403, b"wrong_signature")


def test_another_token_is_refused(wechat: Sender) -> None:
    assert wechat.but(token="guessed").get().status_code == 403


@pytest.mark.parametrize("name", ["signature", "timestamp", "nonce"])
def test_a_missing_parameter_is_refused(wechat: Sender, name: str) -> None:
    answer = wechat.client.get(wechat.path, {key: value for key, value in wechat.query().items() if key != name})

    assert (answer.status_code, answer.content) == (400, b"missing_parameter")


def test_nothing_signed_is_nothing_echoed(wechat: Sender) -> None:
    answer = wechat.get(signature="0" * 40, echostr="<script>")

    assert b"script" not in answer.content


def test_an_account_in_safe_mode_is_checked_the_same_way(account: OfficialAccount, wechat: Sender) -> None:
    OfficialAccount.objects.update(message_mode="safe")

    assert wechat.get().content == ECHO.encode()
