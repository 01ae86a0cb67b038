"""A picture is made to fit into an article."""

from __future__ import annotations

import os
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from campaigns import limits, pictures
from campaigns.mediafiles import BrokenFile, TooManyPixels
from tests.campaigns.media import files


def made(image: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    return Image.frombytes(mode, (width, height), os.urandom(width * height * len(mode)))


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(("kind", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
def test_one_that_fits_stays_as_it_is(kind: str, mime: str) -> None:
    content = made(noise(50, 50), kind)

    assert pictures.fit_article_picture(content) == (content, mime)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "WEBP"])
def test_other_formats_are_converted(kind: str) -> None:
    content, mime = pictures.fit_article_picture(made(Image.new("RGB", (50, 40), "red"), kind))

    assert (opened(content).size, opened(content).format, mime) == ((50, 40), "JPEG", "image/jpeg")


def test_fewer_than_a_megabyte_fit_and_a_megabyte_does_not() -> None:
    fits = files.picture(pad_to=limits.ARTICLE_IMAGE_BYTES - 1)

    assert pictures.fit_article_picture(fits)[0] == fits
    assert len(pictures.fit_article_picture(fits + b"\0")[0]) < limits.ARTICLE_IMAGE_BYTES


def test_a_large_one_gets_smaller_than_a_megabyte() -> None:
    content, mime = pictures.fit_article_picture(made(noise(3000, 2000), "JPEG", quality=95))

    assert (len(content) < limits.ARTICLE_IMAGE_BYTES, mime) == (True, "image/jpeg")
    assert abs(opened(content).width / opened(content).height - 1.5) < 0.01


def test_it_is_turned_as_the_camera_was_held_and_tells_nothing_about_it() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera"

    content, _mime = pictures.fit_article_picture(made(Image.new("RGB", (50, 40)), "JPEG", exif=exif))

    assert (opened(content).size, "exif" in opened(content).info) == ((40, 50), False)


def test_transparency_stays_if_that_fits() -> None:
    content, mime = pictures.fit_article_picture(made(Image.new("RGBA", (50, 40), (255, 0, 0, 9)), "WEBP"))

    assert (opened(content).mode, mime) == ("RGBA", "image/png")


def test_else_it_becomes_white() -> None:
    picture = noise(1400, 1400, "RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 100, 100))

    content, mime = pictures.fit_article_picture(made(picture, "PNG"))

    assert (len(content) < limits.ARTICLE_IMAGE_BYTES, mime) == (True, "image/jpeg")
    assert min(opened(content).getpixel((5, 5))) > 240


def test_one_that_moves_is_told_apart() -> None:
    frames = [Image.new("RGB", (9, 9), color) for color in ("red", "blue")]
    content = made(frames[0], "GIF", save_all=True, append_images=frames[1:])

    with pytest.raises(pictures.AnimatedPicture):
        pictures.fit_article_picture(content)


@pytest.mark.parametrize("size", [(1, 1), (100_000, 3), (3, 30_000)])
def test_a_thin_line_does_not_become_nothing(size: tuple[int, int]) -> None:
    content, _mime = pictures.fit_article_picture(made(noise(*size), "BMP"))

    assert min(opened(content).size) >= 1


def test_a_photograph_with_a_smaller_copy_does_not_move() -> None:
    content = made(noise(40, 40), "MPO", save_all=True, append_images=[noise(20, 20)])

    fitted, mime = pictures.fit_article_picture(content)

    assert (opened(fitted).format, opened(fitted).size, mime) == ("JPEG", (40, 40), "image/jpeg")


def bomb() -> bytes:
    """A PNG that claims 60,000 × 60,000 pixels."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"")),
        (b"IEND", b""),
    ]
    chunks = [struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def test_bad_input_is_refused() -> None:
    whole = made(noise(300, 300), "JPEG")
    for content in (b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%!PS-Adobe", whole[: len(whole) // 2]):
        with pytest.raises(BrokenFile):
            pictures.fit_article_picture(content)
    with pytest.raises(TooManyPixels):
        pictures.fit_article_picture(bomb())
