"""The smallest MP4 that every player plays: one H.264 picture of one colour, shown for some seconds.

The first macroblock carries the colour as it is (I_PCM); every other one predicts it from its neighbours and adds
nothing. ISO/IEC 14496-10 for the picture, ISO/IEC 14496-12 for the boxes.
"""

from __future__ import annotations

import re
import struct

MACROBLOCK = 16
PROFILE = bytes([66, 0xC0, 30])  # constrained baseline, level 3.0
MATRIX = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
NO_COEFFICIENT = {0: "1", 16: "000011"}  # coeff_token, by how many coefficients the neighbours have


def movie(colour: tuple[int, int, int], size: tuple[int, int], seconds: int, *, mark: bytes = b"") -> bytes:
    """This will be an MP4; `size` is in pixels, multiples of 16; `mark` is kept in a box that players skip."""
    sets, picture = _parameter_sets(size), _picture(colour, size)
    sample = struct.pack(">I", len(picture)) + picture
    start = _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2avc1mp41") + _box(b"free", mark)
    offset = len(start) + len(_moov(size, seconds, sets, len(sample), 0)) + 8
    return start + _moov(size, seconds, sets, len(sample), offset) + _box(b"mdat", sample)


def _parameter_sets(size: tuple[int, int]) -> tuple[bytes, bytes]:
    width, height = (length // MACROBLOCK for length in size)
    sequence = "".join(
        [_ue(0), _ue(0), _ue(2), _ue(1), "0", _ue(width - 1), _ue(height - 1), "1", "1", "0", "0"]
    )  # ids, picture order 2, one reference, size, frames only, no cropping, no VUI
    picture = "".join([_ue(0), _ue(0), "00", _ue(0), _ue(0), _ue(0), "000", _ue(0), _ue(0), _ue(0), "100"])
    return b"\x67" + _escape(PROFILE + _bytes(sequence)), b"\x68" + _escape(_bytes(picture))


def _picture(colour: tuple[int, int, int], size: tuple[int, int]) -> bytes:
    width, height = (length // MACROBLOCK for length in size)
    header = "".join([_ue(0), _ue(7), _ue(0), "0000", _ue(0), "00", _ue(0), _ue(1)])  # an I slice, not deblocked
    first = header + _ue(25)
    first += "0" * (-len(first) % 8)
    luma, blue, red = _yuv(colour)
    raw = bytes([luma]) * 256 + bytes([blue]) * 64 + bytes([red]) * 64
    beside_the_first = {(1, 0), (0, 1)}
    others = "".join(
        _ue(3) + _ue(0) + _ue(0) + NO_COEFFICIENT[16 if (x, y) in beside_the_first else 0]
        for y in range(height)
        for x in range(width)
        if (x, y) != (0, 0)
    )
    return b"\x65" + _escape(_bytes(first, stop=False) + raw + _bytes(others))


def _yuv(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    red, green, blue = colour
    return (
        round(16 + 0.257 * red + 0.504 * green + 0.098 * blue),
        round(128 - 0.148 * red - 0.291 * green + 0.439 * blue),
        round(128 + 0.439 * red - 0.368 * green - 0.071 * blue),
    )


def _ue(value: int) -> str:
    """This will be an unsigned Exp-Golomb code; 0 is also the signed 0."""
    digits = bin(value + 1)[2:]
    return "0" * (len(digits) - 1) + digits


def _bytes(bits: str, *, stop: bool = True) -> bytes:
    if stop:
        bits += "1"
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _escape(payload: bytes) -> bytes:
    return re.sub(rb"\0\0(?=[\0-\3])", b"\0\0\3", payload)


def _moov(size: tuple[int, int], seconds: int, sets: tuple[bytes, bytes], sample: int, offset: int) -> bytes:
    width, height = size
    duration = seconds * 1000
    movie_head = struct.pack(">4IIH10x", 0, 0, 1000, duration, 0x10000, 0x100)
    track_head = struct.pack(">5I8x4H", 0, 0, 1, 0, duration, 0, 0, 0, 0)
    entry = struct.pack(">6xH16x2H2I4xH32x2H", 1, width, height, 0x480000, 0x480000, 1, 24, 0xFFFF)
    table = _box(
        b"stbl",
        _full(b"stsd", struct.pack(">I", 1), _box(b"avc1", entry, _configuration(*sets))),
        _full(b"stts", struct.pack(">3I", 1, 1, duration)),
        _full(b"stsc", struct.pack(">4I", 1, 1, 1, 1)),
        _full(b"stsz", struct.pack(">2I", sample, 1)),
        _full(b"stco", struct.pack(">2I", 1, offset)),
    )
    data = _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1)))
    media = _box(
        b"mdia",
        _full(b"mdhd", struct.pack(">4I2H", 0, 0, 1000, duration, 0x55C4, 0)),
        _full(b"hdlr", bytes(4), b"vide", bytes(12), b"video\0"),
        _box(b"minf", _full(b"vmhd", bytes(8), flags=1), data, table),
    )
    shown = struct.pack(">2I", width << 16, height << 16)
    return _box(
        b"moov",
        _full(b"mvhd", movie_head, MATRIX, bytes(24), struct.pack(">I", 2)),
        _box(b"trak", _full(b"tkhd", track_head, MATRIX, shown, flags=3), media),
    )


def _configuration(sequence: bytes, picture: bytes) -> bytes:
    head = b"\x01" + PROFILE + b"\xff\xe1"
    one, two = (struct.pack(">H", len(part)) + part for part in (sequence, picture))
    return _box(b"avcC", head, one, b"\x01", two)


def _box(name: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I", len(content) + 8) + name + content


def _full(name: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return _box(name, struct.pack(">I", flags), *parts)
