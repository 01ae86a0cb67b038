"""Signatures and message encryption of WeChat's pushes (消息加解密). Pure functions.

https://developers.weixin.qq.com/doc/service/guide/dev/push/encryption.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # WeChat pads to 32 bytes although AES blocks are 16: a library's own PKCS#7 helper is wrong here
AES_BLOCK = 16


class DecryptError(ValueError):
    """The body does not decrypt to a message of this account. It says no more, so that an attacker learns nothing."""


def signature(*parts: str) -> str:
    """This will be the lower-case hex SHA-1 of the parts, sorted as bytes and joined.

    For a URL check or a plaintext push the parts are token, timestamp, nonce; for `msg_signature` also the ciphertext.
    """
    joined = b"".join(sorted(part.encode() for part in parts))
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def signature_matches(given: str, *parts: str) -> bool:
    """This will compare in constant time; `given` may be any text that a stranger sent."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), signature(*parts).encode())


def decode_aes_key(encoding_aes_key: str) -> bytes:
    """This will be the 32 bytes of an EncodingAESKey of 43 characters.

    The last character carries two spare bits, which strict decoders refuse: we decode leniently. Raises ValueError.
    """
    if len(encoding_aes_key) != 43 or not encoding_aes_key.isalnum() or not encoding_aes_key.isascii():
        raise ValueError("an EncodingAESKey has exactly 43 characters out of a-z, A-Z and 0-9")
    return base64.b64decode(encoding_aes_key + "=")


def encrypt(message: bytes, *, key: bytes, appid: str, random16: bytes | None = None) -> str:
    """This will be the base64 of the encrypted frame: 16 random bytes, the length, the message, the appid."""
    frame = (random16 or os.urandom(16)) + len(message).to_bytes(4, "big") + message + appid.encode()
    pad = BLOCK - len(frame) % BLOCK
    encryptor = _cipher(key).encryptor()
    return base64.b64encode(encryptor.update(frame + bytes([pad]) * pad) + encryptor.finalize()).decode()


def decrypt(ciphertext: str, *, key: bytes, appid: str) -> bytes:
    """This will be the message inside `ciphertext`. Raises DecryptError, also when it was made for another appid.

    Whatever is wrong with it, the same work is done before it is refused: who measures the time learns nothing.
    """
    data = _decoded(ciphertext)
    decryptor = _cipher(key).decryptor()
    frame = decryptor.update(data or b"\0" * 4 * AES_BLOCK) + decryptor.finalize()
    pad = frame[-1]
    end = len(frame) - pad
    length = int.from_bytes(frame[16:20], "big")
    owner = appid.encode()
    belongs = hmac.compare_digest(frame[max(0, end - len(owner)) : end].rjust(len(owner)), owner)
    fits = 1 <= pad <= BLOCK and 20 + length + len(owner) == end
    if not (data and belongs and fits):
        raise DecryptError("not decryptable")
    return frame[20 : 20 + length]


def _decoded(ciphertext: str) -> bytes:
    """The whole AES blocks of a base64, empty when it is none."""
    try:
        data = base64.b64decode(ciphertext, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return b"" if len(data) % AES_BLOCK else data


def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))
