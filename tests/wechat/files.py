"""Small files that are what they say they are."""

from __future__ import annotations

import io

from PIL import Image

from wxcore.simulator import samples

AMR_FRAME = bytes([0x3C]) + bytes(31)  # 20 ms of silence


def jpeg(shade: str = "teal") -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (90, 60), shade).save(target, "JPEG")
    return target.getvalue()


def amr(seconds: int = 2) -> bytes:
    return b"#!AMR\n" + AMR_FRAME * 50 * seconds


def mp4() -> bytes:
    return samples.video(0)
