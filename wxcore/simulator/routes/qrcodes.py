"""QR codes with a scene (带参数二维码). The picture of a ticket is served by `site`.

https://developers.weixin.qq.com/doc/service/api/qrcode/qrcodes/
"""

from __future__ import annotations

from typing import Any

from wxcore.simulator.codes import Code
from wxcore.simulator.errors import WeChatError
from wxcore.simulator.routes.registry import Call, route

LONGEST = 2_592_000
SHORTEST = 60
LARGEST_ID, LARGEST_PERMANENT_ID = 2**32 - 1, 100_000
LONGEST_TEXT = 64
BY_NUMBER, BY_TEXT = ("QR_SCENE", "QR_LIMIT_SCENE"), ("QR_STR_SCENE", "QR_LIMIT_STR_SCENE")
SHAPE = {
    "expire_seconds": int,
    "action_name": str,
    "action_info": {"scene": {"scene_id": int, "scene_str": str}},
}


@route("POST", "/cgi-bin/qrcode/create", SHAPE, right="may_make_codes")
def create(call: Call) -> dict[str, Any]:
    """A code of a scene: permanent, or for at most 30 days."""
    action = call.body.get("action_name", "")
    if action not in BY_NUMBER + BY_TEXT:
        raise WeChatError(40052)
    permanent = "LIMIT" in action
    scene = call.body.get("action_info", {}).get("scene", {})
    found = _number(scene, permanent=permanent) if action in BY_NUMBER else _words(scene)
    seconds = min(LONGEST, max(1, call.body.get("expire_seconds", SHORTEST)))
    code = call.owner.codes.add(Code(found, None if permanent else call.now + seconds))
    return {"ticket": code.ticket, **({} if permanent else {"expire_seconds": seconds}), "url": code.url}


def _number(scene: dict[str, Any], *, permanent: bool) -> int:
    number: int = scene.get("scene_id", 0)
    if not 1 <= number <= (LARGEST_PERMANENT_ID if permanent else LARGEST_ID):
        raise WeChatError(40053)
    return number


def _words(scene: dict[str, Any]) -> str:
    words: str = scene.get("scene_str", "")
    if not 1 <= len(words) <= LONGEST_TEXT:
        raise WeChatError(40053)
    return words
