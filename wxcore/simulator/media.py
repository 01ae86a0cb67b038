"""The media of one account: temporary ones (临时素材), which die after three days, and the library (永久素材).

https://developers.weixin.qq.com/doc/service/api/base/media/
"""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from wxcore.simulator.errors import WeChatError
from wxcore.simulator.files import File

if TYPE_CHECKING:
    from wxcore.simulator.articles import Article

LIFETIME = 72 * 3600
KINDS = ("image", "voice", "video", "thumb")
LIBRARY_LIMITS = {
    "current": {"image": 100_000, "voice": 1000, "video": 1000},
    "old": {"image": 5000, "voice": 1000, "video": 1000},
}
COUNTED_AS = {"thumb": "image", "news": "image"}  # what shares the limit of the pictures
SWEPT_AT = 5000


@dataclass
class Item:
    """Something with a media_id. `kind` is one of KINDS, or `news` (articles), or `mpvideo` (made by uploadvideo)."""

    media_id: str
    kind: str
    created: float
    permanent: bool
    name: str = ""
    file: File | None = None
    title: str = ""
    introduction: str = ""
    articles: list[Article] = field(default_factory=list)

    def alive(self, now: float) -> bool:
        """Whether WeChat still knows it."""
        return not (self.file and self.file.gone) and (self.permanent or now - self.created < LIFETIME)


class Shelf:
    """The media of one account, oldest first. Whoever reads or changes it holds the account's lock."""

    def __init__(self) -> None:
        self.limits = LIBRARY_LIMITS["current"]
        self.besides: dict[str, int] = {}  # by kind: material that is counted and does not exist
        self._items: dict[str, Item] = {}
        self._held: Counter[str] = Counter()

    def add(self, item: Item) -> Item:
        """This will take an item in. Raises 45034 when the library has no room for it."""
        if item.permanent:
            shared = COUNTED_AS.get(item.kind, item.kind)
            besides = sum(held for kind, held in self.besides.items() if COUNTED_AS.get(kind, kind) == shared)
            if self._held[shared] + besides >= self.limits[shared]:
                raise WeChatError(45034)
            self._held[shared] += 1
        elif len(self._items) > SWEPT_AT:
            self._items = {key: kept for key, kept in self._items.items() if kept.alive(item.created)}
        self._items[item.media_id] = item
        return item

    def find(self, media_id: str, now: float, *kinds: str, permanent: bool | None = None) -> Item:
        """This will be the item of one of these kinds. Raises 40007 when it is unknown, expired or of another kind."""
        item = self._items.get(media_id)
        if item is None or not item.alive(now) or (kinds and item.kind not in kinds):
            raise WeChatError(40007)
        if permanent is not None and item.permanent != permanent:
            raise WeChatError(40007)
        return item

    @property
    def count(self) -> int:
        """How many it has seen, for samples that differ."""
        return len(self._items)

    def forget(self, media_id: str) -> bool:
        """This will no longer know an id; whether it was known."""
        item = self._items.pop(media_id, None)
        if item and item.permanent:
            self._held[COUNTED_AS.get(item.kind, item.kind)] -= 1
        return item is not None

    def library(self, *kinds: str) -> list[Item]:
        """This will be the permanent items of these kinds, newest first."""
        return [item for item in reversed(self._items.values()) if item.permanent and item.kind in kinds]

    def all(self, now: float) -> list[Item]:
        """This will be everything that WeChat knows, oldest first."""
        return [item for item in self._items.values() if item.alive(now)]


def new_media_id(*, permanent: bool, length: int = 0) -> str:
    """This will be a media_id as WeChat makes them: 64 characters for temporary media, 43 for permanent ones."""
    if length:
        return secrets.token_urlsafe(length)[:length]
    return secrets.token_urlsafe(32 if permanent else 48)
