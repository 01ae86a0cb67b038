"""Small valid files of every format that WeChat knows, in any size."""

from __future__ import annotations

import io
import struct

from PIL import Image

from wxcore.simulator import samples

KB, MB = 1024, 1024 * 1024
MP3_FRAME = bytes([0xFF, 0xF3, 0x44, 0xC4]) + bytes(92)  # MPEG-2 layer III, 32 kbit/s, 24 kHz: 24 ms
ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")


def picture(form: str = "JPEG", size: int = 0) -> bytes:
    """This will be a picture; bytes after its end bring it to `size`."""
    target = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(target, form)
    return target.getvalue().ljust(size, b"\0")


def amr(seconds: float) -> bytes:
    """This will be an AMR of 12.2 kbit/s."""
    return b"#!AMR\n" + (bytes([0x3C]) + bytes(31)) * round(seconds * 50)


def mp3(seconds: float, size: int = 0) -> bytes:
    """This will be an MP3; an empty ID3 tag brings it to `size`."""
    frames = MP3_FRAME * round(seconds / 0.024)
    missing = size - len(frames) - 10
    if missing <= 0:
        return frames
    length = bytes(missing >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + length + bytes(missing) + frames


def wav(seconds: int) -> bytes:
    """This will be a WAV of 8,000 bytes a second."""
    data = bytes(8000 * seconds)
    head = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    body = b"WAVE" + head + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def wma(seconds: int) -> bytes:
    """This will be the header of a WMA."""
    properties = ASF[1] + bytes(48) + struct.pack("<QQQ", seconds * 10_000_000, 0, 0) + bytes(16)
    return ASF[0] + bytes(14) + properties


def mp4(size: int = 0) -> bytes:
    """This will be an MP4; a free box brings it to `size`."""
    movie = samples.video(0)
    missing = size - len(movie)
    return movie + struct.pack(">I4s", missing, b"free") + bytes(missing - 8) if missing >= 8 else movie
