"""The followers of one account: who follows, who refuses messages, who is blacklisted, who got how many this month.

There is no object for a follower. Openids are arithmetic, states are bitmaps, what never changes is read from the
random-looking block behind the openid, and what somebody changed is in small dicts.
"""

from __future__ import annotations

from typing import Any

from wxcore.simulator.bitmap import Bitmap, full, members
from wxcore.simulator.clock import day_of
from wxcore.simulator.errors import WeChatError
from wxcore.simulator.growth import Growth
from wxcore.simulator.openids import BLOCK, OpenidSpace

PAGE = 10_000
MONTHLY = 4  # mass messages that a follower of a service account gets in a calendar month
OLDEST = 1_609_459_200  # seeded followers came between 2021 and 2026
SPAN = 5 * 365 * 86_400
SCENES = ("SEARCH", "QR_CODE", "PROFILE_CARD", "PROFILE_LINK", "PROFILE_ITEM", "PAID", "WXA", "OTHERS")
# Sex and place, which WeChat has left empty since 2021-12-27: told of those whom the seed says.
PLACES = (
    *(("北京", "朝阳"), ("上海", "浦东新区"), ("广东", "广州"), ("广东", "深圳")),
    *(("浙江", "杭州"), ("四川", "成都"), ("江苏", "南京"), ("湖北", "武汉")),
)
LANGUAGES = ("zh_CN", "zh_CN", "zh_CN", "zh_CN", "zh_CN", "zh_CN", "zh_TW", "en")


class Followers:
    """Everybody who ever followed one account, numbered from 0 in the order in which they came."""

    def __init__(self, appid: str, *, count: int = 0, left: int = 0, refusing: int = 0, told: int = 0) -> None:
        self.count = count
        self.openids = OpenidSpace(appid)
        self.unionids = OpenidSpace("open platform")
        self.following = Bitmap(full(count) & ~left)
        self.refusing = Bitmap(refusing)
        self.told = Bitmap(told)
        self.blacklist = Bitmap()
        self.received = MonthlyCounter()
        self.remarks: dict[int, str] = {}
        self.followed_at: dict[int, int] = {}
        self.growth = Growth()
        self.scenes: dict[int, int | str] = {}  # of the QR codes that people came by

    def find(self, openids: list[str]) -> list[int | None]:
        """This will be the number of each openid, None for those who never followed this account."""
        return [None if n is None or n >= self.count else n for n in self.openids.decode(openids)]

    def number(self, openid: str) -> int:
        """This will be the number of somebody who follows or followed. Raises 40003."""
        number = self.find([openid])[0]
        if number is None:
            raise WeChatError(40003)
        return number

    def numbers(self, openids: list[str], *, foreign: int = 40003) -> list[int]:
        """This will be the numbers of present followers. Raises `foreign` for a stranger, 40003 for who has left."""
        found = []
        for number in self.find(openids):
            if number is None:
                raise WeChatError(foreign)
            if number not in self.following:
                raise WeChatError(40003)
            found.append(number)
        return found

    def page(self, bits: int, *, after: str, limit: int = PAGE) -> list[str]:
        """This will be up to `limit` openids of `bits` that come after the openid `after`. Raises 40003."""
        start = self.number(after) + 1 if after else 0
        return self.openids.encode(members(bits, start=start, limit=limit))

    def follow(self, number: int | None, now: float, *, scene: int | str | None = None) -> str:
        """This will let a new person follow, or one who has been here before; the openid is what they had then.

        `scene` is that of the QR code, if they came by one.
        """
        if number is None:
            number = self.count
            self.count += 1
        if number not in self.following:
            self.growth.came[day_of(now)] += 1
        self.following.add(number)
        self.followed_at[number] = int(now)
        self.scenes.pop(number, None)
        if scene is not None:
            self.scenes[number] = scene
        return self.openids.encode([number])[0]

    def unfollow(self, number: int, now: float) -> None:
        """This will let a person go; the account's remark goes with them."""
        if number in self.following:
            self.growth.went[day_of(now)] += 1
        self.following.discard(number)
        self.remarks.pop(number, None)

    def profiles(self, numbers: list[int], *, with_unionid: bool = True) -> list[dict[str, Any]]:
        """This will be what `user/info` tells about each number, without tags."""
        blocks = self.openids.blocks(numbers)
        openids = self.openids.text(blocks)
        unionids = self.unionids.text(self.unionids.blocks(numbers)) if with_unionid else None
        found = []
        for at, number in enumerate(numbers):
            profile: dict[str, Any] = {"subscribe": 1 if number in self.following else 0, "openid": openids[at]}
            if profile["subscribe"]:
                profile.update(self._details(number, blocks[at * BLOCK : (at + 1) * BLOCK]))
            if unionids:
                profile["unionid"] = unionids[at]
            found.append(profile)
        return found

    def _details(self, number: int, block: bytes) -> dict[str, Any]:
        told = self._told(block) if number in self.told else {}
        scene = self.scenes.get(number)
        seeded = OLDEST + int.from_bytes(block[:4], "big") % SPAN
        return {
            "language": LANGUAGES[block[4] & 7],
            "subscribe_time": self.followed_at.get(number, seeded),
            "remark": self.remarks.get(number, ""),
            "subscribe_scene": f"ADD_SCENE_{'QR_CODE' if number in self.scenes else SCENES[block[5] & 7]}",
            "qr_scene": scene if isinstance(scene, int) else 0,
            "qr_scene_str": scene if isinstance(scene, str) else "",
            **told,
        }

    def _told(self, block: bytes) -> dict[str, Any]:
        province, city = PLACES[block[7] & 7]
        return {"sex": 1 + (block[6] & 1), "country": "中国", "province": province, "city": city}


class MonthlyCounter:
    """How many mass messages each follower got this calendar month, 0 to 4.

    Counts are kept as three planes of bits (ones, twos, fours), so that adding 1 for a million followers is three
    operations on integers.
    """

    def __init__(self) -> None:
        self._month = (0, 0)
        self._ones = self._twos = self._fours = 0

    def exhausted(self, month: tuple[int, int]) -> int:
        """This will be the bits of those who can receive nothing more this month."""
        return self._fours if month == self._month else 0

    def add(self, bits: int, month: tuple[int, int]) -> None:
        """This will count one more message for everybody in `bits`."""
        if month != self._month:
            self._month = month
            self._ones = self._twos = self._fours = 0
        carry = self._ones & bits
        self._ones ^= bits
        self._fours |= self._twos & carry
        self._twos ^= carry

    def of(self, number: int, month: tuple[int, int]) -> int:
        """This will be the count of one follower."""
        if month != self._month:
            return 0
        return sum((plane >> number & 1) * worth for plane, worth in self._planes())

    def _planes(self) -> tuple[tuple[int, int], ...]:
        return (self._ones, 1), (self._twos, 2), (self._fours, 4)
