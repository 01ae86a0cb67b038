"""Small valid files, for material that was made in WeChat's console: pictures, voices and videos, each another one."""

from __future__ import annotations

import colorsys
import io
import struct

from PIL import Image, ImageDraw

SECONDS = 3
SIZE = (480, 320)


def picture(number: int) -> bytes:
    """This will be a JPEG of its own colour."""
    shade = [round(255 * part) for part in colorsys.hsv_to_rgb(number * 0.381966 % 1, 0.42, 0.86)]
    image = Image.new("RGB", SIZE, tuple(shade))
    draw = ImageDraw.Draw(image)
    draw.ellipse((150, 70, 330, 250), fill=tuple(min(255, part + 34) for part in shade))
    draw.text((232, 154), str(number), fill="white")
    target = io.BytesIO()
    image.save(target, "JPEG", quality=80, comment=str(number).encode())
    return target.getvalue()


def voice(number: int) -> bytes:
    """This will be an AMR of three seconds; the number is in its first frame."""
    frame = bytes([0x3C]) + bytes(31)
    first = bytes([0x3C]) + number.to_bytes(4, "big") + bytes(27)
    return b"#!AMR\n" + first + frame * (SECONDS * 50 - 1)


def video(number: int) -> bytes:
    """This will be an MP4 of three seconds with one still picture."""
    frame = picture(number)
    start = _box(b"ftyp", b"isom", struct.pack(">I", 512), b"isomiso2mp41")
    moov_size = len(_moov(len(frame), 0))
    return start + _moov(len(frame), len(start) + moov_size + 8) + _box(b"mdat", frame)


def _moov(size: int, offset: int) -> bytes:
    width, height = SIZE
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    duration = SECONDS * 1000
    mvhd = _full(b"mvhd", struct.pack(">4IIH10x", 0, 0, 1000, duration, 0x10000, 0x100), matrix, bytes(24),
                 struct.pack(">I", 2))  # fmt: skip
    tkhd = _full(b"tkhd", struct.pack(">5I8x4H", 0, 0, 1, 0, duration, 0, 0, 0, 0), matrix,
                 struct.pack(">2I", width << 16, height << 16), flags=3)  # fmt: skip
    mdhd = _full(b"mdhd", struct.pack(">4I2H", 0, 0, 1000, duration, 0x55C4, 0))
    hdlr = _full(b"hdlr", bytes(4), b"vide", bytes(12), b"video\0")
    entry = struct.pack(">6xH16x2H2II H32sHh", 1, width, height, 0x480000, 0x480000, 0, 1, b"", 24, -1)
    stsd = _full(b"stsd", struct.pack(">I", 1), _box(b"jpeg", entry))
    tables = (
        _full(b"stts", struct.pack(">3I", 1, 1, duration)),
        _full(b"stsc", struct.pack(">4I", 1, 1, 1, 1)),
        _full(b"stsz", struct.pack(">3I", size, 1, 0)[:8]),
        _full(b"stco", struct.pack(">2I", 1, offset)),
    )
    dinf = _box(b"dinf", _full(b"dref", struct.pack(">I", 1), _full(b"url ", flags=1)))
    vmhd = _full(b"vmhd", bytes(8), flags=1)
    minf = _box(b"minf", vmhd, dinf, _box(b"stbl", stsd, *tables))
    return _box(b"moov", mvhd, _box(b"trak", tkhd, _box(b"mdia", mdhd, hdlr, minf)))


def _box(name: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I", len(content) + 8) + name + content


def _full(name: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return _box(name, struct.pack(">I", flags), *parts)
