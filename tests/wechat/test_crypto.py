"""Encryption holds for any message, and nonsense is refused without saying why."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wxcore.wechat import crypto

ENCODED_KEY = "1234567890abcdefghijklmnopqrstuvwxyzABCDEFG"
KEY = crypto.decode_aes_key(ENCODED_KEY)
APPID = "wx0123456789abcdef"


@given(st.binary(max_size=2000))
def test_what_was_encrypted_is_decrypted(message: bytes) -> None:
    ciphertext = crypto.encrypt(message, key=KEY, appid=APPID)
    assert len(base64.b64decode(ciphertext)) % crypto.BLOCK == 0
    assert crypto.decrypt(ciphertext, key=KEY, appid=APPID) == message


@given(st.one_of(st.text(), st.binary().map(lambda data: base64.b64encode(data).decode())))
def test_nonsense_is_refused(ciphertext: str) -> None:
    with pytest.raises(crypto.DecryptError):
        crypto.decrypt(ciphertext, key=KEY, appid=APPID)


@given(st.binary(min_size=1, max_size=200), st.data())
def test_a_cut_message_is_refused(message: bytes, data: st.DataObject) -> None:
    whole = base64.b64decode(crypto.encrypt(message, key=KEY, appid=APPID))
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    with pytest.raises(crypto.DecryptError):
        crypto.decrypt(base64.b64encode(cut).decode(), key=KEY, appid=APPID)


@given(st.text())
def test_a_signature_may_be_any_text_of_a_stranger(given_signature: str) -> None:
    expected = given_signature == crypto.signature("token", "1", "2")
    assert crypto.signature_matches(given_signature, "token", "1", "2") is expected


@pytest.mark.parametrize("key", ["", "short", "a" * 42, "a" * 44, "a" * 42 + "=", "密" * 43])
def test_a_key_of_another_shape_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="43 characters"):
        crypto.decode_aes_key(key)


def test_a_key_whose_spare_bits_are_set_is_accepted() -> None:
    assert crypto.decode_aes_key("a" * 42 + "B") != b""
    assert len(crypto.decode_aes_key("a" * 42 + "B")) == 32
