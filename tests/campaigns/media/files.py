"""Small media files, made here: pictures by Pillow, sound and video byte by byte."""

from __future__ import annotations

import io
import struct
import uuid
import wave
import zlib

from PIL import Image

MB = 1024 * 1024


def picture(form: str = "JPEG", size: tuple[int, int] = (40, 30), colour: str = "red", pad_to: int = 0) -> bytes:
    """A picture; with `pad_to` so many bytes long (what follows the end of a picture is nobody's business)."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, form)
    return out.getvalue().ljust(pad_to, b"\0")


def animation(frames: int = 3, size: tuple[int, int] = (40, 30)) -> bytes:
    out = io.BytesIO()
    images = [Image.new("RGB", size, (number * 20, 0, 0)) for number in range(frames)]
    images[0].save(out, "GIF", save_all=True, append_images=images[1:])
    return out.getvalue()


def huge_png(width: int = 30_000, height: int = 30_000) -> bytes:
    """A decompression bomb: 900 million pixels in a few bytes."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = _png(b"IHDR", header) + _png(b"IDAT", zlib.compress(bytes(1000))) + _png(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _png(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def mp3(seconds: float = 2.0) -> bytes:
    """Frames of MPEG 2, layer 3: 8 kbit/s, 16 kHz, 36 bytes for 36 ms each."""
    return (bytes.fromhex("fff318c0") + bytes(32)) * int(seconds / 0.036 + 0.001)


def mp3_that_claims(seconds: float) -> bytes:
    """A short MP3 whose Xing header promises so many seconds."""
    xing = b"Xing" + struct.pack(">II", 1, round(seconds / 0.036))
    head = bytes.fromhex("fff318c0") + bytes(9) + xing
    return head.ljust(36, b"\0") + mp3(2)


def amr(seconds: float = 2.0) -> bytes:
    """Frames of 12.2 kbit/s, 32 bytes for 20 ms each."""
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * round(seconds / 0.02)


def wav(seconds: float = 2.0, rate: int = 8000) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(rate)
        sound.writeframes(b"\x80" * round(rate * seconds))
    return out.getvalue()


def wma(seconds: float = 2.0) -> bytes:
    """An ASF container with one stream of Windows Media Audio 2."""
    packet, packets = 200, max(1, round(seconds * 8))
    duration = round(seconds * 10_000_000)
    data = _asf(
        "75b22636-668e-11cf-a6d9-00aa0062ce6c", bytes(16) + struct.pack("<QH", packets, 257) + bytes(packet) * packets
    )
    properties = struct.pack(
        "<16sQQQQQQIIII", bytes(16), 0, 0, packets, duration, duration, 0, 2, packet, packet, 12_800
    )
    sound = struct.pack("<HHIIHHH", 0x161, 1, 8000, 1600, 200, 16, 10) + bytes(10)
    stream = _guid("f8699e40-5b4d-11cf-a8fd-00805f5c442b") + _guid("20fb5700-5b55-11cf-a8fd-00805f5c442b")
    stream += struct.pack("<QIIHI", 0, len(sound), 0, 1, 0) + sound
    objects = _asf("8cabdca1-a947-11cf-8ee4-00c00c205365", properties) + _asf(
        "b7dc0791-a9b7-11cf-8ee6-00c00c205365", stream
    )
    return _asf("75b22630-668e-11cf-a6d9-00aa0062ce6c", struct.pack("<IBB", 2, 1, 2) + objects) + data


def _guid(text: str) -> bytes:
    return uuid.UUID(text).bytes_le


def _asf(kind: str, content: bytes) -> bytes:
    return _guid(kind) + struct.pack("<Q", 24 + len(content)) + content


def mp4(
    seconds: float = 2.0,
    size: tuple[int, int] = (64, 48),
    brand: bytes = b"isom",
    pad_to: int = 0,
    data: bytes | None = None,
) -> bytes:
    """A container with one H.264 track; its index stands before the pictures, as players on the web want it.

    `data` is the box that says where the pictures are; without it they are in the file itself.
    """
    where = data or _box(b"url ", b"\0\0\0\1")
    frames, millis = max(1, round(seconds * 10)), round(seconds * 1000)
    head = _box(b"ftyp", brand + bytes(4) + brand + b"mp42")
    mdat_size = max(frames * 100, pad_to - len(head) - len(_movie(frames, millis, size, 0, where)) - 8)
    offset = len(head) + len(_movie(frames, millis, size, 0, where)) + 8
    return head + _movie(frames, millis, size, offset, where) + _box(b"mdat", bytes(mdat_size))


def mp4_elsewhere(path: bytes) -> bytes:
    """An MP4 whose pictures are said to be at `path`, in an alias record as QuickTime writes it."""
    name = bytes([len(path)]) + path.ljust(63, b"\0")
    head = (
        bytes(4)
        + struct.pack(">HHH", 150 + len(path), 2, 0)
        + b"\x04Disk".ljust(28, b"\0")
        + bytes(4)
        + b"H+"
        + bytes(6)
    )
    tail = bytes(36) + struct.pack(">HH", 18, len(path)) + path + b"\xff\xff\0\0"
    return mp4(data=_box(b"alis", bytes(4), head, name, tail))


def _box(kind: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I", 8 + len(content)) + kind + content


def _movie(frames: int, millis: int, size: tuple[int, int], offset: int, where: bytes) -> bytes:
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    mvhd = _box(b"mvhd", struct.pack(">5IIH10x", 0, 0, 0, 1000, millis, 0x10000, 0x100), matrix, bytes(24), b"\0\0\0\2")
    width, height = size
    tkhd = _box(
        b"tkhd",
        struct.pack(">6I8xHHHH", 3, 0, 0, 1, 0, millis, 0, 0, 0, 0),
        matrix,
        struct.pack(">II", width << 16, height << 16),
    )
    mdhd = _box(b"mdhd", struct.pack(">5IHH", 0, 0, 0, 1000, millis, 0x55C4, 0))
    hdlr = _box(b"hdlr", bytes(8), b"vide", bytes(12), b"\0")
    avcc = _box(b"avcC", bytes.fromhex("0142c00dffe1000867 42c00d8c8d40 01000468ce3c80".replace(" ", "")))
    entry = _box(
        b"avc1",
        bytes(6),
        b"\0\1",
        bytes(16),
        struct.pack(">HH", *size),
        bytes.fromhex("00480000004800000000000000 01".replace(" ", "")),
        bytes(32),
        b"\0\x18\xff\xff",
        avcc,
    )
    stbl = _box(
        b"stbl",
        _box(b"stsd", struct.pack(">II", 0, 1), entry),
        _box(b"stts", struct.pack(">IIII", 0, 1, frames, 100)),
        _box(b"stsc", struct.pack(">IIIII", 0, 1, 1, frames, 1)),
        _box(b"stsz", struct.pack(">III", 0, 100, frames)),
        _box(b"stco", struct.pack(">III", 0, 1, offset)),
    )
    dinf = _box(b"dinf", _box(b"dref", struct.pack(">II", 0, 1), where))
    minf = _box(b"minf", _box(b"vmhd", b"\0\0\0\1", bytes(8)), dinf, stbl)
    return _box(b"moov", mvhd, _box(b"trak", tkhd, _box(b"mdia", mdhd, hdlr, minf)))


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
WEBP = b"RIFF\x24\0\0\0WEBPVP8 " + bytes(24)
HEIC = struct.pack(">I", 24) + b"ftypheic" + bytes(4) + b"mif1heic" + bytes(100)
