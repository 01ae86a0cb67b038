"""Sets of followers as bits: one bit a follower, so that a million weigh 125 KB.

A bitmap answers for one follower in constant time; `int(bitmap)` gives the same bits as a Python integer, on which
union, intersection and counting run in C.
"""

from __future__ import annotations

import random
from itertools import compress, count, islice

DIGITS = bytes.maketrans(b"01", b"\0\1")


class Bitmap:
    """A growing set of small integers."""

    __slots__ = ("_bytes",)

    def __init__(self, bits: int = 0) -> None:
        self._bytes = bytearray(bits.to_bytes((bits.bit_length() + 7) // 8, "little"))

    def __contains__(self, index: int) -> bool:
        return index >> 3 < len(self._bytes) and bool(self._bytes[index >> 3] >> (index & 7) & 1)

    def __int__(self) -> int:
        return int.from_bytes(self._bytes, "little")

    def __len__(self) -> int:
        return int(self).bit_count()

    def add(self, index: int) -> None:
        """This will put `index` into the set, which grows as needed."""
        missing = (index >> 3) + 1 - len(self._bytes)
        if missing > 0:
            self._bytes.extend(bytes(missing))
        self._bytes[index >> 3] |= 1 << (index & 7)

    def discard(self, index: int) -> None:
        """This will take `index` out of the set, if it is there."""
        if index in self:
            self._bytes[index >> 3] &= ~(1 << (index & 7))


def full(size: int) -> int:
    """This will be the bits of 0, 1, ... size - 1."""
    return (1 << size) - 1


def members(bits: int, *, start: int = 0, limit: int | None = None) -> list[int]:
    """This will be the indexes in `bits` that are >= start, ascending, at most `limit` of them."""
    digits = bin(bits >> start)[:1:-1].encode().translate(DIGITS)
    return list(islice(compress(count(start), digits), limit))


def lowest(bits: int, wanted: int) -> int:
    """This will be the `wanted` lowest members of `bits`, as bits."""
    chosen = members(bits, limit=wanted)
    return bits & full(chosen[-1] + 1) if chosen else 0


def share(size: int, part: float, seed: str) -> int:
    """This will be exactly round(size * part) of the first `size` indexes, scattered, the same for the same `seed`.

    Each bit of the fraction folds in as many coin flips as there are followers, all at once, in C; what then differs
    from the exact number is small and mended one by one.
    """
    wanted = round(size * min(1.0, max(0.0, part)))
    if wanted in (0, size):
        return full(size) if wanted else 0
    coins = random.Random(seed)  # noqa: S311 - scatter, not secrecy
    bits = 0
    fraction = wanted * 65536 // size
    for place in range(16):
        flips = coins.getrandbits(size)
        bits = bits | flips if fraction >> place & 1 else bits & flips
    surplus = bits.bit_count() - wanted
    mended = Bitmap(bits)
    change = mended.discard if surplus > 0 else mended.add
    left = abs(surplus)
    while left:
        index = coins.randrange(size)
        if (index in mended) is (surplus > 0):
            change(index)
            left -= 1
    return int(mended)
