"""In compatible and safe mode only what is encrypted and signed counts."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from callbacks.inbox import forget_mailboxes
from callbacks.models import Callback
from tests.callbacks.sender import AES_KEY, PREVIOUS_AES_KEY, Sender, encrypt, sign
from tests.conftest import APPID
from tests.wechat.pushes import event
from wxcore.models import MessageMode, OfficialAccount
from wxcore.wechat import crypto

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

    assert wechat.but(key=PREVIOUS_AES_KEY).post_encrypted(SUBSCRIBE).status_code == 403


def test_plain_fields_beside_the_encrypted_part_do_not_count(wechat: Sender) -> None:
    forged = "<FromUserName>oForged</FromUserName><Event>unsubscribe</Event>"

    wechat.post_encrypted(SUBSCRIBE, plain_fields=forged)

    assert Callback.objects.values_list("openid", "event").get() == ("oU1", "subscribe")


def post_ciphertext(wechat: Sender, ciphertext: str) -> Any:
    """A push that is signed well, whatever is inside."""
    body = f"<xml><Encrypt><![CDATA[{ciphertext}]]></Encrypt></xml>".encode()
    return wechat.post(body, msg_signature=sign(wechat.token, wechat.timestamp, wechat.nonce, ciphertext))


def with_padding(last: int) -> str:
    """The same message, but for the last byte of its padding."""
    secret = base64.b64decode(AES_KEY + "=")
    data = base64.b64decode(encrypt(SUBSCRIBE, key=AES_KEY, appid=APPID))
    cipher = Cipher(algorithms.AES(secret), modes.CBC(secret[:16]))
    decryptor, encryptor = cipher.decryptor(), cipher.encryptor()
    frame = decryptor.update(data) + decryptor.finalize()
    return base64.b64encode(encryptor.update(frame[:-1] + bytes([last])) + encryptor.finalize()).decode()


FORGERIES: dict[str, Callable[[Sender], Any]] = {
    "another key": lambda s: s.but(key="0" * 43).post_encrypted(SUBSCRIBE),
    "another appid": lambda s: s.but(appid="wx9999999999999999").post_encrypted(SUBSCRIBE),
    "a longer appid": lambda s: s.but(appid=f"{APPID}x").post_encrypted(SUBSCRIBE),
    "no appid": lambda s: s.but(appid="").post_encrypted(SUBSCRIBE),
    "another token": lambda s: s.but(token="guessed").post_encrypted(SUBSCRIBE),
    "a wrong signature": lambda s: s.post_encrypted(SUBSCRIBE, msg_signature="0" * 40),
    "the signature of the query": lambda s: s.post_encrypted(SUBSCRIBE, msg_signature=s.query()["signature"]),
    "padding of 0": lambda s: post_ciphertext(s, with_padding(0)),
    "padding of 33": lambda s: post_ciphertext(s, with_padding(33)),
    "padding of 255": lambda s: post_ciphertext(s, with_padding(255)),
    "too little padding": lambda s: post_ciphertext(s, with_padding(1)),
    "half a block": lambda s: post_ciphertext(s, "AAAA"),
    "one block": lambda s: post_ciphertext(s, "A" * 22 + "=="),
    "four blocks": lambda s: post_ciphertext(s, "A" * 64),
    "no base64": lambda s: post_ciphertext(s, "not base64!"),
    "no ASCII": lambda s: post_ciphertext(s, "é"),
    "a sign of the URL": lambda s: post_ciphertext(s, "%"),
}


@pytest.fixture(params=FORGERIES.values(), ids=FORGERIES.keys())
def forgery(request: pytest.FixtureRequest) -> Callable[[Sender], Any]:
    return request.param


def test_every_forgery_is_refused_with_the_same_word(wechat: Sender, forgery: Callable[[Sender], Any]) -> None:
    answer = forgery(wechat)

    assert (answer.status_code, answer.content) == (403, b"wrong_signature")
    assert not Callback.objects.exists()


def test_every_forgery_costs_the_same_work(
    wechat: Sender, forgery: Callable[[Sender], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    work: list[str] = []
    for name in ("signature_matches", "decrypt"):
        monkeypatch.setattr(crypto, name, counted(getattr(crypto, name), name, work))

    forgery(wechat)

    assert sorted(work) == ["decrypt", "decrypt", "signature_matches"]  # the current key and the previous one


def counted(function: Callable[..., Any], name: str, work: list[str]) -> Callable[..., Any]:
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        work.append(name)
        return function(*args, **kwargs)

    return wrapped


def test_the_log_tells_a_wrong_key_from_a_wrong_token(wechat: Sender, caplog: pytest.LogCaptureFixture) -> None:
    wechat.but(key="0" * 43).post_encrypted(SUBSCRIBE)
    wechat.but(token="guessed").post_encrypted(SUBSCRIBE)

    lines = [record.getMessage() for record in caplog.records if record.name == "callbacks.views"]
    assert [line.rsplit(" ", 1)[1] for line in lines] == ["undecryptable", "wrong_signature"]


def test_a_message_without_its_signature_is_refused(wechat: Sender) -> None:
    assert wechat.post_encrypted(SUBSCRIBE, msg_signature=None).content == b"missing_parameter"


def test_the_signature_of_the_query_is_not_asked_for(wechat: Sender) -> None:
    assert wechat.post_encrypted(SUBSCRIBE, signature=None).content == b"success"


def test_a_plain_push_is_refused(wechat: Sender) -> None:
    assert wechat.post(SUBSCRIBE, msg_signature="0" * 40).content == b"unreadable"


@pytest.mark.parametrize("body", [b"hello", b"<xml/>", b"<xml>", b"{}", b"[1]", b"\xff"])
def test_what_decrypts_to_no_push_is_refused(wechat: Sender, body: bytes) -> None:
    assert (wechat.post_encrypted(body).status_code, Callback.objects.count()) == (400, 0)
