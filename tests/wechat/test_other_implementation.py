"""wechatpy, written by others from the same documents, reads what we write, and we read what it writes."""

from __future__ import annotations

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st
from wechatpy import parse_message
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.utils import WeChatSigner

from tests.wechat.pushes import event, message
from wxcore.wechat import crypto, messages, replies

ALPHANUMERIC = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
KEYS = st.text(ALPHANUMERIC, min_size=43, max_size=43)
APPIDS = st.text(ALPHANUMERIC, min_size=1, max_size=40).map("wx".__add__)
TOKENS = st.text(ALPHANUMERIC, min_size=3, max_size=32)
NUMBERS = st.integers(0, 2**40).map(str)
# What XML can hold and does not change on the way.
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))


@given(KEYS, APPIDS, TEXTS)
def test_it_opens_what_we_encrypt(key: str, appid: str, text: str) -> None:
    secret = crypto.decode_aes_key(key)

    assert PrpCrypto(secret).decrypt(crypto.encrypt(text.encode(), key=secret, appid=appid), appid) == text


@given(KEYS, APPIDS, TEXTS)
def test_we_open_what_it_encrypts(key: str, appid: str, text: str) -> None:
    secret = crypto.decode_aes_key(key)

    assert crypto.decrypt(PrpCrypto(secret).encrypt(text, appid).decode(), key=secret, appid=appid) == text.encode()


@given(st.lists(TEXTS, min_size=3, max_size=4))
def test_both_sign_alike(parts: list[str]) -> None:
    signer = WeChatSigner()
    signer.add_data(*parts)

    assert crypto.signature(*parts) == signer.signature


@given(KEYS, APPIDS, TOKENS, NUMBERS, TEXTS, TEXTS)
def test_it_opens_the_envelope_of_a_reply(
    key: str, appid: str, token: str, timestamp: str, nonce: str, text: str
) -> None:
    push = messages.parse(message("<MsgId>1</MsgId>"))
    body = replies.render(replies.TextReply(text), push, now=1)
    sealed = replies.seal(
        body,
        key=crypto.decode_aes_key(key),
        token=token,
        appid=appid,
        timestamp=timestamp,
        nonce=nonce,
        is_json=False,
    )
    signature = fromstring(sealed).findtext("MsgSignature")

    assert WeChatCrypto(token, key, appid).decrypt_message(sealed, signature, timestamp, nonce) == body.decode()


@given(KEYS, APPIDS, TOKENS, NUMBERS, NUMBERS, TEXTS)
def test_we_open_its_envelope(key: str, appid: str, token: str, timestamp: str, nonce: str, text: str) -> None:
    sealed = WeChatCrypto(token, key, appid).encrypt_message(text, nonce, timestamp).encode()
    ciphertext = messages.encrypted_part(sealed)

    assert crypto.decrypt(ciphertext, key=crypto.decode_aes_key(key), appid=appid) == text.encode()
    assert crypto.signature(token, timestamp, nonce, ciphertext).encode() in sealed


@given(TEXTS, st.integers(1, 2**63 - 1))
def test_both_read_the_same_text(text: str, number: int) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = message(f"<Content>{escaped}</Content>", f"<MsgId>{number}</MsgId>")

    ours, theirs = messages.parse(body), parse_message(body)

    assert isinstance(ours, messages.TextMessage)
    assert (ours.content, ours.msg_id, ours.from_user) == (theirs.content or "", theirs.id, theirs.source)


@pytest.mark.parametrize("scene", ["qrscene_spring", ""])
def test_both_read_the_same_scene(scene: str) -> None:
    body = event("subscribe", f"<EventKey><![CDATA[{scene}]]></EventKey><Ticket>T</Ticket>")

    ours, theirs = messages.parse(body), parse_message(body)

    assert isinstance(ours, messages.Subscribe)
    assert ours.scene == getattr(theirs, "scene_id", "")
