"""Pictures made to fit into an article. What is made has no metadata of the original."""

from __future__ import annotations

from io import BytesIO

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from campaigns import limits
from campaigns.mediafiles import BROKEN, MAX_PIXELS, BrokenFile, TooManyPixels
from wxcore.errors import OperatorError

_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP")
_TAKEN = {"JPEG": limits.JPEG, "PNG": limits.PNG}
_QUALITIES = (88, 75, 60)
_WIDTH = 1440  # pixels; about twice the width of an article on a phone
_HEIGHT = 8 * _WIDTH  # long pictures are a habit of the medium
_SMALLER = 0.75


class AnimatedPicture(OperatorError):
    code = "animated_picture"
    message = _("The picture moves; as a picture inside an article it would stand still.")
    fix = _("Store it as permanent material, which keeps the movement, or use a picture that stands still.")


def fit_article_picture(content: bytes) -> tuple[bytes, str]:
    """This will be a picture that uploadimg takes (JPEG or PNG, fewer than ARTICLE_IMAGE_BYTES), and its mime type.

    One that fits already stays as it is, unless its metadata turns it or may tell where it was taken. Transparency is
    kept if that fits, else it becomes white. Raises BrokenFile, TooManyPixels, AnimatedPicture.
    """
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as picture:
            return _fitted(picture, content)
    except Image.DecompressionBombError:
        raise TooManyPixels(limit=MAX_PIXELS // 1_000_000) from None
    except BROKEN:
        raise BrokenFile from None


def _fitted(picture: Image.Image, content: bytes) -> tuple[bytes, str]:
    if picture.width * picture.height > MAX_PIXELS:
        raise TooManyPixels(limit=MAX_PIXELS // 1_000_000)
    # Telephones store a photograph together with smaller copies (MPO), which Pillow takes for frames.
    if picture.format != "MPO" and getattr(picture, "is_animated", False):
        raise AnimatedPicture
    picture.load()
    as_it_is = picture.format in _TAKEN and picture.mode != "CMYK" and not picture.getexif()
    if as_it_is and len(content) < limits.ARTICLE_IMAGE_BYTES:
        return content, _TAKEN[str(picture.format)]
    upright = _upright(picture)
    if upright.mode == "RGBA":
        for image in (upright, _within(upright, _WIDTH, _HEIGHT)):
            made = _png(image)
            if len(made) < limits.ARTICLE_IMAGE_BYTES:
                return made, limits.PNG
    return _jpeg(_on_white(upright)), limits.JPEG


def _upright(picture: Image.Image) -> Image.Image:
    """This will be the picture as RGB or RGBA, turned as its metadata says, without metadata."""
    turned = ImageOps.exif_transpose(picture)
    made = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    made.info.clear()
    return made


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white


def _within(picture: Image.Image, width: int, height: int) -> Image.Image:
    return _scaled(picture, min(1.0, width / picture.width, height / picture.height))


def _scaled(picture: Image.Image, factor: float) -> Image.Image:
    if factor == 1:
        return picture
    # A thin line must not become nothing.
    return picture.resize((max(1, round(picture.width * factor)), max(1, round(picture.height * factor))))


def _png(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def _jpeg(picture: Image.Image) -> bytes:
    """This will be the best JPEG that fits: first of less quality, then of fewer pixels."""
    picture = _within(picture, _WIDTH, _HEIGHT)
    while True:
        for quality in _QUALITIES:
            file = BytesIO()
            picture.save(file, "JPEG", quality=quality, optimize=True)
            if file.tell() < limits.ARTICLE_IMAGE_BYTES:
                return file.getvalue()
        picture = _scaled(picture, _SMALLER)
