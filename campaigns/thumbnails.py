"""Small JPEGs of pictures: for our own pages, and as WeChat's thumbnails."""

from __future__ import annotations

import io
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageOps

from campaigns.mediafiles import BROKEN, BrokenFile
from campaigns.models import MediaAsset, MediaKind

SIDE = 400
QUALITY = 82
SUFFIX = ".thumb.jpg"
# What WeChat takes as a thumbnail (type=thumb).
WECHAT_BYTES = 64 * 1024
WECHAT_SIDES = (640, 400, 240)


def path_of(asset: MediaAsset) -> str:
    """This will be where the thumbnail is kept: beside the file, so that both go together."""
    return f"{asset.file.name}{SUFFIX}"


def has_thumbnail(asset: MediaAsset) -> bool:
    return bool(asset.file) and asset.kind in (MediaKind.IMAGE, MediaKind.THUMB)


def thumbnail(asset: MediaAsset) -> IO[bytes]:
    """This will be the picture's thumbnail, made when somebody asks for it first.

    Raises FileNotFoundError if the picture's file is gone, BrokenFile if it cannot be read.
    """
    path = path_of(asset)
    if not default_storage.exists(path):
        with asset.file.open("rb") as file:
            content = shrink(file, side=SIDE, quality=QUALITY)
        # Two who ask at once both write; the loser's copy has another name and goes with the next sweep.
        path = default_storage.save(path, ContentFile(content))
    return default_storage.open(path, "rb")


def for_wechat(file: IO[bytes]) -> bytes:
    """This will be the picture as a JPEG of at most 64 KB. Raises BrokenFile."""
    for side in WECHAT_SIDES:
        file.seek(0)
        content = shrink(file, side=side, quality=75)
        if len(content) <= WECHAT_BYTES:
            break
    return content


def shrink(file: IO[bytes], *, side: int, quality: int) -> bytes:
    """This will be the picture as a JPEG of at most `side` pixels a side, upright, on white, without its metadata.

    Raises BrokenFile.
    """
    out = io.BytesIO()
    try:
        with Image.open(file, formats=("JPEG", "PNG", "GIF", "BMP")) as image:
            image.draft("RGB", (side, side))  # a JPEG is decoded at a fraction of its size
            image.thumbnail((side, side))
            _on_white(ImageOps.exif_transpose(image)).save(out, "JPEG", quality=quality, optimize=True)
    except BROKEN:
        raise BrokenFile from None
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")
