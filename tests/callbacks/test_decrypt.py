"""In compatible and safe mode only what is encrypted and signed counts."""

from __future__ import annotations

import pytest

from callbacks.inbox import forget_mailboxes
from callbacks.models import Callback
from tests.callbacks.sender import AES_KEY, PREVIOUS_AES_KEY, Sender, sign
from tests.wechat.pushes import event
from wxcore.models import MessageMode, OfficialAccount

pytestmark = pytest.mark.django_db

SUBSCRIBE = event("subscribe")


@pytest.fixture(params=[MessageMode.COMPATIBLE, MessageMode.SAFE])
def wechat(request: pytest.FixtureRequest, account: OfficialAccount) -> Sender:
    account.message_mode, account.aes_key, account.previous_aes_key = request.param, AES_KEY, PREVIOUS_AES_KEY
    account.save()
    return Sender()


def test_the_row_holds_the_clear_text(wechat: Sender) -> None:
    assert wechat.post_encrypted(SUBSCRIBE).content == b"success"

    assert Callback.objects.get().body.encode() == SUBSCRIBE


def test_the_previous_key_is_read_too(wechat: Sender) -> None:
    assert wechat.but(key=PREVIOUS_AES_KEY).post_encrypted(SUBSCRIBE).content == b"success"

    assert Callback.objects.get().event == "subscribe"


def test_the_previous_key_is_no_longer_read_when_removed(wechat: Sender, account: OfficialAccount) -> None:
    account.previous_aes_key = ""
    account.save()
    forget_mailboxes()

    assert wechat.but(key=PREVIOUS_AES_KEY).post_encrypted(SUBSCRIBE).content == b"unreadable"


def test_plain_fields_beside_the_encrypted_part_do_not_count(wechat: Sender) -> None:
    forged = "<FromUserName>oForged</FromUserName><Event>unsubscribe</Event>"

    wechat.post_encrypted(SUBSCRIBE, plain_fields=forged)

    assert Callback.objects.values_list("openid", "event").get() == ("oU1", "subscribe")


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({"key": "0" * 43}, 400, b"unreadable"),
        ({"appid": "wx9999999999999999"}, 400, b"unreadable"),
        ({"appid": ""}, 400, b"unreadable"),
        ({"token": "guessed"}, 403, b"wrong_signature"),
    ],
)
def test_a_stranger_is_refused(wechat: Sender, change: dict[str, str], status: int, reason: bytes) -> None:
    answer = wechat.but(**change).post_encrypted(SUBSCRIBE)

    assert (answer.status_code, answer.content) == (status, reason)
    assert not Callback.objects.exists()


def test_a_wrong_signature_of_the_message_is_refused(wechat: Sender) -> None:
    assert wechat.post_encrypted(SUBSCRIBE, msg_signature="0" * 40).status_code == 403


def test_the_signature_of_the_query_does_not_stand_for_the_message(wechat: Sender) -> None:
    assert wechat.post_encrypted(SUBSCRIBE, msg_signature=wechat.query()["signature"]).status_code == 403


def test_a_message_without_its_signature_is_refused(wechat: Sender) -> None:
    assert wechat.post_encrypted(SUBSCRIBE, msg_signature=None).content == b"missing_parameter"


def test_a_plain_push_is_refused(wechat: Sender) -> None:
    assert wechat.post(SUBSCRIBE).content == b"unreadable"


@pytest.mark.parametrize("ciphertext", ["", "AAAA", "not base64!", "A" * 64, "%"])
def test_nonsense_is_refused(wechat: Sender, ciphertext: str) -> None:
    body = f"<xml><Encrypt><![CDATA[{ciphertext}]]></Encrypt></xml>".encode()
    signed = sign(wechat.token, wechat.timestamp, wechat.nonce, ciphertext)

    answer = wechat.post(body, msg_signature=signed)

    assert (answer.status_code, answer.content) == (400, b"unreadable")
