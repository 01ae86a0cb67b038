"""QR codes with a scene (带参数二维码) of one account.

https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/
"""

from __future__ import annotations

import hashlib
import io
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from PIL import Image, ImageDraw, ImageFont

from wxcore.simulator.errors import WeChatError

MOST_PERMANENT = 100_000
SIDE, DOT, EDGE, CAPTION = 25, 12, 30, 40  # modules a side, pixels a module, white around, room for the scene
FINDERS = ((0, 0), (SIDE - 7, 0), (0, SIDE - 7))


@dataclass
class Code:
    """One code. `scene` is a number or a text, as it was asked for; `expires` is None for a permanent one."""

    scene: int | str
    expires: float | None
    ticket: str = field(default_factory=lambda: f"gQ{secrets.token_urlsafe(64)}")
    url: str = field(default_factory=lambda: f"http://weixin.qq.com/q/{secrets.token_urlsafe(15)}")

    def alive(self, now: float) -> bool:
        """Whether a scan still leads anywhere."""
        return self.expires is None or now < self.expires

    def summary(self) -> dict[str, Any]:
        """This will be its line in the control plane."""
        return vars(self) | {"path": f"/cgi-bin/showqrcode?ticket={quote(self.ticket)}"}


class Codes:
    """All codes of one account, oldest first. Whoever reads or changes it holds the account's lock."""

    def __init__(self) -> None:
        self._codes: dict[str, Code] = {}

    def add(self, code: Code) -> Code:
        """This will keep a code. Raises 45029 for a permanent one too many."""
        if code.expires is None and sum(one.expires is None for one in self._codes.values()) >= MOST_PERMANENT:
            raise WeChatError(45029)
        self._codes[code.ticket] = code
        return code

    def get(self, ticket: str) -> Code | None:
        """This will be the code with this ticket."""
        return self._codes.get(ticket)

    def of(self, scene: int | str, now: float) -> Code | None:
        """This will be the newest living code of a scene; a number and its text are one scene to a phone."""
        found = (code for code in reversed(self._codes.values()) if str(code.scene) == str(scene) and code.alive(now))
        return next(found, None)

    def all(self) -> list[Code]:
        """This will be every code."""
        return list(self._codes.values())


def picture(code: Code) -> bytes:
    """This will be a JPEG that looks like a QR code and names its scene; no camera reads it."""
    width = SIDE * DOT + 2 * EDGE
    image = Image.new("RGB", (width, width + CAPTION), "white")
    draw = ImageDraw.Draw(image)
    noise = int.from_bytes(hashlib.shake_256(code.ticket.encode()).digest(SIDE * SIDE // 8 + 1), "big")
    for at in range(SIDE * SIDE):
        if noise >> at & 1:
            _square(draw, at % SIDE, at // SIDE, 1, "black")
    for x, y in FINDERS:
        for inset, shade in enumerate(("white", "black", "white", "black", "black"), -1):
            _square(draw, x + inset, y + inset, 7 - 2 * inset, shade)
    words = str(code.scene).encode("ascii", "replace").decode()[:40]
    draw.text((width / 2, width), words, fill="black", font=ImageFont.load_default(18), anchor="mm")
    target = io.BytesIO()
    image.save(target, "JPEG", quality=85)
    return target.getvalue()


def _square(draw: ImageDraw.ImageDraw, x: int, y: int, size: int, shade: str) -> None:
    left, top = EDGE + x * DOT, EDGE + y * DOT
    draw.rectangle((left, top, left + size * DOT - 1, top + size * DOT - 1), fill=shade)
