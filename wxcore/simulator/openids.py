"""Openids by arithmetic: a million of them need no memory, and come out the same after a restart.

An openid is the base64 of 21 bytes, which is exactly 28 characters: 5 bytes that are the account's, the first of which
starts with the six bits of `o`, and one AES block that holds the follower's number. A stranger's openid does not
decrypt to a number.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

LENGTH = 28
RECORD = 21
BLOCK = 16
O_BITS = 0b101000_00  # "o" is number 40 of the base64 alphabet


class OpenidSpace:
    """The openids of one account: number -> openid, and back."""

    def __init__(self, appid: str) -> None:
        seed = hashlib.sha256(f"openid {appid}".encode()).digest()
        self._prefix = bytes([O_BITS | seed[0] & 3]) + seed[1:5]
        self._cipher = Cipher(algorithms.AES(seed[16:32]), modes.ECB())  # noqa: S305 - a permutation, not a secret

    def encode(self, numbers: Iterable[int]) -> list[str]:
        """This will be the openids of `numbers`, in order."""
        return self.text(self.blocks(numbers))

    def text(self, blocks: bytes) -> list[str]:
        """This will be the openids of encrypted blocks."""
        pieces = [blocks[at : at + BLOCK] for at in range(0, len(blocks), BLOCK)]
        joined = base64.urlsafe_b64encode(self._prefix + self._prefix.join(pieces)).decode() if pieces else ""
        return [joined[at : at + LENGTH] for at in range(0, len(joined), LENGTH)]

    def blocks(self, numbers: Iterable[int]) -> bytes:
        """This will be 16 bytes for each number that look random: also a source of everything else about a follower."""
        return self._cipher.encryptor().update(b"".join([number.to_bytes(BLOCK, "big") for number in numbers]))

    def decode(self, openids: list[str]) -> list[int | None]:
        """This will be the number of each openid, None for one that is not of this account."""
        records = [_record(openid) for openid in openids]
        mine = [record is not None and record.startswith(self._prefix) for record in records]
        blocks = b"".join([record[5:] for record, own in zip(records, mine, strict=True) if own and record])
        plain = self._cipher.decryptor().update(blocks)
        numbers = iter([int.from_bytes(plain[at : at + BLOCK], "big") for at in range(0, len(plain), BLOCK)])
        return [_small(next(numbers)) if own else None for own in mine]


def _record(openid: str) -> bytes | None:
    if not isinstance(openid, str) or len(openid) != LENGTH or not openid.isascii():
        return None
    try:
        record = base64.b64decode(openid, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return record if len(record) == RECORD else None


def _small(number: int) -> int | None:
    return number if number < 2**40 else None
