"""How often each interface may be called: by day, counted in Shanghai, and by minute.

https://developers.weixin.qq.com/doc/service/guide/dev/api/ (接口调用频次)
"""

from __future__ import annotations

from datetime import date

from wxcore.simulator.clock import Clock
from wxcore.simulator.errors import WeChatError

MASS = "/cgi-bin/message/mass"
CUSTOM = "/cgi-bin/message/custom"
DAILY = {
    "/cgi-bin/token": 2000,
    "/cgi-bin/stable_token": 500_000,
    "/cgi-bin/user/get": 500,
    "/cgi-bin/user/info": 5_000_000,
    "/cgi-bin/user/info/updateremark": 10_000,
    "/cgi-bin/menu/create": 1000,
    "/cgi-bin/menu/get": 10_000,
    "/cgi-bin/menu/delete": 1000,
    "/cgi-bin/menu/addconditional": 2000,
    "/cgi-bin/menu/delconditional": 2000,
    "/cgi-bin/menu/trymatch": 20_000,
    "/cgi-bin/groups/create": 1000,
    "/cgi-bin/groups/get": 1000,
    "/cgi-bin/groups/update": 1000,
    "/cgi-bin/groups/members/update": 100_000,
    f"{MASS}/sendall": 100,
    f"{MASS}/send": 100,
    f"{MASS}/delete": 10,
    f"{CUSTOM}/send": 500_000,
    "/cgi-bin/media/upload": 100_000,
    "/cgi-bin/media/get": 200_000,
    "/cgi-bin/media/uploadnews": 10,
    "/cgi-bin/qrcode/create": 100_000,
    "/cgi-bin/draft/add": 1000,
    "/cgi-bin/draft/get": 500,
    "/cgi-bin/draft/update": 1000,
    "/cgi-bin/draft/delete": 1000,
    "/cgi-bin/draft/count": 1000,
    "/cgi-bin/draft/batchget": 1000,
    "/cgi-bin/freepublish/submit": 100,
    "/cgi-bin/freepublish/get": 100,
    "/cgi-bin/freepublish/delete": 10,
    "/cgi-bin/freepublish/getarticle": 100,
    "/cgi-bin/freepublish/batchget": 100,
}
DAILY_OF_TEST_ACCOUNT = {
    "/cgi-bin/token": 200,
    "/cgi-bin/user/get": 100,
    "/cgi-bin/user/info": 500_000,
    "/cgi-bin/menu/create": 100,
    "/cgi-bin/menu/get": 1000,
    "/cgi-bin/menu/delete": 100,
    "/cgi-bin/groups/create": 100,
    "/cgi-bin/groups/get": 100,
    "/cgi-bin/groups/update": 100,
    "/cgi-bin/groups/members/update": 1000,
    "/cgi-bin/media/upload": 500,
    f"{CUSTOM}/send": 50_000,
    "/cgi-bin/qrcode/create": 10_000,
    "/cgi-bin/media/get": 1000,
}
DEFAULT_DAILY = 1_000_000
PER_MINUTE = {f"{MASS}/sendall": 60, f"{MASS}/send": 60, "/cgi-bin/stable_token": 10_000}
SHARED = {f"{MASS}/sendall": MASS, f"{MASS}/send": MASS}  # the minute of the two mass calls is one


class CallQuota:
    """The calls of one account, today and this minute."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._today: dict[str, int] = {}
        self._minute = 0
        self._this_minute: dict[str, int] = {}
        self.own_limits: dict[str, int] = {}

    def daily_limit(self, path: str, *, test: bool) -> int:
        """This will be how often `path` may be called in a day."""
        usual = DAILY.get(path, DEFAULT_DAILY)
        return self.own_limits.get(path, DAILY_OF_TEST_ACCOUNT.get(path, usual) if test else usual)

    def used(self, path: str, clock: Clock) -> int:
        """This will be how often `path` has been called today."""
        self._turn(clock)
        return self._today.get(path, 0)

    def count(self, path: str, clock: Clock, *, test: bool) -> None:
        """This will count one call. Raises 45009 over the day's limit, 45011 over the minute's; those do not count."""
        self._turn(clock)
        if self._today.get(path, 0) >= self.daily_limit(path, test=test):
            raise WeChatError(45009)
        bucket = SHARED.get(path, path)
        if self._this_minute.get(bucket, 0) >= PER_MINUTE.get(path, DEFAULT_DAILY):
            raise WeChatError(45011)
        self._today[path] = self._today.get(path, 0) + 1
        self._this_minute[bucket] = self._this_minute.get(bucket, 0) + 1

    def clear(self, path: str | None = None) -> None:
        """This will forget today's calls of one path, or of all."""
        for counts in (self._today, self._this_minute):
            if path is None:
                counts.clear()
            else:
                counts.pop(path, None)

    def _turn(self, clock: Clock) -> None:
        minute = int(clock.now() // 60)
        if minute == self._minute:
            return
        self._minute = minute
        self._this_minute.clear()
        if clock.day() != self._day:
            self._day = clock.day()
            self._today.clear()
