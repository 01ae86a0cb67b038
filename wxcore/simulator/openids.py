"""Openids by arithmetic: a million of them need no memory, and come out the same after a restart.

An openid is the base64 of 21 bytes, which is exactly 28 characters: 5 bytes that are the account's, the first of which
starts with the six bits of `o`, and one AES block that holds the follower's number. A stranger's openid does not
decrypt to a number.
"""

from __future__ import annotations

import base64
import hashlib
import struct
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
        # Column by column: ten thousand openids are 21 strided copies, and no loop over openids.
        amount = len(blocks) // BLOCK
        records = bytearray(RECORD * amount)
        for column, byte in enumerate(self._prefix):
            records[column::RECORD] = bytes([byte]) * amount
        for column in range(BLOCK):
            records[len(self._prefix) + column :: RECORD] = blocks[column::BLOCK]
        joined = base64.urlsafe_b64encode(records).decode()
        return [joined[at : at + LENGTH] for at in range(0, len(joined), LENGTH)]

    def blocks(self, numbers: Iterable[int]) -> bytes:
        """This will be 16 bytes for each number that look random: also a source of everything else about a follower."""
        listed = list(numbers)
        packed = struct.pack(f"<{len(listed)}Q", *listed)
        plain = bytearray(BLOCK * len(listed))
        for column in range(8):
            plain[column::BLOCK] = packed[column::8]
        return self._cipher.encryptor().update(plain)

    def decode(self, openids: list[str]) -> list[int | None]:
        """This will be the number of each openid, None for one that is not of this account."""
        records = _records(openids)
        blocks = b"".join([record[len(self._prefix) :] for record in records])
        halves = struct.unpack(f"<{2 * len(records)}Q", self._cipher.decryptor().update(blocks))
        return [
            low if high == 0 and record.startswith(self._prefix) else None
            for record, low, high in zip(records, halves[::2], halves[1::2], strict=True)
        ]


def _records(openids: list[str]) -> list[bytes]:
    """This will be 21 bytes for each openid, zeros for what is none."""
    if all(len(openid) == LENGTH for openid in openids):
        try:
            joined = base64.b64decode("".join(openids), altchars=b"-_", validate=True)
        except ValueError:
            joined = b""
        if len(joined) == RECORD * len(openids):
            return [joined[at : at + RECORD] for at in range(0, len(joined), RECORD)]
    if len(openids) == 1:
        return [bytes(RECORD)]
    return [record for openid in openids for record in _records([openid])]
