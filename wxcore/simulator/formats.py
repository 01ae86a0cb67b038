"""What a file is, told from its bytes: kind, format, pixels, seconds. Names and content types do not count."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

PICTURES = {"JPEG": "jpg", "PNG": "png", "GIF": "gif", "BMP": "bmp"}
MIMES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "mp3": "audio/mpeg",
    "amr": "audio/amr",
    "wav": "audio/wav",
    "wma": "audio/x-ms-wma",
    "mp4": "video/mp4",
}
AMR_FRAMES = (13, 14, 16, 18, 20, 21, 27, 32, 6)  # bytes of a frame of 20 ms, by its mode
MP3_BITRATES = {  # kilobits a second of layer III
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
MP3_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
ASF_HEADER = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
ASF_PROPERTIES = bytes.fromhex("a1dcab8c47a9cf118ee400c00c205365")


@dataclass(frozen=True)
class Facts:
    """`kind` is image, voice or video; `seconds` is 0 where a length means nothing or was not looked for."""

    kind: str
    extension: str
    width: int = 0
    height: int = 0
    seconds: float = 0.0

    @property
    def mime(self) -> str:
        """The content type that belongs to the format."""
        return MIMES[self.extension]


def tell(content: bytes) -> Facts | None:
    """This will be what a file is, None when WeChat takes no such file or it is broken."""
    if content.startswith(b"#!AMR\n"):
        return _voice("amr", _amr_seconds(content))
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return _voice("wav", _wav_seconds(content))
    if content.startswith(ASF_HEADER):
        return _voice("wma", _wma_seconds(content))
    if content[4:8] == b"ftyp":
        return Facts("video", "mp4") if _mp4_is_whole(content) else None
    if content.startswith((b"\xff\xd8", b"\x89PNG", b"GIF8", b"BM")):
        return _picture(content)
    if content.startswith(b"ID3") or content[:1] == b"\xff":
        return _voice("mp3", _mp3_seconds(content))
    return None


def _picture(content: bytes) -> Facts | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=list(PICTURES))
            image.load()
    except Exception:  # noqa: BLE001 - whatever a decoder says of a broken picture, it is broken
        return None
    return Facts("image", PICTURES[str(image.format)], *image.size)


def _voice(extension: str, seconds: float) -> Facts | None:
    return Facts("voice", extension, seconds=round(seconds, 3)) if seconds > 0 else None


def _amr_seconds(content: bytes) -> float:
    at, frames = 6, 0
    while at < len(content):
        mode = content[at] >> 3 & 15
        if mode < len(AMR_FRAMES):
            at += AMR_FRAMES[mode]
        elif mode == 15:  # silence without data
            at += 1
        else:
            return 0.0
        frames += 1
    return frames * 0.02


def _wav_seconds(content: bytes) -> float:
    at, rate = 12, 0
    while at + 8 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        if name == b"fmt ":
            rate = int.from_bytes(content[at + 16 : at + 20], "little")
        if name == b"data":
            return min(size, len(content) - at - 8) / rate if rate else 0.0
        at += 8 + size + (size & 1)
    return 0.0


def _wma_seconds(content: bytes) -> float:
    at = content.find(ASF_PROPERTIES)
    if at < 0 or len(content) < at + 88:
        return 0.0
    play, preroll = (int.from_bytes(content[at + place : at + place + 8], "little") for place in (64, 80))
    return max(0.0, play / 10_000_000 - preroll / 1000)


def _mp4_is_whole(content: bytes) -> bool:
    at, found = 0, False
    while at + 8 <= len(content):
        size, name = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        if size == 1:
            size = int.from_bytes(content[at + 8 : at + 16], "big")
        found = found or name == b"moov"
        at = len(content) if size == 0 else at + max(size, 8)
    return found and at == len(content)


def _mp3_seconds(content: bytes) -> float:
    return sum(_mp3_frames(content))


def _mp3_frames(content: bytes) -> Iterator[float]:
    at = 0
    if content.startswith(b"ID3") and len(content) >= 10:
        size = content[6] << 21 | content[7] << 14 | content[8] << 7 | content[9]
        at = 10 + size
    while at + 4 <= len(content):
        if content[at] != 0xFF or content[at + 1] & 0xE0 != 0xE0:
            return
        version, layer = content[at + 1] >> 3 & 3, content[at + 1] >> 1 & 3
        bitrate, rate = content[at + 2] >> 4, content[at + 2] >> 2 & 3
        if version == 1 or layer != 1 or bitrate in (0, 15) or rate == 3:
            return
        newest = version == 3
        hertz = MP3_RATES[version][rate]
        at += (144 if newest else 72) * MP3_BITRATES[newest][bitrate] * 1000 // hertz + (content[at + 2] >> 1 & 1)
        yield (1152 if newest else 576) / hertz
