"""How often the API may be asked: by each token, each person, and each address of somebody unknown."""

from __future__ import annotations

import re
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from redis.exceptions import RedisError
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from wxcore import rights
from wxcore.clients import address_of

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def read(rate: str) -> tuple[int, int] | None:
    """This will be how many requests in how many seconds "600/minute" allows. Empty allows any number.

    Raises ImproperlyConfigured.
    """
    if not rate:
        return None
    found = re.fullmatch(r"([1-9]\d{0,8})/(second|minute|hour|day)", rate)
    if found is None:
        raise ImproperlyConfigured(f"A rate is like 600/minute, or empty, and not {rate!r}.")
    return int(found[1]), SECONDS[found[2]]


class Rate(BaseThrottle):
    """So many requests in each window of time. A counter in the cache: one addition, however high the rate."""

    def allow_request(self, request: Request, view: Any) -> bool:
        rate = read(settings.API_RATE)
        if rate is None:
            return True
        token = rights.token_of(request.user)
        who = f"token:{token.pk}" if token is not None else f"user:{request.user.pk}"
        limit, self._wait = rate[0], seconds_left(rate[1])
        asked = count(who, rate[1])
        view.headers |= {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - asked)),
            "X-RateLimit-Reset": str(self._wait),
        }
        return asked <= limit

    def wait(self) -> float:
        return self._wait


def slow_down(request: Request) -> None:
    """This will refuse an address from which too much comes of which nobody knows whose it is. Raises Throttled."""
    rate = read(settings.API_RATE_ANONYMOUS)
    if rate is not None and count(f"address:{address_of(request)}", rate[1]) > rate[0]:
        raise Throttled(wait=seconds_left(rate[1]))


def count(who: str, window: int) -> int:
    """This will be how often somebody has asked in this window, this time included."""
    key = f"api-rate:{who}:{window}:{int(time.time() // window)}"
    try:
        cache.add(key, 0, timeout=window + 1)
        return int(cache.incr(key))
    except (RedisError, OSError, ValueError):
        # A cache that is down, or has just forgotten the key, keeps nobody from working.
        return 0


def seconds_left(window: int) -> int:
    return window - int(time.time()) % window
