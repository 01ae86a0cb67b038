"""Signatures and ciphertexts of WeChat's own examples and of recorded pushes; `vectors.json` names each origin."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wxcore.wechat import crypto, messages

VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))["vectors"]
RECEIVED = ("safe_mode_receive", "compatible_mode_receive", "encrypted_echostr")


def of(*kinds: str) -> Any:
    chosen = [vector for vector in VECTORS if vector["kind"] in kinds]
    return pytest.mark.parametrize("vector", chosen, ids=[vector["id"] for vector in chosen])


def signed_parts(vector: dict[str, Any]) -> list[str]:
    parts = [vector["token"], vector["timestamp"], vector["nonce"]]
    return parts + ([vector["ciphertext"]] if vector["ciphertext"] else [])


def decrypt(vector: dict[str, Any]) -> bytes:
    key = crypto.decode_aes_key(vector["encodingAESKey"])
    return crypto.decrypt(vector["ciphertext"], key=key, appid=vector["appid"])


@of("url_signature", "plain_post_signature", "encrypt", "safe_mode_reply", *RECEIVED)
def test_the_signature_matches(vector: dict[str, Any]) -> None:
    assert crypto.signature(*signed_parts(vector)) == vector["signature"]
    assert crypto.signature_matches(vector["signature"], *signed_parts(vector))


@of("encrypt", "safe_mode_reply", *RECEIVED)
def test_it_decrypts_to_the_plaintext(vector: dict[str, Any]) -> None:
    assert decrypt(vector) == vector["plaintext"].encode()


@of("encrypt", "safe_mode_reply", *RECEIVED)
def test_it_encrypts_to_the_ciphertext(vector: dict[str, Any]) -> None:
    key = crypto.decode_aes_key(vector["encodingAESKey"])
    random16 = vector["random16"].encode()
    message = vector["plaintext"].encode()
    assert crypto.encrypt(message, key=key, appid=vector["appid"], random16=random16) == vector["ciphertext"]


@of("compatible_mode_receive")
def test_a_recorded_push_reads_the_same_in_clear_and_decrypted(vector: dict[str, Any]) -> None:
    body = vector["body"].encode()
    assert messages.encrypted_part(body) == vector["ciphertext"]
    assert messages.dedup_key(messages.parse(body)) == messages.dedup_key(messages.parse(decrypt(vector)))
    assert crypto.signature(vector["token"], vector["timestamp"], vector["nonce"]) == vector["url_signature"]


def test_a_decrypted_finish_event_is_read() -> None:
    vector = next(vector for vector in VECTORS if vector["id"] == "own-massfinish-recv")
    push = messages.parse(decrypt(vector))
    assert isinstance(push, messages.MassSendJobFinish)
    assert push.from_user == "oSandboxAdmin000000000000001"


def negative(name: str) -> dict[str, Any]:
    return next(vector for vector in VECTORS if vector["id"] == name)


@pytest.mark.parametrize("name", ["neg-bad-signature", "neg-url-sig-on-encrypted"])
def test_a_wrong_signature_is_refused(name: str) -> None:
    vector = negative(name)
    assert not crypto.signature_matches(vector["signature"], *signed_parts(vector))


def test_a_message_for_another_appid_is_refused() -> None:
    vector = negative("neg-wrong-appid")
    assert crypto.signature_matches(vector["signature"], *signed_parts(vector))
    with pytest.raises(crypto.DecryptError):
        decrypt(vector)
