"""Small valid files, for material that was made in WeChat's console: pictures, voices and videos, each another one."""

from __future__ import annotations

import colorsys
import io

from PIL import Image, ImageDraw, ImageFont

from wxcore.simulator.movies import movie

SECONDS = 3
SIZE = (480, 320)


def picture(number: int) -> bytes:
    """This will be a JPEG of its own colour that shows its number, counted from 1."""
    shade = _shade(number)
    image = Image.new("RGB", SIZE, shade)
    draw = ImageDraw.Draw(image)
    draw.ellipse((150, 70, 330, 250), fill=tuple(min(255, part + 34) for part in shade))
    draw.text((240, 160), str(number + 1), fill="white", font=ImageFont.load_default(80), anchor="mm")
    target = io.BytesIO()
    image.save(target, "JPEG", quality=80, comment=str(number).encode())
    return target.getvalue()


def voice(number: int) -> bytes:
    """This will be an AMR of three seconds; the number is in its first frame."""
    frame = bytes([0x3C]) + bytes(31)
    first = bytes([0x3C]) + number.to_bytes(4, "big") + bytes(27)
    return b"#!AMR\n" + first + frame * (SECONDS * 50 - 1)


def video(number: int) -> bytes:
    """This will be an MP4 of three seconds that shows one colour; the number is in a box that players skip."""
    return movie(_shade(number), SIZE, SECONDS, mark=number.to_bytes(4, "big"))


def _shade(number: int) -> tuple[int, int, int]:
    red, green, blue = (round(255 * part) for part in colorsys.hsv_to_rgb(number * 0.381966 % 1, 0.42, 0.86))
    return red, green, blue
