"""The tags of one account, which are also its legacy groups.

https://developers.weixin.qq.com/doc/service/guide/product/user/tag.html
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wxcore.simulator.bitmap import Bitmap
from wxcore.simulator.errors import WeChatError

STARRED = 2
SYSTEM = (0, 1, STARRED)
FIRST_OWN = 100
MAX_TAGS = 100
MAX_NAME = 30
MAX_PER_FOLLOWER = 20
MAX_DELETABLE = 100_000


@dataclass
class Tag:
    """A name and the present followers who carry it."""

    id: int
    name: str
    members: Bitmap = field(default_factory=Bitmap)

    def summary(self) -> dict[str, int | str]:
        """This will be the entry of `tags/get`."""
        return {"id": self.id, "name": self.name, "count": len(self.members)}


class Tags:
    """All tags of one account."""

    def __init__(self) -> None:
        self._tags = {STARRED: Tag(STARRED, "星标组")}
        self._next = FIRST_OWN

    def all(self) -> list[Tag]:
        """This will be every tag, by id."""
        return [self._tags[tag_id] for tag_id in sorted(self._tags)]

    def get(self, tag_id: int, *, unknown: int = 45159) -> Tag:
        """This will be the tag. Raises `unknown`, the number that the calling endpoint answers for no such tag."""
        try:
            return self._tags[tag_id]
        except KeyError:
            raise WeChatError(unknown) from None

    def create(self, name: str) -> Tag:
        """This will add a tag. Raises 45157 for an empty or used name, 45158 for a long one, 45056 for the 101st."""
        self._check_name(name)
        if len(self._tags) - 1 >= MAX_TAGS:
            raise WeChatError(45056)
        tag = self._tags[self._next] = Tag(self._next, name)
        self._next += 1
        return tag

    def rename(self, tag_id: int, name: str) -> None:
        """This will give a tag another name. Raises what `create` does, 45058 for a system tag, 45159 for no tag."""
        tag = self._own(tag_id)
        self._check_name(name, besides=tag)
        tag.name = name

    def delete(self, tag_id: int) -> None:
        """This will remove a tag from everybody. Raises 45057 when more than 100,000 carry it, 45058, 45159."""
        if len(self._own(tag_id).members) > MAX_DELETABLE:
            raise WeChatError(45057)
        del self._tags[tag_id]

    def of(self, number: int) -> list[int]:
        """This will be the ids of one follower's tags."""
        return [tag_id for tag_id, tag in self._tags.items() if number in tag.members]

    def tag(self, tag_id: int, numbers: list[int]) -> None:
        """This will tag followers, all or none. Raises 45159, 45059 when one of them has 20 other tags."""
        chosen = self.get(tag_id)
        for number in numbers:
            if number not in chosen.members and len(self.of(number)) >= MAX_PER_FOLLOWER:
                raise WeChatError(45059)
        for number in numbers:
            chosen.members.add(number)

    def untag(self, tag_id: int, numbers: list[int]) -> None:
        """This will take a tag from followers; those who do not carry it change nothing. Raises 45159."""
        chosen = self.get(tag_id)
        for number in numbers:
            chosen.members.discard(number)

    def clear(self, number: int) -> None:
        """This will take every tag from one follower."""
        for tag in self._tags.values():
            tag.members.discard(number)

    def _own(self, tag_id: int) -> Tag:
        if tag_id in SYSTEM:
            raise WeChatError(45058)
        return self.get(tag_id)

    def _check_name(self, name: str, besides: Tag | None = None) -> None:
        if len(name) > MAX_NAME:
            raise WeChatError(45158)
        if not name.strip() or any(tag.name == name and tag is not besides for tag in self._tags.values()):
            raise WeChatError(45157)
