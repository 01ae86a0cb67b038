"""What a file is, is told from its content; whatever is not whole or not what it says is refused."""

from __future__ import annotations

import io
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from campaigns import mediafiles
from campaigns.mediafiles import BrokenFile, EmptyFile, TooManyPixels, UnknownFormat, inspect
from campaigns.models import MediaKind
from tests.campaigns.media import files


def look(content: bytes) -> mediafiles.MediaFile:
    return inspect(io.BytesIO(content))


@pytest.mark.parametrize(
    ("form", "mime", "extension"),
    [
        ("JPEG", "image/jpeg", "jpg"),
        ("MPO", "image/jpeg", "jpg"),
        ("PNG", "image/png", "png"),
        ("GIF", "image/gif", "gif"),
        ("BMP", "image/bmp", "bmp"),
    ],
)
def test_pictures(form: str, mime: str, extension: str) -> None:
    found = look(files.picture(form))

    assert (found.kind, found.mime, found.extension) == (MediaKind.IMAGE, mime, extension)
    assert (found.width, found.height) == (40, 30)


@pytest.mark.parametrize(
    ("content", "mime", "extension"),
    [
        (files.mp3(3.6), "audio/mpeg", "mp3"),
        (b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + files.mp3(3.6), "audio/mpeg", "mp3"),
        (files.amr(3.6), "audio/amr", "amr"),
        (files.wav(3.6), "audio/wav", "wav"),
        (files.wma(3.6), "audio/x-ms-wma", "wma"),
    ],
    ids=["mp3", "mp3 with a title", "amr", "wav", "wma"],
)
def test_voices(content: bytes, mime: str, extension: str) -> None:
    found = look(content)

    assert (found.kind, found.mime, found.extension) == (MediaKind.VOICE, mime, extension)
    assert found.seconds == pytest.approx(3.6, abs=0.04)


def test_a_video() -> None:
    found = look(files.mp4(12, size=(640, 360)))

    assert (found.kind, found.mime, found.extension) == (MediaKind.VIDEO, "video/mp4", "mp4")
    assert (found.width, found.height, found.seconds) == (640, 360, 12.0)


def test_an_animation_is_one_picture() -> None:
    assert look(files.animation(5)).mime == "image/gif"


def test_a_duration_is_what_the_file_claims() -> None:
    assert look(files.mp3_that_claims(7200)).seconds >= 7200


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(EmptyFile):
        look(b"")


@pytest.mark.parametrize(
    ("content", "name", "fix"),
    [
        (files.SVG, "SVG", "MP4"),
        (files.HTML, "HTML", "MP4"),
        (b"Hello", "text file", "MP4"),
        ("你好".encode() * 300, "text file", "MP4"),
        (b"\x01" + os.urandom(600), "unknown format", "MP4"),
        (b"%PDF-1.7", "PDF", "MP4"),
        (b"PK\x03\x04docx", "ZIP", "MP4"),
        (files.WEBP, "WebP", "JPEG or PNG"),
        (files.HEIC, "HEIC", "JPEG or PNG"),
        (b"OggS" + bytes(100), "Ogg", "MP3"),
        (files.mp4(brand=b"M4A "), "M4A", "MP3"),
        (files.mp4(brand=b"qt  "), "QuickTime", "H.264"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.usefixtures("_english")
def test_what_wechat_does_not_know_is_named_with_the_way_out(content: bytes, name: str, fix: str) -> None:
    with pytest.raises(UnknownFormat) as raised:
        look(content)

    assert name in str(raised.value.message)
    assert fix in str(raised.value.fix)


@pytest.mark.parametrize(
    "content",
    [
        files.picture("JPEG", (300, 200))[:-400],
        files.picture("PNG", (300, 200))[:-60],
        files.animation(6)[:-30],
        files.picture("BMP")[:-30],
        files.mp3(3)[:-5],
        files.amr(3)[:-5],
        files.wav(3)[:-500],
        files.wma(3)[:-5],
        files.mp4(3)[:-50],
        files.mp4(3)[:60],
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"#!AMR\n",
        b"RIFF\x24\0\0\0WAVE",
        b"\xff\xf3",
    ],
    ids=[
        *("jpeg", "png", "gif", "bmp", "mp3", "amr", "wav", "wma", "mp4", "mp4 without its index"),
        *("jpeg's head", "png's head", "amr's head", "wav's head", "mp3's head"),
    ],
)
def test_a_file_that_ends_early_is_refused(content: bytes) -> None:
    with pytest.raises(BrokenFile):
        look(content)


def test_rubbish_behind_a_good_beginning_is_refused() -> None:
    with pytest.raises(BrokenFile):
        look(b"\xff\xd8\xff\xe0" + files.HTML)


@pytest.mark.parametrize("size", [(30_000, 30_000), (7_100, 7_100)])
def test_a_decompression_bomb_is_not_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(TooManyPixels):
        look(files.huge_png(*size))


def test_a_frame_that_is_larger_than_its_picture_is_no_way_around() -> None:
    content = bytearray(files.animation(3))
    second = content.rindex(b"\x2c", 0, content.rindex(b"\x2c"))
    content[second + 5 : second + 9] = b"\xff\xff\xff\x04"  # 65,535 by 1,279 pixels

    with pytest.raises(TooManyPixels):
        look(bytes(content))


def test_an_animation_is_not_decoded_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mediafiles, "MAX_ANIMATION_PIXELS", 40 * 30 * 4)

    assert look(files.animation(4)).mime == "image/gif"
    with pytest.raises(TooManyPixels):
        look(files.animation(5))


@pytest.mark.parametrize(("size", "words"), [(900, "0.9 KB"), (65536, "64 KB"), (1024 * 1024 * 10, "10 MB")])
def test_sizes_are_written_for_people(size: int, words: str) -> None:
    assert mediafiles.show_size(size) == words


def test_a_size_over_the_limit_never_reads_like_the_limit() -> None:
    assert mediafiles.show_size(10 * files.MB + 1, up=True) == "10.1 MB"


def test_a_video_that_is_elsewhere_is_not_looked_for(tmp_path: Path) -> None:
    other = tmp_path / "other.mp3"
    other.write_bytes(files.mp3(5))

    assert look(files.mp4_elsewhere(bytes(other))).seconds == 2.0


def test_a_video_makes_no_request() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(1)
        asked = ThreadPoolExecutor(1).submit(lambda: server.accept()[0].close())
        look(files.mp4_elsewhere(b"http://127.0.0.1:%d/x" % server.getsockname()[1]))

        with pytest.raises(TimeoutError):
            asked.result()
